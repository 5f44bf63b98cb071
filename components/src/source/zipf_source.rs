//! ZipfSource: simulates requests for titles, where a few titles are popular and most are not.

use std::time::Duration;

use compose_runtime::dev::*;

use super::wait;
use crate::random::{Random, SEED, seed_in};

/// Description of ZipfSource.
pub static ZIPF_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "ZipfSource",
    category: Category::Sources,
    summary: "Emits the ranks of requested titles: a few often, most rarely",
    docs: "Each message is a whole number from 1, the most popular title, to `titles`. The probability of rank r is \
           proportional to 1 / r to the power of `skew`: with 0 all titles are equally popular, 1 is typical, and 2 \
           gives a few hits and a long tail. With `count` = 0, it runs indefinitely; a `rate` of 0 sends as fast as \
           messages are accepted. The same `seed` gives the same numbers; with 0, they depend on the seed of the run, so \
           that a replay repeats them.\n\n\
           Example: a ZipfSource linked to a Cache shows what share of requests a small cache can answer.\n\n\
           New: the original paper on Kamaelia bases an argument on such a curve.",
    outboxes: &[BoxSpec::new("outbox", "Ranks").kinds(&[Kind::Int])],
    params: &[
        ParamSpec::int("titles", 1, 10_000_000, 1000, "Number of titles"),
        ParamSpec::float("skew", 0.0, 10.0, 1.0, "How much more popular the first ranks are"),
        ParamSpec::count("count", 1000, "Number of requests; 0 for no limit"),
        ParamSpec::float("rate", 0.0, 1.0e6, 0.0, "Requests per second; 0 for no limit").unit("messages/s").live(),
        SEED,
    ],
    build: build::<ZipfSource>,
    ..ComponentSpec::EMPTY
};

struct ZipfSource {
    /// The entry at index r - 1 is the probability of rank r or a smaller rank.
    cumulative: Vec<f64>,
    count: usize,
    seed: u64,
}

impl Component for ZipfSource {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let (skew, mut sum) = (params.float("skew"), 0.0);
        let mut cumulative: Vec<f64> = Vec::with_capacity(params.count("titles"));
        for rank in 1..=params.count("titles") {
            sum += (rank as f64).powf(-skew);
            cumulative.push(sum);
        }
        for share in &mut cumulative {
            *share /= sum;
        }
        Ok(Self { cumulative, count: params.count("count"), seed: seed_in(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut random = Random::of(&io, self.seed);
        let (mut made, mut due) = (0, io.now());
        while (self.count == 0 || made < self.count) && !io.is_shutting_down() {
            let drawn = random.real();
            let rank = self.cumulative.partition_point(|share| *share < drawn) + 1;
            io.send("outbox", i64::try_from(rank.min(self.cumulative.len())).unwrap_or(i64::MAX)).await;
            made += 1;
            if io.params().float("rate") > 0.0 {
                due = wait(&io, due, spacing).await;
            }
        }
        Ok(())
    }
}

fn spacing(params: &Params) -> Duration {
    let rate = params.float("rate");
    if rate > 0.0 { Duration::try_from_secs_f64(rate.recip()).unwrap_or_default() } else { Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn ranks(params: &[(&str, Message)]) -> Vec<usize> {
        let mut rig = Rig::new(&ZIPF_SOURCE, params);
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        rig.take("outbox").iter().map(|rank| rank.as_number().unwrap_or(0.0) as usize).collect()
    }

    #[test]
    fn the_first_ranks_are_as_frequent_as_the_distribution_predicts() {
        let ranks = ranks(&[("titles", 100.into()), ("count", 50_000.into())]);
        let total: f64 = (1..=100).map(|rank| 1.0 / f64::from(rank)).sum();
        for rank in [1_usize, 2, 10] {
            let share = ranks.iter().filter(|other| **other == rank).count() as f64 / ranks.len() as f64;
            let expected = 1.0 / rank as f64 / total;
            assert!((share / expected - 1.0).abs() < 0.1, "rank {rank}: share is {share}, expected {expected}");
        }
        assert!(ranks.iter().all(|rank| (1..=100).contains(rank)));
    }

    #[test]
    fn the_same_seed_gives_the_same_ranks() {
        let sample = |seed: i64| ranks(&[("count", 20.into()), ("seed", seed.into()), ("rate", 10.0.into())]);
        assert_eq!(sample(3), sample(3));
        assert_ne!(sample(3), sample(4));
    }
}
