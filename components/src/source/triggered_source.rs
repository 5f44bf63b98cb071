//! TriggeredSource: emits a fixed message on every trigger.

use compose_runtime::dev::*;

/// Description of TriggeredSource.
pub static TRIGGERED_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "TriggeredSource",
    category: Category::Sources,
    summary: "Emits one fixed message for every message it receives",
    docs: "Any message is a trigger; its content is ignored.\n\n\
           Example: link a clock to a TriggeredSource with `msg` = `\"NEXT\"`, and that to a Chooser, to turn pages \
           automatically.",
    inboxes: &[BoxSpec::new("inbox", "Anything, as a trigger")],
    outboxes: &[BoxSpec::new("outbox", "The message, once per trigger")],
    params: &[ParamSpec::new("msg", ParamKind::Any, DefaultValue::Nothing, "Message to emit").live()],
    build: build::<TriggeredSource>,
    ..ComponentSpec::EMPTY
};

struct TriggeredSource;

impl Component for TriggeredSource {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {
            io.send("outbox", io.params().get("msg")).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn every_trigger_emits_the_message() {
        let msg = [("msg", "go".into())];
        check(&TRIGGERED_SOURCE, &msg, &["x", "y"], &["go", "go"]);
        check(&TRIGGERED_SOURCE, &msg, &[], &[]);
    }
}
