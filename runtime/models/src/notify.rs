//! The runtime's `notify` over loom's primitives, as its contract says: one notification, `notify` never waits.

use loom::sync::{Arc, Condvar, Mutex};

/// The sending side.
#[derive(Clone)]
pub struct Notify(Arc<(Mutex<bool>, Condvar)>);

/// The receiving side.
pub struct Receiver(Notify);

impl Notify {
    pub fn new() -> (Self, Receiver) {
        let notify = Self(Arc::new((Mutex::new(false), Condvar::new())));
        (notify.clone(), Receiver(notify))
    }

    pub fn notify(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

impl Receiver {
    /// Waits until there is a notification, and takes it: what a scheduler with nothing to do waits for.
    pub fn recv(&self) {
        let (is_set, changed) = &*self.0.0;
        let mut is_set = is_set.lock().unwrap();
        while !std::mem::take(&mut *is_set) {
            is_set = changed.wait(is_set).unwrap();
        }
    }
}
