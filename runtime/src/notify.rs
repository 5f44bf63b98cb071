//! Notify: wakes a sleeping scheduler from any thread.
//!
//! The channel holds one notification. A second one would be redundant: while the first is pending, the scheduler still
//! has to check everything. Package `compose_models` replaces this file with one over loom's primitives.

use crossbeam::channel::{Receiver, Sender, bounded};

/// The sending side; any thread may have one.
#[derive(Clone)]
pub(crate) struct Notify(Sender<()>);

impl Notify {
    /// A new channel: the sending and the receiving side.
    pub fn new() -> (Self, Receiver<()>) {
        let (sender, receiver) = bounded(1);
        (Self(sender), receiver)
    }

    /// Makes the scheduler check everything that may have changed. Never blocks.
    pub fn notify(&self) {
        // Full: the scheduler is about to check anyway. Disconnected: the scheduler has ended.
        let _ = self.0.try_send(());
    }
}
