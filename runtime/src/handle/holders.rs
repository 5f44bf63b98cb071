//! Holders: counts the handles of a scheduler, and wakes the scheduler when the last one is dropped.
//!
//! A background runtime ends when its last handle is dropped. Modelled in package `compose_models`.

use crate::notify::Notify;
use crate::sync::{AtomicUsize, Ordering};

/// The number of handles.
pub(crate) struct Holders {
    count: AtomicUsize,
    notify: Notify,
}

impl Holders {
    pub fn new(notify: Notify) -> Self {
        Self { count: AtomicUsize::new(0), notify }
    }

    /// Counts a new handle.
    pub fn enter(&self) {
        self.count.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts a handle that is dropped, on any thread. Never blocks.
    pub fn leave(&self) {
        if self.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.notify.notify();
        }
    }

    /// Whether there is no handle. The scheduler checks this before it sleeps and after each notification.
    pub fn are_none(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }
}
