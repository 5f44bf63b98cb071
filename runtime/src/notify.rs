//! Notify: wakes a scheduler that sleeps, from any thread.
//!
//! The channel holds one notification: if one is there already, the scheduler has not looked yet and a second would tell
//! it nothing. Package `compose_models` replaces this file with one over loom's primitives.

use crossbeam::channel::{Receiver, Sender, bounded};

/// The sending side; any thread may have one.
#[derive(Clone)]
pub(crate) struct Notify(Sender<()>);

impl Notify {
    /// A new notification and the side that receives it.
    pub fn new() -> (Self, Receiver<()>) {
        let (sender, receiver) = bounded(1);
        (Self(sender), receiver)
    }

    /// Makes the scheduler look at everything that may have changed. Never blocks.
    pub fn notify(&self) {
        // Full means that the scheduler is about to look; disconnected means that it has ended.
        let _ = self.0.try_send(());
    }
}
