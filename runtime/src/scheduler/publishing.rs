//! Publishing: decides when a snapshot is built and passed to observers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Scheduler;

impl Scheduler {
    /// Notes that something has happened outside a turn that a snapshot would show.
    pub(super) fn note_activity(&mut self) {
        self.publisher.note_activity(Instant::now());
    }

    /// Publishes a snapshot if one is due. `asleep`: no component is ready, so this state will not change soon.
    pub(super) fn publish_if_due(&mut self, asleep: bool) {
        if self.publisher.announce_change() {
            // This comes before `is_observed`: an observer that asks later sees that it must wake the scheduler.
            self.shared.interest.note_change();
        }
        if self.is_observed() {
            // Reading the clock has a cost: after a pass, the moment at which it began is good enough.
            let now = if asleep { Instant::now() } else { self.pass_began };
            if self.publisher.is_due(now, asleep) {
                self.publish();
            }
        }
    }

    /// Publishes a snapshot if anything has happened since the last one and there may be an observer.
    pub(crate) fn publish_now(&mut self) {
        if self.publisher.is_active() && (self.publisher.has_hook() || !self.shared.has_no_handles()) {
            self.publish();
        }
    }

    /// How long the scheduler may sleep before a snapshot is due; `None` if none will be.
    pub(super) fn snapshot_timeout(&self) -> Option<Duration> {
        self.is_observed().then(|| self.publisher.timeout(Instant::now())).flatten()
    }

    fn is_observed(&self) -> bool {
        self.publisher.has_hook() || self.shared.interest.is_wanted()
    }

    fn publish(&mut self) {
        let began = Instant::now();
        self.publisher.begin();
        let snapshot = Arc::new(self.collect());
        self.publisher.watch(&snapshot);
        self.shared.publish(snapshot);
        self.publisher.end(began, Instant::now());
    }
}
