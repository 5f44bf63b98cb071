//! RandomFunction: the function `random` of expressions.
//!
//! The runtime supplies the seed, so that a replay, or another run with the same seed, draws the same numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rhai::{Engine, EvalAltResult};

use crate::random::Random;

/// The state of the random numbers of one expression. Used by one thread; an atomic is needed only because the engine
/// requires functions that are `Send`.
#[derive(Debug, Default)]
pub(super) struct RandomFunction {
    state: AtomicU64,
}

impl RandomFunction {
    /// Restarts with this seed.
    pub(super) fn seed(&self, seed: u64) {
        self.state.store(seed, Relaxed);
    }

    /// Adds `random()`, a number from 0 up to but not including 1, and `random(low, high)`, a whole number between two
    /// inclusive bounds.
    pub(super) fn register(self: &Arc<Self>, engine: &mut Engine) {
        let (real, whole) = (self.clone(), self.clone());
        engine.register_fn("random", move || real.draw(Random::real));
        engine.register_fn("random", move |low: i64, high: i64| whole.between(low, high));
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut Random) -> T) -> T {
        let mut random = Random::with_seed(self.state.load(Relaxed));
        let drawn = draw(&mut random);
        self.state.store(random.state(), Relaxed);
        drawn
    }

    fn between(&self, low: i64, high: i64) -> Result<i64, Box<EvalAltResult>> {
        self.draw(|random| random.between(low, high)).ok_or_else(|| {
            format!("random({low}, {high}) has no number to choose; write the smaller bound first").into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_in_the_wrong_order_are_refused() {
        let random = RandomFunction::default();
        assert!(random.between(1, 6).is_ok_and(|number| (1..=6).contains(&number)));
        assert!(random.between(2, 1).is_err_and(|error| error.to_string().contains("random(2, 1)")));
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed: u64| {
            let random = RandomFunction::default();
            random.seed(seed);
            [random.draw(Random::real), random.draw(Random::real), random.draw(Random::real)]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_ne!(numbers(7)[0], numbers(7)[1]);
    }
}
