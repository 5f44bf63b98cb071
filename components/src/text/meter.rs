//! Meter: limits the steps and the time of one run of an expression.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Step limit of one run: a few milliseconds for normal expressions. Also limits how deeply a run can nest values.
const MAX_STEPS: u64 = 50_000;
/// Time limit of one run, on the wall clock. Normal expressions never reach it; it stops runs with very slow steps.
const MAX_TIME: Duration = Duration::from_secs(1);

/// Counts the steps of a run. Used by one thread; atomics are needed only because the engine requires a `Send`
/// callback.
#[derive(Debug)]
pub(super) struct Meter {
    made: Instant,
    /// Start of the current run, in nanoseconds after `made`.
    began: AtomicU64,
    steps: AtomicU64,
}

impl Default for Meter {
    fn default() -> Self {
        Self { made: Instant::now(), began: AtomicU64::new(0), steps: AtomicU64::new(0) }
    }
}

impl Meter {
    /// Starts a run.
    pub(super) fn start(&self) {
        self.began.store(self.made.elapsed().as_nanos() as u64, Relaxed);
        self.steps.store(0, Relaxed);
    }

    /// Counts a step; returns the reason if the run must stop.
    pub(super) fn step(&self) -> Option<&'static str> {
        let steps = self.steps.load(Relaxed) + 1;
        self.steps.store(steps, Relaxed);
        if steps > MAX_STEPS {
            return Some("too many steps");
        }
        let is_late = || self.made.elapsed() > Duration::from_nanos(self.began.load(Relaxed)) + MAX_TIME;
        (steps.is_multiple_of(16) && is_late()).then_some("the run takes too long")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_gets_the_full_number_of_steps() {
        let meter = Meter::default();
        for _ in 0..2 {
            meter.start();
            assert!((0..MAX_STEPS).all(|_| meter.step().is_none()));
            assert_eq!(meter.step(), Some("too many steps"));
        }
    }
}
