//! WokenSlots: the components of one scheduler whose wakers were called, reported by other threads.
//!
//! The scheduler wakes exactly these components, so the cost of a wake does not grow with the number of components that wait.
//! A component is in the set at most once until the scheduler takes the set, so the set stays small however often its waker
//! is called. Any thread may add; only the scheduler thread takes. Modelled in package `compose_models`.

use std::collections::BTreeSet;

use crate::notify::Notify;
use crate::sync::{AtomicBool, Mutex, Ordering, PoisonError};

/// The component that a waker wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WakeTarget {
    /// Its index in the scheduler's table.
    pub slot: u32,
    /// Distinguishes it from previous and later components in this slot.
    pub generation: u32,
}

/// The components that must be woken.
pub(crate) struct WokenSlots {
    targets: Mutex<BTreeSet<WakeTarget>>,
    /// `targets` is not empty. Lets the scheduler skip the lock in most passes.
    has_any: AtomicBool,
    notify: Notify,
}

impl WokenSlots {
    pub fn new(notify: Notify) -> Self {
        Self { targets: Mutex::new(BTreeSet::new()), has_any: AtomicBool::new(false), notify }
    }

    /// Adds a component and notifies the scheduler, from any thread including its own.
    pub fn add(&self, target: WakeTarget) {
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = targets.insert(target);
        self.has_any.store(true, Ordering::Release);
        drop(targets);
        if is_new {
            self.notify.notify();
        }
    }

    /// Whether any component must be woken.
    pub fn has_any(&self) -> bool {
        self.has_any.load(Ordering::Acquire)
    }

    /// Takes all components that must be woken.
    pub fn take(&self) -> BTreeSet<WakeTarget> {
        if !self.has_any() {
            return BTreeSet::new();
        }
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_any.store(false, Ordering::Release);
        std::mem::take(&mut *targets)
    }
}
