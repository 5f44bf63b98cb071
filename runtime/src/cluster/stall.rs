//! Stall: finds out whether all schedulers of a cluster together have stalled, and explains the stall.

use std::sync::Arc;

use super::{ClusterHandle, merge};
use crate::introspect::snapshot::Snapshot;
use crate::introspect::stall::explain;
use crate::scheduler::safe_point::Quiet;

impl ClusterHandle {
    /// An explanation of which components wait for which, if no component can continue on any scheduler and no message
    /// is in transit between schedulers; otherwise `None`. Asks each scheduler twice and waits for the answers, so do
    /// not call it on the thread of a scheduler.
    ///
    /// One round of questions proves nothing: a message that a scheduler sends after it was asked may reach one that was quiet
    /// before. If all are quiet in both rounds, and none had a pass in between, then all were quiet at the moment between
    /// the two rounds.
    pub fn stall(&self) -> Option<String> {
        let before = self.quiet_states()?;
        let after = self.quiet_states()?;
        let same = before.iter().zip(&after).all(|(one, other)| one.pass == other.pass);
        if !same || after.iter().all(|quiet| !quiet.lives) {
            return None;
        }
        let parts: Vec<_> = after.into_iter().map(|quiet| Arc::new(quiet.snapshot)).collect();
        Some(explain(&merge::merge(&parts, &self.bridges)))
    }

    /// The states of all schedulers, if all are quiet. A scheduler that has ended is quiet.
    fn quiet_states(&self) -> Option<Vec<Quiet>> {
        let ended = |snapshot: &Snapshot| Quiet { pass: snapshot.pass, lives: false, snapshot: snapshot.clone() };
        let states = self.handles.iter().map(|handle| match handle.call(|scheduler| scheduler.quiet()) {
            Some(quiet) => quiet,
            None => Some(ended(&handle.snapshot())),
        });
        states.collect()
    }
}
