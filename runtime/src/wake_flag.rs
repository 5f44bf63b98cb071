//! WakeFlag: one bit by which other threads make a scheduler look, reported at most once until it has looked.
//!
//! Modelled in package `compose_models`.

use crate::notify::Notify;
use crate::sync::{AtomicBool, Ordering};

/// Whether something has happened since the scheduler last looked.
pub(crate) struct WakeFlag {
    is_set: AtomicBool,
    notify: Notify,
}

impl WakeFlag {
    pub fn new(notify: Notify) -> Self {
        Self { is_set: AtomicBool::new(false), notify }
    }

    /// Makes the scheduler look; from any thread, also its own. Never blocks.
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
