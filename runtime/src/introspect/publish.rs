//! Publisher: decides when a snapshot is due, and measures the cost of observing.
//!
//! A snapshot is due if there is an observer (a hook, or a handle that has asked since the last snapshot), if the
//! system falls asleep or has been busy for an interval, and if at least one interval has passed since the last
//! snapshot. So a short burst of activity gives one snapshot, taken at its end, and the last snapshot shows the final
//! state. Without an observer this costs one load per pass. The scheduler builds the snapshot and passes it on, and reads
//! the wall clock for every decision.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::sign::Sign;
use super::snapshot::Snapshot;
use super::watch::Watch;

/// Decides when snapshots are published.
pub(crate) struct Publisher {
    interval: Duration,
    hook: Option<Box<dyn Fn()>>,
    last: Option<Instant>,
    /// Something has happened since the last snapshot.
    is_active: bool,
    /// The handles have been notified that the last snapshot is out of date.
    is_change_announced: bool,
    active_since: Instant,
    number: u64,
    spent: Duration,
    measured_since: Instant,
    share: f64,
    watch: Watch,
}

impl Publisher {
    pub fn new(interval: Duration, hook: Option<Box<dyn Fn()>>, now: Instant) -> Self {
        Self {
            interval,
            hook,
            last: None,
            is_active: true,
            is_change_announced: false,
            active_since: now,
            number: 0,
            spent: Duration::ZERO,
            measured_since: now,
            share: 0.0,
            watch: Watch::default(),
        }
    }

    /// Notes that something has happened at `now` that a snapshot would show.
    #[inline]
    pub fn note_activity(&mut self, now: Instant) {
        if !self.is_active {
            self.is_active = true;
            self.active_since = now;
        }
    }

    pub fn is_active(&self) -> bool {
        self.is_active
    }

    pub fn has_hook(&self) -> bool {
        self.hook.is_some()
    }

    /// True, once, if the handles must be notified that the last snapshot is out of date.
    pub fn announce_change(&mut self) -> bool {
        self.is_active && !std::mem::replace(&mut self.is_change_announced, true)
    }

    /// Time from `now` until a snapshot may be due; `None` if nothing has happened since the last one.
    pub fn timeout(&self, now: Instant) -> Option<Duration> {
        if !self.is_active {
            return None;
        }
        let left = |last| self.interval.saturating_sub(now.saturating_duration_since(last));
        Some(self.last.map_or(Duration::ZERO, left))
    }

    /// Whether a snapshot is due. `asleep`: no component is ready.
    pub fn is_due(&self, now: Instant, asleep: bool) -> bool {
        let has_passed_since = |moment| now.saturating_duration_since(moment) >= self.interval;
        self.is_active && self.last.is_none_or(has_passed_since) && (asleep || has_passed_since(self.active_since))
    }

    /// Counts a snapshot that is about to be built.
    pub fn begin(&mut self) {
        self.number += 1;
    }

    /// Adds a new snapshot to the watch for problems that show up only over time.
    pub fn watch(&mut self, snapshot: &Arc<Snapshot>) {
        self.watch.observe(snapshot);
    }

    /// Notes that the snapshot that was begun at `began` is published at `now`, and calls the hook.
    pub fn end(&mut self, began: Instant, now: Instant) {
        self.is_active = false;
        self.is_change_announced = false;
        self.last = Some(began);
        self.account(began, now);
        if let Some(hook) = &self.hook {
            hook();
        }
    }

    fn account(&mut self, began: Instant, now: Instant) {
        self.spent += now.saturating_duration_since(began);
        let window = now.saturating_duration_since(self.measured_since);
        if window > Duration::from_secs(1) {
            self.share = self.spent.as_secs_f64() / window.as_secs_f64();
            self.spent = Duration::ZERO;
            self.measured_since = now;
        }
    }

    /// Number of snapshots so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Share of the time spent on observing, over about the last second.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// The signs found in the last snapshots.
    pub fn signs(&self) -> Arc<Vec<Sign>> {
        self.watch.signs()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    const INTERVAL: Duration = Duration::from_millis(100);
    const ALMOST: Duration = Duration::from_millis(99);

    #[test]
    fn a_short_burst_gives_one_snapshot_at_its_end() {
        let began = Instant::now();
        let publisher = Publisher::new(INTERVAL, None, began);
        assert!(!publisher.is_due(began, false), "components are still ready");
        assert!(publisher.is_due(began, true));
        assert!(publisher.is_due(began + INTERVAL, false), "busy for a whole interval");
        assert_eq!(publisher.timeout(began), Some(Duration::ZERO));
    }

    #[test]
    fn a_snapshot_is_due_at_most_once_in_an_interval_and_only_after_activity() {
        let began = Instant::now();
        let mut publisher = Publisher::new(INTERVAL, None, began);
        publisher.begin();
        publisher.end(began, began);
        assert_eq!((publisher.number(), publisher.timeout(began)), (1, None));
        assert!(!publisher.is_due(began + INTERVAL * 9, true), "nothing has happened since the last snapshot");
        let again = began + INTERVAL / 4;
        publisher.note_activity(again);
        assert_eq!(publisher.timeout(again), Some(INTERVAL * 3 / 4));
        assert!(!publisher.is_due(began + ALMOST, true));
        assert!(publisher.is_due(began + INTERVAL, true));
        assert!(!publisher.is_due(again + ALMOST, false));
        assert!(publisher.is_due(again + INTERVAL, false));
        publisher.note_activity(again + INTERVAL);
        assert!(publisher.is_due(again + INTERVAL, false), "the interval begins with the first activity");
    }

    #[test]
    fn handles_are_notified_of_a_change_once_for_each_snapshot() {
        let began = Instant::now();
        let mut publisher = Publisher::new(INTERVAL, None, began);
        assert!(publisher.announce_change() && !publisher.announce_change());
        publisher.end(began, began);
        assert!(!publisher.announce_change(), "nothing has happened since the last snapshot");
        publisher.note_activity(began);
        assert!(publisher.announce_change());
    }

    #[test]
    fn the_cost_is_the_share_of_the_time_that_snapshots_took() {
        let began = Instant::now();
        let count = Rc::new(Cell::new(0));
        let counted = count.clone();
        let hook = Box::new(move || counted.set(counted.get() + 1));
        let mut publisher = Publisher::new(INTERVAL, Some(hook), began);
        for second in 1..=4 {
            let start = began + Duration::from_millis(second * 750 - 100);
            publisher.end(start, start + Duration::from_millis(100));
        }
        // Two snapshots of 100 ms in each 1.5 s.
        assert!((publisher.share() - 0.2 / 1.5).abs() < 1.0e-9, "{}", publisher.share());
        assert_eq!(count.get(), 4, "the hook is called for every snapshot");
    }
}
