//! Passes: chooses the component that has the next turn. The scheduler gives the turns (see
//! `scheduler::Scheduler::turn`).

use std::time::Duration;

use super::Graph;
use crate::delivery::wake_state::WakeState;
use crate::scheduler::slot::Slot;

impl Graph {
    /// Collects the turns of the next pass; false if no component is ready.
    pub fn begin_pass(&mut self) -> bool {
        self.turns.begin_pass(&self.context.run_queue)
    }

    /// Whether all turns of this pass are over.
    #[inline]
    pub fn pass_is_over(&self) -> bool {
        self.turns.pass_is_over()
    }

    /// Whether a component has a turn in the next pass.
    pub fn has_ready_components(&self) -> bool {
        self.turns.has_continuing() || !self.context.run_queue.is_empty()
    }

    /// The next turn of this pass: the slot, and whether it resumes a held turn.
    #[inline]
    pub fn next_turn(&mut self) -> Option<(u32, bool)> {
        self.turns.next()
    }

    /// The component in a slot.
    #[inline]
    pub fn slot_mut(&mut self, index: u32) -> Option<&mut Slot> {
        self.table.get_mut(index)
    }

    /// Budget of messages for the next turn.
    #[inline]
    pub fn budget(&mut self) -> u32 {
        self.turns.budget()
    }

    /// Holds the turn of this slot; it is resumed next.
    pub fn hold_turn(&mut self, slot: u32) {
        self.turns.hold(slot);
    }

    /// Whether a turn is held and must be resumed.
    pub fn has_held_turn(&self) -> bool {
        self.turns.is_held()
    }

    /// Gives a component whose turn has ended another one in the next pass. A component that has neither taken nor sent
    /// a message only polls, so others go first.
    #[inline]
    pub fn continue_after_turn(&mut self, wake_state: &WakeState) {
        if !wake_state.is_spent() {
            self.turns.note_poll(wake_state.slot);
        }
        if wake_state.enter_queue() {
            self.turns.continue_next_pass(wake_state.slot);
        }
    }

    /// Restarts the crashed components whose pause is over.
    pub fn revive_due(&mut self, now: Duration) {
        while let Some(slot) = self.restart_timers.take_due(now) {
            self.revive(slot);
        }
    }
}
