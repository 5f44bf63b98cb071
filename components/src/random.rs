//! Random: random numbers for components.
//!
//! Scheduler thread. All numbers follow from the seed of the run or from a seed in the settings, so that a replay, or
//! another run with the same seed, draws the same numbers. Not for secrets, because such numbers are predictable.

use compose_runtime::dev::*;

/// The setting `seed`. See [`Random::of`].
pub(crate) const SEED: ParamSpec =
    ParamSpec::count("seed", 0, "Seed of the random numbers; 0 for numbers that depend on the run and the component");

/// A sequence of random numbers.
#[derive(Debug)]
pub(crate) struct Random(fastrand::Rng);

impl Random {
    /// The numbers for a component. With a seed of 0 they depend on the seed of the run and on the component, otherwise
    /// on the seed only.
    pub(crate) fn of(io: &BoxIo, seed: u64) -> Self {
        Self::with_seed(if seed == 0 { io.seed() } else { seed })
    }

    /// The numbers that follow from this seed, or from the [`Self::state`] of another sequence.
    pub(crate) fn with_seed(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// The state that determines all further numbers.
    pub(crate) fn state(&self) -> u64 {
        self.0.get_seed()
    }

    /// A number from 0 up to, but not including, 1.
    pub(crate) fn real(&mut self) -> f64 {
        self.0.f64()
    }

    /// A number below `limit`; 0 if there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0.usize(..limit.max(1))
    }

    /// A number from `low` to `high`; `None` if `low` is larger.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> Option<i64> {
        (low <= high).then(|| self.0.i64(low..=high))
    }

    /// True with this probability.
    pub(crate) fn hits(&mut self, percent: f64) -> bool {
        self.real() * 100.0 < percent
    }
}

/// The value of the setting `seed`.
pub(crate) fn seed_in(params: &Params) -> u64 {
    params.int(SEED.name).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_system::System;

    /// The output of a component for 50 messages in a run with this seed.
    fn sent(type_name: &str, run_seed: u64, seed: i64) -> Vec<String> {
        let mut system = System::with_seed(run_seed);
        let params: &[(&str, Message)] = match type_name {
            "Reorder" => &[],
            "ZipfSource" => &[("count", Message::Int(50))],
            _ => &[("percent", Message::Float(50.0))],
        };
        let seed = [("seed", Message::Int(seed))];
        system.start(1, type_name, &[params, &seed].concat());
        system.printer(2, 1);
        if type_name != "ZipfSource" {
            for number in 0..50 {
                system.put(1, "inbox", number);
            }
        }
        system.run();
        system.printed_by(2)
    }

    #[test]
    fn numbers_follow_from_the_seed_of_the_run_unless_a_component_has_its_own() {
        for type_name in ["Throwaway", "Duplicate", "Reorder", "ZipfSource"] {
            assert!(!sent(type_name, 1, 0).is_empty(), "{type_name}");
            assert_eq!(sent(type_name, 1, 0), sent(type_name, 1, 0), "{type_name}");
            assert_ne!(sent(type_name, 1, 0), sent(type_name, 2, 0), "{type_name}");
            assert_eq!(sent(type_name, 1, 7), sent(type_name, 2, 7), "{type_name}");
            assert_ne!(sent(type_name, 1, 7), sent(type_name, 1, 8), "{type_name}");
        }
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut random = Random::with_seed(1);
        let dice: Vec<_> = (0..1000).filter_map(|_| random.between(1, 6)).collect();
        assert_eq!((dice.len(), dice.iter().min(), dice.iter().max()), (1000, Some(&1), Some(&6)));
        assert!((0..1000).map(|_| random.real()).all(|number| (0.0..1.0).contains(&number)));
        assert!(random.between(i64::MIN, i64::MAX).is_some());
        assert_eq!((random.between(2, 1), random.between(3, 3)), (None, Some(3)));
        assert_eq!((random.below(0), random.below(1)), (0, 0));
        assert!((0..1000).all(|_| random.hits(100.0) && !random.hits(0.0)));
    }

    #[test]
    fn a_sequence_continues_from_its_state() {
        let mut random = Random::with_seed(5);
        random.real();
        let mut copy = Random::with_seed(random.state());
        assert_eq!([random.real(), random.real()], [copy.real(), copy.real()]);
    }
}
