//! Holders: how many handles a scheduler has, and that it hears of the last one's end while it sleeps.
//!
//! A background runtime ends with its last handle. Modelled in package `compose_models`.

use crate::notify::Notify;
use crate::sync::{AtomicUsize, Ordering};

/// The count of handles.
pub(crate) struct Holders {
    count: AtomicUsize,
    notify: Notify,
}

impl Holders {
    pub fn new(notify: Notify) -> Self {
        Self { count: AtomicUsize::new(0), notify }
    }

    pub fn enter(&self) {
        self.count.fetch_add(1, Ordering::AcqRel);
    }

    /// From any thread. Never waits: a full queue means that the scheduler is awake and will look.
    pub fn leave(&self) {
        if self.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.notify.notify();
        }
    }

    /// Whether there is none now. The scheduler asks before it sleeps, and whenever something has come in.
    pub fn are_none(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }
}
