//! DataSource: emits a given list of messages, then finishes.

use compose_runtime::dev::*;

use super::wait;

/// Description of DataSource.
pub static DATA_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "DataSource",
    category: Category::Sources,
    summary: "Emits a list of messages, once or forever",
    docs: "Emits each message of `messages` in order and then finishes. With `repeat` it starts again from the first \
           message, forever. With an `interval` it waits that long between two messages.\n\n\
           Example: link a DataSource with `messages` = `[\"I want chicken\"]` and `repeat` to a ConsoleEchoer.\n\n\
           Differs from the original: `repeat` and `interval` are new, and the list is not consumed, so the component \
           can be started again.",
    outboxes: &[BoxSpec::new("outbox", "The messages, in order")],
    params: &[
        ParamSpec::list("messages", "Messages to emit"),
        ParamSpec::switch("repeat", false, "Start again after the last message"),
        ParamSpec::seconds("interval", 0.0, "Pause between two messages; 0 for none").live(),
    ],
    build: build::<DataSource>,
    ..ComponentSpec::EMPTY
};

struct DataSource {
    messages: Vec<Message>,
    repeat: bool,
}

impl Component for DataSource {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { messages: params.list("messages"), repeat: params.switch("repeat") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut due = None;
        loop {
            for message in &self.messages {
                if let Some(last) = due {
                    wait(&io, last, |params| params.seconds("interval")).await;
                }
                due = Some(io.now());
                io.send("outbox", message.clone()).await;
            }
            if !self.repeat || self.messages.is_empty() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn messages() -> (&'static str, Message) {
        ("messages", Message::list(["a".into(), "b".into()]))
    }

    #[test]
    fn it_emits_the_list_once_and_then_finishes() {
        let mut rig = Rig::new(&DATA_SOURCE, &[messages()]);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["a", "b"]);
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("signal"), [Message::ProducerFinished]);
    }

    #[test]
    fn an_empty_list_finishes_even_with_repeat() {
        let mut rig = Rig::new(&DATA_SOURCE, &[("repeat", true.into())]);
        rig.run();
        assert_eq!((rig.texts("outbox").len(), rig.state()), (0, State::Finished));
    }

    #[test]
    fn an_interval_separates_the_messages() {
        let mut rig = Rig::new(&DATA_SOURCE, &[messages(), ("repeat", true.into()), ("interval", 1.0.into())]);
        rig.run_for(Duration::from_millis(3500));
        assert_eq!(rig.texts("outbox"), ["a", "b", "a", "b"]);
        rig.shutdown();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
