//! Quiet: whether nothing can move on a scheduler of a cluster but by what comes over a bridge from another.
//!
//! A scheduler with an open bridge never stalls by itself: the others may always send something. Whether they can is for
//! the cluster to find out (see `cluster::stall`).

use super::Scheduler;
use crate::component::port::Activity;
use crate::introspect::snapshot::Snapshot;

/// A scheduler on which nothing can move.
pub(crate) struct Quiet {
    /// Passes so far; as long as they stay the same, nobody has moved.
    pub pass: u64,
    /// Whether anybody is still going.
    pub lives: bool,
    pub snapshot: Snapshot,
}

impl Scheduler {
    /// The state now, if nothing can move here but by what comes over a bridge. Called at a safe point.
    pub(crate) fn quiet(&self) -> Option<Quiet> {
        let somebody_is_ready = self.mid_turn.is_some()
            || !self.current.is_empty()
            || !self.continuing.is_empty()
            || !self.kernel.woken.borrow().is_empty()
            || !self.kernel.requests.borrow().is_empty()
            || self.has_news_of_topology()
            || self.foreign.0.is_stirred();
        let something_is_due = self.kernel.timers.borrow().next_due().is_some() || !self.revivals.is_empty();
        let somebody_decides = self.paused || self.somebody_waits_for_the_user() || self.somebody_is_paused();
        if somebody_is_ready || something_is_due || somebody_decides || self.something_may_come() {
            return None;
        }
        Some(Quiet { pass: self.kernel.pass.get(), lives: self.live > 0, snapshot: self.snapshot() })
    }

    /// Whether something is at the near end of a port, or may come from the world; a bridge with nothing in it is none.
    fn something_may_come(&self) -> bool {
        let ports = self.kernel.ports.borrow();
        ports.iter().filter_map(std::rc::Weak::upgrade).any(|port| match port.activity() {
            Activity::Busy => true,
            Activity::Open => !port.is_bridge(),
            Activity::Idle | Activity::Closed => false,
        })
    }
}
