//! OneShot: emits one message when it starts, then finishes.

use compose_runtime::dev::*;

/// Description of OneShot.
pub static ONE_SHOT: ComponentSpec = ComponentSpec {
    type_name: "OneShot",
    category: Category::Sources,
    summary: "Emits one message when it starts, then finishes",
    docs: "Emits `msg` once and finishes. The message can be anything: text, a number, a list, or nothing, which is an \
           event without content.\n\n\
           Example: a OneShot with `msg` = `\"NEXT\"`, linked to a Chooser, advances it once.",
    outboxes: &[BoxSpec::new("outbox", "The message")],
    params: &[ParamSpec::new("msg", ParamKind::Any, DefaultValue::Nothing, "Message to emit")],
    build: build::<OneShot>,
    ..ComponentSpec::EMPTY
};

struct OneShot {
    message: Message,
}

impl Component for OneShot {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { message: params.get("msg") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.send("outbox", self.message).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_emits_one_message_and_finishes() {
        let mut rig = Rig::new(&ONE_SHOT, &[("msg", "hello".into())]);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["hello"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn without_a_message_it_emits_an_event_without_content() {
        let mut rig = Rig::new(&ONE_SHOT, &[]);
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Nothing]);
    }
}
