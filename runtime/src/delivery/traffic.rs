//! Traffic: counts deliveries, limits how many are allowed, and traces them.
//!
//! The dial and single steps set the allowance. When it is used up, the current turn is held right after the delivery
//! (R11). Each sample and each trace line carries the time and the pass that are set here.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use crate::message::Message;

/// One delivery, as reported to a trace.
#[derive(Debug)]
pub struct Delivery<'a> {
    /// Time on the runtime's clock.
    pub at: Duration,
    /// Number of the pass.
    pub pass: u64,
    /// Number of the delivery on its route, from 1.
    pub sequence: u64,
    /// The outbox, as `name.outbox`.
    pub from: &'a str,
    /// The final inbox, as `name.inbox`.
    pub to: &'a str,
    /// The message.
    pub message: &'a Message,
}

/// Called for every delivery when tracing.
pub type TraceFn = Box<dyn FnMut(&Delivery<'_>)>;

/// The allowance when deliveries are not limited.
const NO_LIMIT: u64 = u64::MAX;

/// All deliveries of one scheduler.
pub(crate) struct Traffic {
    now: Cell<Duration>,
    pass: Cell<u64>,
    delivered: Cell<u64>,
    /// How many more deliveries are allowed before the current turn is held.
    allowance: Cell<u64>,
    /// The current turn stopped because the allowance was used up.
    is_held: Cell<bool>,
    tracer: RefCell<Option<TraceFn>>,
}

impl Traffic {
    pub fn new(tracer: Option<TraceFn>) -> Self {
        Self {
            now: Cell::new(Duration::ZERO),
            pass: Cell::new(0),
            delivered: Cell::new(0),
            allowance: Cell::new(NO_LIMIT),
            is_held: Cell::new(false),
            tracer: RefCell::new(tracer),
        }
    }

    /// The runtime's clock at the beginning of the current pass.
    pub fn now(&self) -> Duration {
        self.now.get()
    }

    pub fn set_now(&self, now: Duration) {
        self.now.set(now);
    }

    /// Number of passes so far.
    pub fn pass(&self) -> u64 {
        self.pass.get()
    }

    pub fn begin_pass(&self) {
        self.pass.set(self.pass.get() + 1);
    }

    /// Number of deliveries so far; a send that fans out counts once.
    pub fn delivered(&self) -> u64 {
        self.delivered.get()
    }

    /// Counts a delivery of the fast path, which is taken only while deliveries are not limited.
    #[inline]
    pub fn count_fast(&self) {
        self.delivered.set(self.delivered.get() + 1);
    }

    /// Counts a delivery and uses up the allowance.
    pub fn count(&self) {
        self.delivered.set(self.delivered.get() + 1);
        if self.is_limited() {
            self.allowance.set(self.allowance.get().saturating_sub(1));
        }
    }

    /// Allows this many deliveries from now on.
    pub fn allow(&self, count: u64) {
        self.allowance.set(count);
    }

    /// Allows any number of deliveries.
    pub fn allow_all(&self) {
        self.allowance.set(NO_LIMIT);
    }

    pub fn is_limited(&self) -> bool {
        self.allowance.get() != NO_LIMIT
    }

    /// How many more deliveries are allowed; meaningful only while deliveries are limited.
    pub fn allowance(&self) -> u64 {
        self.allowance.get()
    }

    /// Holds the current turn and returns true if no further delivery is allowed.
    pub fn hold_if_used_up(&self) -> bool {
        let is_used_up = self.allowance.get() == 0;
        if is_used_up {
            self.is_held.set(true);
        }
        is_used_up
    }

    /// Whether the turn that has just stopped was held; the next one is not.
    pub fn take_held(&self) -> bool {
        self.is_held.replace(false)
    }

    /// Reports one delivery to the trace. `names` are the names of source and sink.
    pub fn trace(&self, names: &(Arc<str>, Arc<str>), sequence: u64, message: &Message) {
        if let Some(tracer) = self.tracer.borrow_mut().as_mut() {
            let (from, to) = names;
            tracer(&Delivery { at: self.now(), pass: self.pass(), sequence, from, to, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_held_when_the_allowance_is_used_up() {
        let traffic = Traffic::new(None);
        traffic.count();
        assert!(!traffic.is_limited() && !traffic.hold_if_used_up());
        traffic.allow(2);
        traffic.count();
        assert!(!traffic.hold_if_used_up() && !traffic.take_held());
        traffic.count();
        assert!(traffic.hold_if_used_up());
        assert!(traffic.take_held() && !traffic.take_held(), "only one turn is held");
        traffic.count();
        assert_eq!((traffic.delivered(), traffic.allowance()), (4, 0));
        traffic.allow_all();
        assert!(!traffic.is_limited() && !traffic.hold_if_used_up());
    }
}
