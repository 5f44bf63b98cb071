//! `notify` of the runtime with loom's primitives. The contract: at most one pending notification, and `notify` never
//! blocks.

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
    /// Waits for a notification and takes it, like an idle scheduler.
    pub fn recv(&self) {
        let (is_set, changed) = &*self.0.0;
        let mut is_set = is_set.lock().unwrap();
        while !std::mem::take(&mut *is_set) {
            is_set = changed.wait(is_set).unwrap();
        }
    }
}
