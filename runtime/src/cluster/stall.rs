//! Stalls of a cluster: who waits for whom over the bridges, when nothing can move on any scheduler.

use std::sync::Arc;

use super::{ClusterHandle, merge};
use crate::introspect::snapshot::Snapshot;
use crate::introspect::stall::explain;
use crate::scheduler::safe_point::Quiet;

impl ClusterHandle {
    /// One sentence that names who waits for whom, if nothing can move on any scheduler and nothing is on its way between
    /// them. Asks each of them twice and waits for the answers; not for their own threads.
    ///
    /// A single look at one after the other would prove nothing: what one sends after it was asked may reach one that was
    /// quiet before. If all are quiet twice, and none had a pass from the first look to the second, then all were quiet
    /// at the moment between the two.
    pub fn stall(&self) -> Option<String> {
        let before = self.look()?;
        let after = self.look()?;
        let same = before.iter().zip(&after).all(|(one, other)| one.pass == other.pass);
        if !same || after.iter().all(|quiet| !quiet.lives) {
            return None;
        }
        let parts: Vec<_> = after.into_iter().map(|quiet| Arc::new(quiet.snapshot)).collect();
        Some(explain(&merge::merge(&parts, &self.bridges)))
    }

    /// Every scheduler, if all are quiet. One that has ended is, for good.
    fn look(&self) -> Option<Vec<Quiet>> {
        let ended = |snapshot: &Snapshot| Quiet { pass: snapshot.pass, lives: false, snapshot: snapshot.clone() };
        let looks = self.handles.iter().map(|handle| match handle.call(|scheduler| scheduler.quiet()) {
            Some(quiet) => quiet,
            None => Some(ended(&handle.snapshot())),
        });
        looks.collect()
    }
}
