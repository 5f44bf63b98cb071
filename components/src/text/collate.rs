//! Collate: collects all messages and sends them as one list at the end.

use compose_runtime::dev::*;

/// Description of Collate.
pub static COLLATE: ComponentSpec = ComponentSpec {
    type_name: "Collate",
    category: Category::Text,
    summary: "Collects all messages and sends one list at the end",
    docs: "Sends the list when the input ends or *finish* arrives on `control`, even if the list is empty. On *stop*, \
           the collected messages are discarded. A list can hold 1 GiB; a larger one is an error. To limit memory use, the component crashes with an error if it receives more than `most` \
           messages.\n\n\
           Example: DataSource into Collate into JSONEncoder writes a list of values as one JSON array.",
    inboxes: &[BoxSpec::new("inbox", "Messages to collect")],
    outboxes: &[BoxSpec::new("outbox", "One list of all messages").kinds(&[Kind::List])],
    params: &[
        ParamSpec::int("most", 1, 100_000_000, 1_000_000, "Maximum number of messages to collect").unit("messages")
    ],
    build: build::<Collate>,
    ..ComponentSpec::EMPTY
};

struct Collate {
    most: usize,
}

impl Component for Collate {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { most: params.count("most") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let collected = collect(&io, self.most).await?;
        io.send("outbox", Message::list(collected)).await;
        Ok(())
    }
}

/// Collects messages until the input ends; more than `most` messages are an error.
pub(super) async fn collect(io: &BoxIo, most: usize) -> Result<Vec<Message>, Fault> {
    let mut collected = Vec::new();
    while let Some(message) = io.recv("inbox").await {
        if collected.len() >= most {
            return Err(Fault::new(format!(
                "inbox: received more than {most} messages; increase most if enough memory is available"
            )));
        }
        collected.push(message);
    }
    Ok(collected)
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check, through};

    use super::*;

    #[test]
    fn all_messages_are_sent_as_one_list_at_the_end() {
        check(&COLLATE, &[], &["a", "b"], &["[\"a\", \"b\"]"]);
        check(&COLLATE, &[], &[], &["[]"]);
    }

    #[test]
    fn a_list_that_contains_shared_content_too_often_crashes_it() {
        let shared = (0..24).fold(Message::Int(7), |inner, _| Message::list([inner.clone(), inner]));
        let mut rig = through(&COLLATE, &[], &[shared.clone(), shared]);
        let state = format!("{:?}", rig.state());
        assert!(rig.take("outbox").is_empty() && state.contains("more than 1024 MiB"), "{state}");
    }

    #[test]
    fn too_many_messages_crash_it_and_shutdown_sends_nothing() {
        let mut rig = Rig::new(&COLLATE, &[("most", 1.into())]);
        rig.put("inbox", 1);
        rig.put("inbox", 2);
        rig.run();
        assert!(matches!(rig.state(), State::Crashed(_)));
        let mut rig = Rig::new(&COLLATE, &[]);
        rig.put("inbox", 1);
        rig.shutdown();
        rig.run();
        assert_eq!(rig.take("outbox"), []);
    }
}
