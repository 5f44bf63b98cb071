//! Take: lets the first messages through, then finishes.

use compose_runtime::dev::*;

/// Description of Take.
pub static TAKE: ComponentSpec = ComponentSpec {
    type_name: "Take",
    category: Category::Flow,
    summary: "Passes on the first messages, then finishes",
    docs: "Senders are not notified. Any messages that arrive after the last one are discarded.\n\n\
           Example: CheapAndCheerfulClock into Take into ConsoleEchoer prints only the first few ticks.",
    inboxes: &[BoxSpec::new("inbox", "Messages to pass on")],
    outboxes: &[BoxSpec::new("outbox", "The first messages, in order")],
    params: &[ParamSpec::count("count", 1, "How many messages to pass on")],
    build: build::<Take>,
    ..ComponentSpec::EMPTY
};

struct Take {
    count: usize,
}

impl Component for Take {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.count("count") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for _ in 0..self.count {
            let Some(message) = io.recv("inbox").await else { break };
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use compose_runtime::testing::check;

    #[test]
    fn it_finishes_after_count_messages() {
        check(&TAKE, &[("count", 2.into())], &["a", "b", "c"], &["a", "b"]);
    }
}
