//! GetValue: emits a shared value for every message it gets.

use compose_runtime::dev::*;

/// Description of GetValue.
pub static GET_VALUE: ComponentSpec = ComponentSpec {
    type_name: "GetValue",
    category: Category::Flow,
    summary: "Emits a shared value whenever it is asked",
    docs: "Any message in `inbox` makes it emit the value of this name as it is then. If nobody keeps such a value, it ends \
           with words.\n\n\
           Example: a clock into GetValue `bytes` into Plot draws the traffic of a server.\n\n\
           New as a component: the original has it as a call to its co-ordinating assistant tracker.",
    inboxes: &[BoxSpec::new("inbox", "Any message, as a question")],
    outboxes: &[BoxSpec::new("outbox", "The value")],
    params: &[ParamSpec::text("name", "", "Name of the Value").required()],
    build: build::<GetValue>,
    ..ComponentSpec::EMPTY
};

struct GetValue {
    name: String,
}

impl Component for GetValue {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { name: params.text("name").trim().to_owned() })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {
            io.send("outbox", io.tracked_value(&self.name)?).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;

    use crate::system::System;

    #[test]
    fn it_gives_what_the_value_is() {
        let mut system = System::new();
        system.start(1, "Value", &[("name", "n".into()), ("initial", "kept".into())]);
        system.start(2, "GetValue", &[("name", "n".into())]);
        system.printer(3, 2);
        system.wire(2, "signal", 1, "control");
        system.lines(4, &["what is it?", "and now?"], 2);
        system.run();
        assert_eq!(system.printed(), ["c3: kept", "c3: kept"]);
    }

    #[test]
    fn a_value_that_nobody_keeps_is_named() {
        let mut system = System::new();
        system.start(1, "GetValue", &[("name", "nowhere".into())]);
        system.lines(2, &["?"], 1);
        system.run();
        assert!(matches!(system.state(1), State::Crashed(words) if words.contains("nowhere")));
    }
}
