//! Intake: the one bounded queue through which everything from outside enters a scheduler (R2).
//!
//! Commands of the application, stirrings of outside ports, wakes of foreign futures. The scheduler takes from it between
//! passes, also while paused. When it is full, commands are given back (`RuntimeHandle::try_send`) and outside tasks
//! wait; each port and each waker has at most one entry in it at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use crossbeam_channel::Sender;

use crate::command::RuntimeCommand;

/// Most entries that can wait.
pub(crate) const INTAKE_LIMIT: usize = 4096;

/// One thing that came from outside.
pub(crate) enum Intake {
    /// A command.
    Command(Box<RuntimeCommand>),
    /// Some outside port has something, or has ended.
    Stirred,
    /// A future that the runtime does not know has woken its component.
    Wake(Arc<ForeignWaker>),
    /// Somebody wants a snapshot, or only wants the scheduler to look up.
    Nudge,
}

/// Wakes a component from any thread, for futures that are not the runtime's.
pub(crate) struct ForeignWaker {
    pub slot: u32,
    pub generation: u64,
    queued: AtomicBool,
    intake: Sender<Intake>,
}

impl ForeignWaker {
    pub fn new(slot: u32, generation: u64, intake: Sender<Intake>) -> Arc<Self> {
        Arc::new(Self { slot, generation, queued: AtomicBool::new(false), intake })
    }

    /// The scheduler has seen it; the next wake is news again.
    pub fn seen(&self) {
        self.queued.store(false, Ordering::Release);
    }
}

impl Wake for ForeignWaker {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            let intake = self.intake.clone();
            // A scheduler that is gone has nobody to wake.
            let _ = intake.send(Intake::Wake(self));
        }
    }
}
