//! ReadyPorts: the ports of one scheduler that have new events, reported by other threads.
//!
//! The scheduler drains exactly these ports, so the cost of an event does not grow with the number of open ports. Each
//! port reports itself at most once until it has been drained (see `component::port_state`), so the list stays
//! short. Any thread may report; only the scheduler thread takes. Modelled in package `compose_models`.

use crate::notify::Notify;
use crate::sync::{AtomicBool, Mutex, Ordering, PoisonError};

/// Numbers of ports that must be drained.
pub(crate) struct ReadyPorts {
    numbers: Mutex<Vec<u64>>,
    /// `numbers` is not empty. Lets the scheduler skip the lock in most passes.
    has_any: AtomicBool,
    /// The scheduler sleeps until a busy far end becomes idle.
    awaits_idle: AtomicBool,
    notify: Notify,
}

impl ReadyPorts {
    pub fn new(notify: Notify) -> Self {
        let has_any = AtomicBool::new(false);
        Self { numbers: Mutex::new(Vec::new()), has_any, awaits_idle: AtomicBool::new(false), notify }
    }

    /// Reports a port and wakes the scheduler.
    pub fn mark(&self, number: u64) {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.push(number);
        self.has_any.store(true, Ordering::Release);
        drop(numbers);
        self.notify.notify();
    }

    /// Whether any port must be drained.
    pub fn has_any(&self) -> bool {
        self.has_any.load(Ordering::Acquire)
    }

    /// Moves the reported numbers to the end of `all`.
    pub fn take_into(&self, all: &mut Vec<u64>) {
        if self.has_any() {
            let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
            self.has_any.store(false, Ordering::Release);
            all.append(&mut numbers);
        }
    }

    /// Requests a notification when a far end becomes idle. The caller must check the far ends once more after this.
    pub fn await_idle(&self) {
        self.awaits_idle.swap(true, Ordering::SeqCst);
    }

    /// Reports that a far end has become idle; wakes the scheduler if it waits for that.
    pub fn note_idle(&self) {
        if self.awaits_idle.swap(false, Ordering::SeqCst) {
            self.notify.notify();
        }
    }
}
