//! FirstOnly: passes on the first message.

use compose_runtime::dev::*;

/// Description of FirstOnly.
pub static FIRST_ONLY: ComponentSpec = ComponentSpec {
    type_name: "FirstOnly",
    category: Category::Flow,
    summary: "Passes on the first message and swallows the rest",
    docs: "It goes on taking messages until its input ends, so that whoever sends to it is not held up.\n\n\
           Example: behind a Button it lets something start only once.",
    inboxes: &[BoxSpec::new("inbox", "Any number of messages")],
    outboxes: &[BoxSpec::new("outbox", "The first of them")],
    build: build::<FirstOnly>,
    ..ComponentSpec::EMPTY
};

struct FirstOnly;

impl Component for FirstOnly {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        if let Some(first) = io.recv("inbox").await {
            io.send("outbox", first).await;
        }
        while io.recv("inbox").await.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn the_first_passes_alone() {
        check(&FIRST_ONLY, &[], &["a", "b", "a"], &["a"]);
        check(&FIRST_ONLY, &[], &[], &[]);
    }
}
