//! Meter: how far one run of an expression has come, and when it has gone too far.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Most steps of one run: some milliseconds, unless it is out for trouble. Also bounds how deeply it can nest values.
const MAX_STEPS: u64 = 50_000;
/// Longest run on the wall clock. No honest expression comes near it: it is for those whose every step is a long one.
const MAX_TIME: Duration = Duration::from_secs(1);

/// Counts the steps of a run. One thread uses it; the engine only asks for a callback that could be sent to another.
#[derive(Debug)]
pub(super) struct Meter {
    made: Instant,
    /// When the present run began, in nanoseconds after the meter was made.
    began: AtomicU64,
    steps: AtomicU64,
}

impl Default for Meter {
    fn default() -> Self {
        Self { made: Instant::now(), began: AtomicU64::new(0), steps: AtomicU64::new(0) }
    }
}

impl Meter {
    /// A run begins.
    pub(super) fn start(&self) {
        self.began.store(self.made.elapsed().as_nanos() as u64, Relaxed);
        self.steps.store(0, Relaxed);
    }

    /// One more step; why the run must stop, if it must.
    pub(super) fn step(&self) -> Option<&'static str> {
        let steps = self.steps.load(Relaxed) + 1;
        self.steps.store(steps, Relaxed);
        if steps > MAX_STEPS {
            return Some("it takes too many steps");
        }
        let is_late = || self.made.elapsed() > Duration::from_nanos(self.began.load(Relaxed)) + MAX_TIME;
        (steps.is_multiple_of(16) && is_late()).then_some("it takes too long")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_has_all_the_steps() {
        let meter = Meter::default();
        for _ in 0..2 {
            meter.start();
            assert!((0..MAX_STEPS).all(|_| meter.step().is_none()));
            assert_eq!(meter.step(), Some("it takes too many steps"));
        }
    }
}
