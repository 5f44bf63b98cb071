//! Reorder: a broken network that changes the order.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use super::broken_network::{Chance, SEED};

/// Description of Reorder.
pub static REORDER: ComponentSpec = ComponentSpec {
    type_name: "Reorder",
    category: Category::Network,
    summary: "A broken network: messages change their order",
    docs: "Holds up to `window` messages and lets a random one go for each that arrives. At the end what it holds leaves \
           in random order too. The same `seed` gives the same disorder.\n\n\
           Example: between two halves of a protocol it shows whether they cope.\n\n\
           Differs from the original: nothing stays inside for ever.",
    inboxes: &[BoxSpec::new("inbox", "Messages in order")],
    outboxes: &[BoxSpec::new("outbox", "The same messages in disorder")],
    params: &[ParamSpec::int("window", 1, 100_000, 8, "Most messages held at a time").unit("messages"), SEED],
    build: build::<Reorder>,
    ..ComponentSpec::EMPTY
};

struct Reorder {
    window: usize,
    chance: Chance,
}

impl Component for Reorder {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { window: params.count("window"), chance: Chance::of(params) })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let mut held = VecDeque::new();
        while let Some(message) = io.recv("inbox").await {
            held.push_back(message);
            if held.len() >= self.window
                && let Some(message) = held.remove(self.chance.below(held.len()))
            {
                io.send("outbox", message).await;
            }
        }
        while let Some(message) = held.remove(self.chance.below(held.len())) {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::broken_network::through;
    use super::*;

    #[test]
    fn disorder_loses_nothing_and_can_be_had_again() {
        let first = through(&REORDER, &[]);
        assert_eq!(first, through(&REORDER, &[]));
        assert_ne!(first, through(&REORDER, &[("seed", 2.into())]));
        let mut sorted: Vec<i64> = first.iter().filter_map(Message::as_number).map(|number| number as i64).collect();
        assert!(!sorted.is_sorted());
        sorted.sort_unstable();
        assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
    }
}
