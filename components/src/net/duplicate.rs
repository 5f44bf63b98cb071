//! Duplicate: simulates a network that duplicates messages.

use compose_runtime::dev::*;

use super::broken_network::PERCENT;
use crate::random::{Random, SEED, seed_in};

/// Description of Duplicate.
pub static DUPLICATE: ComponentSpec = ComponentSpec {
    type_name: "Duplicate",
    category: Category::Network,
    summary: "Simulates a broken network: some messages arrive twice",
    docs: "Sends `percent` of the messages twice. The same `seed` duplicates the same messages; \
           with 0, they depend on the seed of the run, so that a replay repeats them.\n\n\
           Example: before RecoverOrder, which drops the duplicates.",
    inboxes: &[BoxSpec::new("inbox", "Messages")],
    outboxes: &[BoxSpec::new("outbox", "The same messages, some twice")],
    params: &[PERCENT, SEED],
    build: build::<Duplicate>,
    ..ComponentSpec::EMPTY
};

struct Duplicate {
    seed: u64,
}

impl Component for Duplicate {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { seed: seed_in(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut random = Random::of(&io, self.seed);
        while let Some(message) = io.recv("inbox").await {
            if random.hits(io.params().float("percent")) {
                io.send("outbox", message.clone()).await;
            }
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
    fn about_the_given_percentage_is_duplicated() {
        let sent = through(&DUPLICATE, &[("percent", 25.0.into())]).len();
        assert!((1200..1300).contains(&sent), "{sent}");
        assert_eq!(through(&DUPLICATE, &[("percent", 0.0.into())]).len(), 1000);
    }
}
