//! Reorder, Throwaway and Duplicate: a broken network, with chance that can be had again.

use std::collections::VecDeque;

use compose_runtime::dev::*;

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

/// Description of Throwaway.
pub static THROWAWAY: ComponentSpec = ComponentSpec {
    type_name: "Throwaway",
    category: Category::Network,
    summary: "A broken network: some messages are lost",
    docs: "Loses `percent` of the messages. The same `seed` loses the same ones.\n\n\
           Example: in front of RecoverOrder it shows the gaps.",
    inboxes: &[BoxSpec::new("inbox", "All messages")],
    outboxes: &[BoxSpec::new("outbox", "Those that are not lost")],
    params: &[PERCENT, SEED],
    build: build::<Throwaway>,
    ..ComponentSpec::EMPTY
};

/// Description of Duplicate.
pub static DUPLICATE: ComponentSpec = ComponentSpec {
    type_name: "Duplicate",
    category: Category::Network,
    summary: "A broken network: some messages arrive twice",
    docs: "Sends `percent` of the messages twice. The same `seed` doubles the same ones.\n\n\
           Example: in front of RecoverOrder, which drops the second ones.",
    inboxes: &[BoxSpec::new("inbox", "Messages")],
    outboxes: &[BoxSpec::new("outbox", "The same, some twice")],
    params: &[PERCENT, SEED],
    build: build::<Duplicate>,
    ..ComponentSpec::EMPTY
};

const PERCENT: ParamSpec = ParamSpec::float("percent", 0.0, 100.0, 10.0, "How many, of a hundred").unit("%").live();
const SEED: ParamSpec = ParamSpec::count("seed", 1, "Where chance begins; the same number gives the same run");

struct Reorder {
    window: usize,
    chance: Chance,
}
struct Throwaway(Chance);
struct Duplicate(Chance);

/// Chance that can be had again: Marsaglia's xorshift.
struct Chance(u64);

impl Chance {
    fn of(params: &Params) -> Self {
        // Spread the seed over all bits; zero would stay zero.
        Self((params.int("seed") as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn hits(&mut self, percent: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * 100.0 < percent
    }
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

impl Component for Throwaway {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Chance::of(params)))
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            if !self.0.hits(io.params().float("percent")) {
                io.send("outbox", message).await;
            }
        }
        Ok(())
    }
}

impl Component for Duplicate {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Chance::of(params)))
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            if self.0.hits(io.params().float("percent")) {
                io.send("outbox", message.clone()).await;
            }
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn through(spec: &'static ComponentSpec, params: &[(&str, Message)]) -> Vec<Message> {
        let mut rig = Rig::new(spec, params);
        for number in 0..1000 {
            rig.put("inbox", number);
        }
        rig.finish();
        rig.run();
        rig.take("outbox")
    }

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

    #[test]
    fn about_the_percentage_is_lost_or_doubled() {
        let kept = through(&THROWAWAY, &[("percent", 25.0.into())]).len();
        assert!((700..800).contains(&kept), "{kept}");
        let doubled = through(&DUPLICATE, &[("percent", 25.0.into())]).len();
        assert!((1200..1300).contains(&doubled), "{doubled}");
        assert_eq!(through(&THROWAWAY, &[("percent", 0.0.into())]).len(), 1000);
    }
}
