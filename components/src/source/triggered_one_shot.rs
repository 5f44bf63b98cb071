//! TriggeredOneShot: emits one message on the first trigger.

use compose_runtime::dev::*;

/// Description of TriggeredOneShot.
pub static TRIGGERED_ONE_SHOT: ComponentSpec = ComponentSpec {
    type_name: "TriggeredOneShot",
    category: Category::Sources,
    summary: "Emits one message when it is triggered, then finishes",
    docs: "Waits for any message, emits `msg` and finishes. If its input ends first, it finishes without \
           emitting.\n\n\
           Example: a Button linked to a TriggeredOneShot starts something exactly once.",
    inboxes: &[BoxSpec::new("inbox", "Anything, as a trigger")],
    outboxes: &[BoxSpec::new("outbox", "The message")],
    params: &[ParamSpec::new("msg", ParamKind::Any, DefaultValue::Nothing, "Message to emit").live()],
    build: build::<TriggeredOneShot>,
    ..ComponentSpec::EMPTY
};

struct TriggeredOneShot;

impl Component for TriggeredOneShot {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        if io.recv("inbox").await.is_some() {
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
    fn the_first_trigger_emits_the_message() {
        let msg = [("msg", "go".into())];
        check(&TRIGGERED_ONE_SHOT, &msg, &["x", "y"], &["go"]);
        check(&TRIGGERED_ONE_SHOT, &msg, &[], &[]);
    }
}
