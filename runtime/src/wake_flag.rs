//! WakeFlag: one bit with which other threads wake a scheduler; it notifies at most once until the scheduler clears it.
//!
//! Any thread may set it; only the scheduler thread takes it. Modelled in package `compose_models`.

use crate::notify::Notify;
use crate::sync::{AtomicBool, Ordering};

/// Whether something has happened since the scheduler last cleared the flag.
pub(crate) struct WakeFlag {
    is_set: AtomicBool,
    notify: Notify,
}

impl WakeFlag {
    pub fn new(notify: Notify) -> Self {
        Self { is_set: AtomicBool::new(false), notify }
    }

    /// Sets the flag and wakes the scheduler, from any thread including its own. Never blocks.
    pub fn set(&self) {
        if !self.is_set.swap(true, Ordering::AcqRel) {
            self.notify.notify();
        }
    }

    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }

    /// Clears the flag; true if it was set.
    pub fn take(&self) -> bool {
        self.is_set.swap(false, Ordering::AcqRel)
    }
}
