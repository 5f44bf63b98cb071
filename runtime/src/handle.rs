//! RuntimeHandle: how other threads talk to a running scheduler. Clone + Send.

use std::sync::Arc;

use crate::command::RuntimeCommand;
use crate::introspect::snapshot::Snapshot;

/// A way into a scheduler that runs on its own thread. Dropping the last handle ends the scheduler.
#[derive(Clone)]
pub struct RuntimeHandle {}

/// The queue into the scheduler is full, or the scheduler has ended; the command is given back.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused(pub RuntimeCommand);

impl RuntimeHandle {
    /// Asks for something; never blocks.
    pub fn try_send(&self, _command: RuntimeCommand) -> Result<(), Refused> {
        unimplemented!()
    }

    /// The newest snapshot, and asks for the next one (built at most 30 times a second, only when asked).
    pub fn snapshot(&self) -> Arc<Snapshot> {
        unimplemented!()
    }

    /// Takes the lines printed to the console since the last call: (component, line). At most 10 000 wait; older ones
    /// are dropped and counted in the second value.
    pub fn take_console(&self) -> (Vec<(Arc<str>, String)>, u64) {
        unimplemented!()
    }
}
