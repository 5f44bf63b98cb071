//! Reorder: simulates a network that changes the order of messages.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use crate::random::{Random, SEED, seed_in};

/// Description of Reorder.
pub static REORDER: ComponentSpec = ComponentSpec {
    type_name: "Reorder",
    category: Category::Network,
    summary: "Simulates a broken network: messages arrive out of order",
    docs: "Holds up to `window` messages and sends a random one for each that arrives. When the input ends, the \
           remaining messages leave in random order. The same `seed` gives the same order; with 0, it \
           depends on the seed of the run, so that a replay repeats it.\n\n\
           Example: between the two halves of a protocol, to test whether they tolerate reordering.\n\n\
           Differs from the original: no message stays inside for ever.",
    inboxes: &[BoxSpec::new("inbox", "Messages in order")],
    outboxes: &[BoxSpec::new("outbox", "The same messages in random order")],
    params: &[ParamSpec::int("window", 1, 100_000, 8, "Maximum number of messages held").unit("messages"), SEED],
    build: build::<Reorder>,
    ..ComponentSpec::EMPTY
};

struct Reorder {
    window: usize,
    seed: u64,
}

impl Component for Reorder {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { window: params.count("window"), seed: seed_in(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut held, mut random) = (VecDeque::new(), Random::of(&io, self.seed));
        while let Some(message) = io.recv("inbox").await {
            held.push_back(message);
            if held.len() >= self.window
                && let Some(message) = held.remove(random.below(held.len()))
            {
                io.send("outbox", message).await;
            }
        }
        while let Some(message) = held.remove(random.below(held.len())) {
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
    fn reordering_loses_nothing_and_is_reproducible() {
        let first = through(&REORDER, &[]);
        assert_eq!(first, through(&REORDER, &[]));
        assert_ne!(first, through(&REORDER, &[("seed", 2.into())]));
        let mut sorted: Vec<i64> = first.iter().filter_map(Message::as_number).map(|number| number as i64).collect();
        assert!(!sorted.is_sorted());
        sorted.sort_unstable();
        assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
    }
}
