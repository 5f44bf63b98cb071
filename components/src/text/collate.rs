//! Collate: collects everything and emits it as one list at the end.

use compose_runtime::dev::*;

/// Description of Collate.
pub static COLLATE: ComponentSpec = ComponentSpec {
    type_name: "Collate",
    category: Category::Text,
    summary: "Collects everything and emits one list at the end",
    docs: "The list comes when all input has ended, even if it is empty. Shutdown drops what was collected. More than \
           `most` messages are a crash in words: they would fill the memory.\n\n\
           Example: DataSource into Collate into JSONEncoder writes a list of values as one JSON array.",
    inboxes: &[BoxSpec::new("inbox", "What to collect")],
    outboxes: &[BoxSpec::new("outbox", "One list of everything").kinds(&[Kind::List])],
    params: &[ParamSpec::int("most", 1, 100_000_000, 1_000_000, "Most messages to collect").unit("messages")],
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

/// Everything that arrives until the input ends, at most so many messages.
pub(super) async fn collect(io: &BoxIo, most: usize) -> Result<Vec<Message>, Fault> {
    let mut collected = Vec::new();
    while let Some(message) = io.recv("inbox").await {
        if collected.len() >= most {
            return Err(Fault::new(format!("inbox gave more than {most} messages; set most higher if they fit")));
        }
        collected.push(message);
    }
    Ok(collected)
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn everything_comes_as_one_list_at_the_end() {
        check(&COLLATE, &[], &["a", "b"], &["[\"a\", \"b\"]"]);
        check(&COLLATE, &[], &[], &["[]"]);
    }

    #[test]
    fn more_than_the_most_is_a_crash_and_shutdown_emits_nothing() {
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
