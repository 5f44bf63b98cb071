//! Publisher: decides when a snapshot is due, and measures what observing costs.
//!
//! A snapshot is due if there is an observer (a hook, or a handle that has asked since the last snapshot), if the
//! system falls asleep or has been busy for an interval, and if at least one interval has passed since the last
//! snapshot. So a short burst of activity gives one snapshot, taken at its end, and the last snapshot shows the final
//! state. Without an observer this costs one load per pass. The scheduler builds the snapshot and passes it on.

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
    /// The handles know that the last snapshot is out of date.
    is_change_announced: bool,
    active_since: Instant,
    number: u64,
    spent: Duration,
    measured_since: Instant,
    share: f64,
    watch: Watch,
}

impl Publisher {
    pub fn new(interval: Duration, hook: Option<Box<dyn Fn()>>) -> Self {
        Self {
            interval,
            hook,
            last: None,
            is_active: true,
            is_change_announced: false,
            active_since: Instant::now(),
            number: 0,
            spent: Duration::ZERO,
            measured_since: Instant::now(),
            share: 0.0,
            watch: Watch::default(),
        }
    }

    /// Notes that something has happened that a snapshot would show.
    #[inline]
    pub fn note_activity(&mut self) {
        if !self.is_active {
            self.is_active = true;
            self.active_since = Instant::now();
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

    /// Time until a snapshot may be due; `None` if nothing has happened since the last one.
    pub fn patience(&self) -> Option<Duration> {
        if !self.is_active {
            return None;
        }
        Some(self.last.map_or(Duration::ZERO, |last| self.interval.saturating_sub(last.elapsed())))
    }

    /// Whether a snapshot is due. `asleep`: no component is ready.
    pub fn is_due(&self, now: Instant, asleep: bool) -> bool {
        let has_passed_since = |moment| now.saturating_duration_since(moment) >= self.interval;
        self.is_active && self.last.is_none_or(has_passed_since) && (asleep || has_passed_since(self.active_since))
    }

    /// Counts a snapshot that is about to be built, and returns its start time.
    pub fn begin(&mut self) -> Instant {
        self.number += 1;
        Instant::now()
    }

    /// Adds a new snapshot to the watch for problems that show only over time.
    pub fn watch(&mut self, snapshot: &Arc<Snapshot>) {
        self.watch.observe(snapshot);
    }

    /// Notes that the snapshot begun at this moment is published, and calls the hook.
    pub fn end(&mut self, began: Instant) {
        self.is_active = false;
        self.is_change_announced = false;
        self.last = Some(began);
        self.account(began);
        if let Some(hook) = &self.hook {
            hook();
        }
    }

    fn account(&mut self, began: Instant) {
        self.spent += began.elapsed();
        let window = self.measured_since.elapsed();
        if window > Duration::from_secs(1) {
            self.share = self.spent.as_secs_f64() / window.as_secs_f64();
            self.spent = Duration::ZERO;
            self.measured_since = Instant::now();
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
