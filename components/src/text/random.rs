//! Random: the function `random` of expressions.
//!
//! The runtime supplies the seed, so that a run with the same seed, and a replay, draw the same numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rhai::{Engine, EvalAltResult};

/// The state of one generator. Used by one thread; an atomic is needed only because the engine requires functions that
/// are `Send`.
#[derive(Debug, Default)]
pub(super) struct Random {
    state: AtomicU64,
}

impl Random {
    /// Starts again with this seed.
    pub(super) fn seed(&self, seed: u64) {
        self.state.store(seed, Relaxed);
    }

    /// Adds `random()`, a number from 0 up to but not including 1, and `random(low, high)`, a whole number between two
    /// inclusive bounds.
    pub(super) fn register(self: &Arc<Self>, engine: &mut Engine) {
        let (real, whole) = (self.clone(), self.clone());
        engine.register_fn("random", move || real.next_real());
        engine.register_fn("random", move |low: i64, high: i64| whole.next_between(low, high));
    }

    /// The next number: splitmix64 by Sebastiano Vigna, in the public domain.
    fn next(&self) -> u64 {
        let state = self.state.load(Relaxed).wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.store(state, Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn next_real(&self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next_between(&self, low: i64, high: i64) -> Result<i64, Box<EvalAltResult>> {
        if low > high {
            return Err(format!("random({low}, {high}) has no number to choose; write the smaller bound first").into());
        }
        let count = u128::from(high.abs_diff(low)) + 1;
        let offset = (u128::from(self.next()) * count) >> 64;
        Ok((i128::from(low) + offset.cast_signed()) as i64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let random = Random::default();
        let dice: Vec<i64> = (0..1000).map(|_| random.next_between(1, 6).unwrap()).collect();
        assert_eq!((dice.iter().min(), dice.iter().max()), (Some(&1), Some(&6)));
        assert!((0..1000).map(|_| random.next_real()).all(|number| (0.0..1.0).contains(&number)));
        assert!(random.next_between(i64::MIN, i64::MAX).is_ok());
        assert!(random.next_between(2, 1).is_err());
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed: u64| {
            let random = Random::default();
            random.seed(seed);
            [random.next(), random.next(), random.next()]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
    }
}
