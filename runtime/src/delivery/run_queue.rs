//! RunQueue: the components that are ready for a turn, in the order they were woken (SCHED-4).
//!
//! Inboxes, timers and the tracker wake components through it without depending on the scheduler. The scheduler takes
//! the queue's content at the beginning of each pass.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};

use super::wake_state::WakeState;

/// Slots of woken components, each at most once.
#[derive(Default)]
pub(crate) struct RunQueue {
    woken: RefCell<Vec<u32>>,
}

impl RunQueue {
    /// Queues a component unless it is queued already. A suspended component is not queued; the wake is remembered.
    pub fn wake(&self, target: &WakeState) {
        if target.note_wake() {
            self.woken.borrow_mut().push(target.slot);
        }
    }

    /// Whether no component was woken since the queue was last emptied.
    pub fn is_empty(&self) -> bool {
        self.woken.borrow().is_empty()
    }

    /// Moves all woken slots to the end of `turns`.
    pub fn drain_into(&self, turns: &mut VecDeque<u32>) {
        turns.extend(self.woken.borrow_mut().drain(..));
    }

    /// Forgets slots whose components were removed.
    pub fn remove(&self, slots: &BTreeSet<u32>) {
        self.woken.borrow_mut().retain(|queued| !slots.contains(queued));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ComponentId;

    fn queued(queue: &RunQueue) -> Vec<u32> {
        let mut turns = VecDeque::new();
        queue.drain_into(&mut turns);
        turns.into()
    }

    #[test]
    fn components_are_queued_once_in_the_order_of_their_wakes() {
        let queue = RunQueue::default();
        let states = [3, 1, 2].map(|slot| WakeState::new(ComponentId(slot), slot as u32));
        for state in states.iter().chain(&states) {
            queue.wake(state);
        }
        assert_eq!(queued(&queue), [3, 1, 2]);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_suspended_component_is_not_queued_and_its_wake_is_remembered() {
        let queue = RunQueue::default();
        let state = WakeState::new(ComponentId(1), 1);
        state.suspend();
        queue.wake(&state);
        assert!(queue.is_empty() && state.take_pending_wake() && !state.take_pending_wake());
    }

    #[test]
    fn a_removed_slot_is_no_longer_queued() {
        let queue = RunQueue::default();
        for slot in [1, 2] {
            queue.wake(&WakeState::new(ComponentId(slot), slot as u32));
        }
        queue.remove(&BTreeSet::from([1]));
        assert_eq!(queued(&queue), [2]);
    }
}
