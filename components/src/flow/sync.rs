//! Sync: a barrier that emits one message for every n messages.

use compose_runtime::dev::*;

/// Description of Sync.
pub static SYNC: ComponentSpec = ComponentSpec {
    type_name: "Sync",
    category: Category::Flow,
    summary: "A barrier: emits one message for every n messages",
    docs: "Collects `n` messages, emits the last of them and starts again. A batch that is incomplete when the input \
           ends emits nothing.\n\n\
           Example: three workers report to a Sync with `n` = 3 whose outbox is linked back to all of them. No worker \
           starts the next round before all have finished the current one.",
    inboxes: &[BoxSpec::new("inbox", "Reports")],
    outboxes: &[BoxSpec::new("outbox", "The last message of each batch")],
    params: &[ParamSpec::int("n", 1, 1_000_000, 2, "Number of messages in a batch").unit("messages")],
    build: build::<Sync>,
    ..ComponentSpec::EMPTY
};

struct Sync {
    n: usize,
}

impl Component for Sync {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { n: params.count("n") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut count = 0;
        while let Some(message) = io.recv("inbox").await {
            count += 1;
            if count == self.n {
                count = 0;
                io.send("outbox", message).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn the_last_message_of_each_full_batch_is_emitted() {
        check(&SYNC, &[("n", 3.into())], &["a", "b", "c", "d", "e", "f", "g"], &["c", "f"]);
        check(&SYNC, &[("n", 1.into())], &["a", "b"], &["a", "b"]);
    }
}
