//! Intake: the one bounded queue through which everything from outside enters a scheduler (R2).
//!
//! Commands of the application and stirrings of outside ports. The scheduler takes from it between
//! passes, also while paused. When it is full, commands are given back (`RuntimeHandle::try_send`), and ports
//! rely on what is in it; each port has at most one entry in it at a time.

use std::sync::Arc;
use std::task::Wake;

use super::stir::Stir;
use crate::command::RuntimeCommand;

/// The way in.
pub(crate) type Entrance = crossbeam_channel::Sender<Intake>;

/// Most entries that can wait.
pub(crate) const INTAKE_LIMIT: usize = 4096;

/// Something to be done with the scheduler between two passes.
pub(crate) type Job = Box<dyn FnOnce(&mut super::Scheduler) + Send>;

/// What waits for the next safe point, in the order in which it came.
pub(crate) enum Deferred {
    Command(RuntimeCommand),
    Job(Job),
}

/// One thing that came from outside.
pub(crate) enum Intake {
    /// A command.
    Command(Box<RuntimeCommand>),
    /// Something to be done at the next safe point, on the scheduler's thread.
    Job(Job),
    /// Some outside port has something, or has ended.
    Stirred,
    /// Somebody wants the scheduler to look up: a snapshot is wanted, a foreign future has stirred.
    Nudge,
}

/// The waker of every component, for futures that the runtime does not know: one for all, because its own waits wake
/// components directly. A stir makes the scheduler poll whoever waits for nothing it knows.
pub(crate) struct ForeignWaker(pub Stir);

impl Wake for ForeignWaker {
    fn wake(self: Arc<Self>) {
        self.0.stir();
    }
}
