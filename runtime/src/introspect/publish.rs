//! Publishing: when to build a snapshot, and handing it over.
//!
//! A snapshot is built when somebody looks (a hook that was set, or a handle that has asked since the last one), when
//! the system falls asleep or has been busy for an interval, and never sooner than an interval after the one before.
//! So a short burst is one picture, taken when it is over, and the last picture is the true one. Nobody looking costs
//! one load a pass. What looking costs is measured here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::watch::Watch;
use crate::scheduler::Scheduler;

/// The publishing side of a scheduler.
pub(crate) struct Looking {
    interval: Duration,
    hook: Option<Box<dyn Fn()>>,
    last: Option<Instant>,
    active: bool,
    /// The handles know that the last snapshot is out of date.
    is_stale_told: bool,
    /// Since when something has been happening that no snapshot shows yet.
    active_since: Instant,
    pub number: u64,
    spent: Duration,
    since: Instant,
    /// Share of the time that went into looking, over the last second or so.
    pub share: f64,
    pub watch: Watch,
}

impl Looking {
    pub fn new(interval: Duration, hook: Option<Box<dyn Fn()>>) -> Self {
        Self {
            interval,
            hook,
            last: None,
            active: true,
            is_stale_told: false,
            active_since: Instant::now(),
            number: 0,
            spent: Duration::ZERO,
            since: Instant::now(),
            share: 0.0,
            watch: Watch::default(),
        }
    }

    /// Something happened that a snapshot would show.
    #[inline]
    pub fn note_activity(&mut self) {
        if !self.active {
            self.active = true;
            self.active_since = Instant::now();
        }
    }

    fn patience(&self) -> Option<Duration> {
        if !self.active {
            return None;
        }
        Some(self.last.map_or(Duration::ZERO, |last| self.interval.saturating_sub(last.elapsed())))
    }

    fn is_due(&self, now: Instant, asleep: bool) -> bool {
        let has_passed_since = |moment| now.saturating_duration_since(moment) >= self.interval;
        self.active && self.last.is_none_or(has_passed_since) && (asleep || has_passed_since(self.active_since))
    }

    fn account(&mut self, began: Instant) {
        self.spent += began.elapsed();
        let window = self.since.elapsed();
        if window > Duration::from_secs(1) {
            self.share = self.spent.as_secs_f64() / window.as_secs_f64();
            self.spent = Duration::ZERO;
            self.since = Instant::now();
        }
    }
}

impl Scheduler {
    /// Publishes a snapshot if one is due. `asleep`: nobody is ready, so that this is the picture to keep.
    pub(crate) fn publish_if_due(&mut self, asleep: bool) {
        if self.looking.active && !self.looking.is_stale_told {
            self.looking.is_stale_told = true;
            // Before it is asked who wants to look: a handle that comes too late for that sees that it must wake the scheduler.
            self.shared.interest.note_change();
        }
        if self.is_looked_at() {
            // Reading the clock is not for nothing: after a pass the moment at which it began will do.
            let now = if asleep { Instant::now() } else { self.pass_began };
            if self.looking.is_due(now, asleep) {
                self.publish();
            }
        }
    }

    /// Publishes a snapshot if anything happened since the last one and somebody could look.
    pub(crate) fn publish_now(&mut self) {
        if self.looking.active && (self.looking.hook.is_some() || !self.shared.has_no_handles()) {
            self.publish();
        }
    }

    /// How long the scheduler may sleep before a snapshot is due; `None` if none will be.
    pub(crate) fn patience_of_lookers(&self) -> Option<Duration> {
        self.is_looked_at().then(|| self.looking.patience()).flatten()
    }

    fn is_looked_at(&self) -> bool {
        self.looking.hook.is_some() || self.shared.interest.is_wanted()
    }

    fn publish(&mut self) {
        let began = Instant::now();
        self.looking.number += 1;
        let snapshot = Arc::new(self.collect());
        self.looking.watch.look(&snapshot);
        self.shared.publish(snapshot);
        self.looking.active = false;
        self.looking.is_stale_told = false;
        self.looking.last = Some(began);
        self.looking.account(began);
        if let Some(hook) = &self.looking.hook {
            hook();
        }
    }
}
