//! GetValue: sends a shared value for every message it gets.

use compose_runtime::dev::*;

/// Description of GetValue.
pub static GET_VALUE: ComponentSpec = ComponentSpec {
    type_name: "GetValue",
    category: Category::Flow,
    summary: "Sends a shared value for every message it gets",
    docs: "Any message in `inbox` makes the component send the current value of this name. If no Value of this name \
           exists, the component crashes and names the value.\n\n\
           Example: a clock into GetValue `bytes` into Plot draws the traffic of a server.\n\n\
           New as a component: in the original it is a call to the co-ordinating assistant tracker.",
    inboxes: &[BoxSpec::new("inbox", "Any message; each asks for the value once")],
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

    use crate::test_system::System;

    #[test]
    fn it_sends_the_current_value() {
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
    fn a_value_that_does_not_exist_is_named_in_the_error() {
        let mut system = System::new();
        system.start(1, "GetValue", &[("name", "nowhere".into())]);
        system.lines(2, &["?"], 1);
        system.run();
        assert!(matches!(system.state(1), State::Crashed(error) if error.contains("nowhere")));
    }
}
