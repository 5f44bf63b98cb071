//! FirstOnly: passes on the first message.

use compose_runtime::dev::*;

/// Description of FirstOnly.
pub static FIRST_ONLY: ComponentSpec = ComponentSpec {
    type_name: "FirstOnly",
    category: Category::Flow,
    summary: "Passes on the first message and discards the rest",
    docs: "It keeps receiving messages until its input ends, so that senders are not blocked.\n\n\
           Example: after a Button, it makes sure that something starts only once.",
    inboxes: &[BoxSpec::new("inbox", "Any number of messages")],
    outboxes: &[BoxSpec::new("outbox", "The first message")],
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
    fn only_the_first_message_passes() {
        check(&FIRST_ONLY, &[], &["a", "b", "a"], &["a"]);
        check(&FIRST_ONLY, &[], &[], &[]);
    }
}
