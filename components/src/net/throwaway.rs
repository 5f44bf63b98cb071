//! Throwaway: simulates a network that loses messages.

use compose_runtime::dev::*;

use super::broken_network::PERCENT;
use crate::random::{Random, SEED, seed_in};

/// Description of Throwaway.
pub static THROWAWAY: ComponentSpec = ComponentSpec {
    type_name: "Throwaway",
    category: Category::Network,
    summary: "Simulates a broken network: some messages are lost",
    docs: "Drops `percent` of the messages. The same `seed` drops the same messages; \
           with 0, they depend on the seed of the run, so that a replay repeats them.\n\n\
           Example: before RecoverOrder, to show the gaps.",
    inboxes: &[BoxSpec::new("inbox", "All messages")],
    outboxes: &[BoxSpec::new("outbox", "The messages that are not lost")],
    params: &[PERCENT, SEED],
    build: build::<Throwaway>,
    ..ComponentSpec::EMPTY
};

struct Throwaway {
    seed: u64,
}

impl Component for Throwaway {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { seed: seed_in(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut random = Random::of(&io, self.seed);
        while let Some(message) = io.recv("inbox").await {
            if !random.hits(io.params().float("percent")) {
                io.send("outbox", message).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::broken_network::through;
    use super::*;

    #[test]
    fn about_the_given_percentage_is_lost() {
        let kept = through(&THROWAWAY, &[("percent", 25.0.into())]).len();
        assert!((700..800).contains(&kept), "{kept}");
        assert_eq!(through(&THROWAWAY, &[("percent", 0.0.into())]).len(), 1000);
    }
}
