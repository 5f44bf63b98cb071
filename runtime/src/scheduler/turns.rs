//! Turns: records which components have a turn in this pass, and which continue in the next (SCHED-3, SCHED-4).
//!
//! Components that continue from the previous pass come first, then those that were woken, in the order they were
//! woken. The policy may change that order.

use std::collections::{BTreeSet, VecDeque};

use super::policy::{Policy, TurnOrder};
use crate::delivery::run_queue::RunQueue;

/// The turns of one scheduler.
pub(crate) struct Turns {
    order: TurnOrder,
    /// Slots that still have a turn in this pass.
    current: VecDeque<u32>,
    /// Slots that continue in the next pass.
    continuing: Vec<u32>,
    /// The component whose turn is held.
    held: Option<u32>,
}

impl Turns {
    pub fn new(policy: Policy, seed: u64) -> Self {
        Self { order: TurnOrder::new(policy, seed), current: VecDeque::new(), continuing: Vec::new(), held: None }
    }

    /// Collects the turns of the next pass; false if no component is ready.
    pub fn begin_pass(&mut self, run_queue: &RunQueue) -> bool {
        self.current.extend(self.continuing.drain(..));
        run_queue.drain_into(&mut self.current);
        if self.current.is_empty() {
            return false;
        }
        self.continuing = self.order.arrange(&mut self.current);
        true
    }

    /// The next turn of this pass: the slot, and whether it resumes a held turn.
    pub fn next(&mut self) -> Option<(u32, bool)> {
        match self.held.take() {
            Some(slot) => Some((slot, true)),
            None => self.current.pop_front().map(|slot| (slot, false)),
        }
    }

    /// Whether all turns of this pass are over.
    pub fn pass_is_over(&self) -> bool {
        self.current.is_empty() && self.held.is_none()
    }

    /// Whether a turn is held and must be resumed.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Holds the turn of this slot; it is resumed next.
    pub fn hold(&mut self, slot: u32) {
        self.held = Some(slot);
    }

    /// Gives a component a turn in the next pass.
    pub fn continue_next_pass(&mut self, slot: u32) {
        self.continuing.push(slot);
    }

    /// Notes that a component continues although it has neither taken nor sent a message: it only polls, so others go first.
    pub fn note_poll(&mut self, slot: u32) {
        self.order.lower(slot);
    }

    /// Whether a component continues in the next pass.
    pub fn has_continuing(&self) -> bool {
        !self.continuing.is_empty()
    }

    /// Budget of messages for the next turn.
    pub fn budget(&mut self) -> u32 {
        self.order.budget()
    }

    /// Forgets components that were removed, so that their successors in these slots do not inherit their turns (MP-3).
    pub fn forget(&mut self, slots: &BTreeSet<u32>) {
        self.current.retain(|queued| !slots.contains(queued));
        self.continuing.retain(|queued| !slots.contains(queued));
    }

    /// Forgets a held turn and the priority of a component that was removed or is being restarted.
    pub fn release(&mut self, slot: u32) {
        self.order.forget(slot);
        if self.held == Some(slot) {
            self.held = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::wake_state::WakeState;
    use crate::ids::ComponentId;

    fn wake(run_queue: &RunQueue, slots: &[u32]) {
        for slot in slots {
            run_queue.wake(&WakeState::new(ComponentId(0), *slot));
        }
    }

    #[test]
    fn continuing_components_come_before_woken_ones() {
        let (mut turns, run_queue) = (Turns::new(Policy::RoundRobin, 0), RunQueue::default());
        turns.continue_next_pass(7);
        wake(&run_queue, &[2, 1]);
        assert!(turns.begin_pass(&run_queue));
        let order: Vec<_> = std::iter::from_fn(|| turns.next()).collect();
        assert_eq!(order, [(7, false), (2, false), (1, false)]);
        assert!(turns.pass_is_over() && !turns.begin_pass(&run_queue));
    }

    #[test]
    fn a_held_turn_is_resumed_first_unless_its_component_is_removed() {
        let (mut turns, run_queue) = (Turns::new(Policy::RoundRobin, 0), RunQueue::default());
        wake(&run_queue, &[1, 2, 3]);
        turns.begin_pass(&run_queue);
        turns.next();
        turns.hold(1);
        assert_eq!(turns.next(), Some((1, true)));
        turns.hold(1);
        turns.forget(&BTreeSet::from([2]));
        turns.release(1);
        assert_eq!(turns.next(), Some((3, false)));
        assert!(turns.pass_is_over());
    }
}
