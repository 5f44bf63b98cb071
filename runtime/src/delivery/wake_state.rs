//! WakeState: the part of a component that others may touch: the events that wake it, its budget, and requests to end.
//!
//! Shared by the component and its inboxes, so that an arriving message can wake the owner without owning it. Not here: the
//! wake itself (see `inbox` and `run_queue`).

use std::cell::Cell;

use crate::ids::ComponentId;

/// The request that a component has received on `control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EndRequest {
    /// Nothing.
    None,
    /// Finish the waiting messages, then end (SHUT-3).
    Finish,
    /// End at once (SHUT-4).
    Shutdown,
}

/// Wake bit: space behind an outbox. Set by waiting senders; the inbox wakes them.
pub(crate) const WAIT_SPACE: u32 = 1 << 28;
/// Wake bit: a timer.
pub(crate) const WAIT_TIME: u32 = 1 << 29;
/// Wake bit: something from outside, or from the tracker.
pub(crate) const WAIT_OTHER: u32 = 1 << 30;

/// Bit of [`WakeState::budget`]: the fast path does not apply in this turn.
const SLOW_PATH: u32 = 1 << 31;

/// The budget that is left after one more message on the fast path.
#[derive(Clone, Copy)]
pub(crate) struct FastBudget(u32);

/// Whether a component is queued for a turn, which events would wake it, and how much it may still do in this turn.
pub(crate) struct WakeState {
    pub id: ComponentId,
    /// Index in the scheduler's table.
    pub slot: u32,
    /// The waits left by its last turn. A new turn starts without any, and waits register themselves again, so no wake
    /// is lost and a spurious wake does not repeat.
    waits: Cell<u32>,
    /// The strongest request on `control` so far.
    end_request: Cell<EndRequest>,
    /// How many messages it may still take or send in this turn. One comparison per hop checks three things: there is
    /// budget left, no request to end, and no limit on deliveries.
    budget: Cell<u32>,
    /// It is in the run queue.
    is_queued: Cell<bool>,
    /// It has ended or is paused by hand: a wake is recorded but does not queue it.
    is_suspended: Cell<bool>,
    /// It was woken while suspended.
    has_pending_wake: Cell<bool>,
}

impl WakeState {
    pub fn new(id: ComponentId, slot: u32) -> Self {
        Self {
            id,
            slot,
            waits: Cell::new(0),
            end_request: Cell::new(EndRequest::None),
            budget: Cell::new(0),
            is_queued: Cell::new(false),
            is_suspended: Cell::new(false),
            has_pending_wake: Cell::new(false),
        }
    }

    /// Whether this would wake it: the bit of an inbox, or one of the bits above.
    #[inline]
    pub fn waits_for(&self, bit: u32) -> bool {
        self.waits.get() & bit != 0
    }

    /// Notes that this must wake it.
    #[inline]
    pub fn wait_for(&self, bit: u32) {
        self.waits.set(self.waits.get() | bit);
    }

    /// Notes that anything must wake it.
    pub fn wait_for_anything(&self) {
        self.waits.set(u32::MAX);
    }

    /// Begins a turn, or the rest of one: clears its waits, except for `control`.
    #[inline]
    pub fn begin_turn(&self, control_bit: u32) {
        self.waits.set(control_bit);
    }

    /// Notes a wake. True if the caller must queue the component; false if it is queued already, or suspended.
    #[inline]
    pub fn note_wake(&self) -> bool {
        if self.is_suspended.get() {
            self.has_pending_wake.set(true);
            return false;
        }
        let is_new = self.enter_queue();
        if is_new {
            // Nothing more can wake it before its turn, so senders need not check.
            self.waits.set(0);
        }
        is_new
    }

    /// Notes that it has a turn in the next pass. False if it was queued already.
    #[inline]
    pub fn enter_queue(&self) -> bool {
        !self.is_queued.replace(true)
    }

    /// Notes that its turn has come.
    #[inline]
    pub fn leave_queue(&self) {
        self.is_queued.set(false);
    }

    /// Whether it is queued for a turn.
    pub fn is_queued(&self) -> bool {
        self.is_queued.get()
    }

    /// Whether a wake does not queue it, because it has ended or is paused by hand.
    pub fn is_suspended(&self) -> bool {
        self.is_suspended.get()
    }

    /// From now on, a wake is recorded but does not queue it. If it is queued, its turn finds it suspended and records
    /// the wake (MP-9, MP-10).
    pub fn suspend(&self) {
        self.is_suspended.set(true);
        self.has_pending_wake.set(false);
    }

    /// From now on, a wake queues it.
    pub fn resume(&self) {
        self.is_suspended.set(false);
    }

    /// Records a wake, to take effect when it is no longer suspended.
    pub fn remember_wake(&self) {
        self.has_pending_wake.set(true);
    }

    /// Whether it was woken while suspended; clears the record.
    pub fn take_pending_wake(&self) -> bool {
        self.has_pending_wake.replace(false)
    }

    /// Prepares for new code: it has not been asked to end, and its first turn must not be lost.
    pub fn begin_again(&self, is_suspended: bool) {
        self.is_suspended.set(is_suspended);
        self.remember_wake();
        self.end_request.set(EndRequest::None);
    }

    /// The strongest request on `control` so far.
    pub fn end_request(&self) -> EndRequest {
        self.end_request.get()
    }

    /// Asks the component to end. A request weaker than an earlier one changes nothing.
    pub fn request_end(&self, request: EndRequest) {
        self.end_request.set(self.end_request.get().max(request));
        self.leave_fast_path();
    }

    /// Sets the budget of the turn that begins. `is_limited`: deliveries may be held, so the fast path does not apply.
    pub fn grant(&self, messages: u32, is_limited: bool) {
        self.budget.set(messages);
        if is_limited || self.end_request() != EndRequest::None {
            self.leave_fast_path();
        }
    }

    /// The fast path does not apply for the rest of this turn.
    pub fn leave_fast_path(&self) {
        self.budget.set(self.budget.get() | SLOW_PATH);
    }

    /// Whether the budget is used up, so that the component must wait for its next turn.
    pub fn is_spent(&self) -> bool {
        self.budget.get() & !SLOW_PATH == 0
    }

    /// Counts one message taken or sent; calls that never wait may go below the budget.
    pub fn spend(&self) {
        if !self.is_spent() {
            self.budget.set(self.budget.get() - 1);
        }
    }

    /// The budget that one more message on the fast path would leave; `None` if the fast path does not apply.
    #[inline]
    pub fn fast_budget(&self) -> Option<FastBudget> {
        let left = self.budget.get().wrapping_sub(1);
        (left < SLOW_PATH - 1).then_some(FastBudget(left))
    }

    /// Counts a message that was taken or sent on the fast path.
    #[inline]
    pub fn spend_fast(&self, left: FastBudget) {
        debug_assert_eq!(self.budget.get(), left.0 + 1, "the budget has not changed in between");
        self.budget.set(left.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wake_state() -> WakeState {
        WakeState::new(ComponentId(1), 0)
    }

    #[test]
    fn a_turn_ends_when_its_budget_is_spent() {
        let wake_state = wake_state();
        assert!(wake_state.fast_budget().is_none() && wake_state.is_spent());
        wake_state.grant(2, false);
        for _ in 0..2 {
            assert!(!wake_state.is_spent());
            let left = wake_state.fast_budget();
            assert!(left.is_some());
            wake_state.spend_fast(left.unwrap_or(FastBudget(0)));
        }
        assert!(wake_state.fast_budget().is_none() && wake_state.is_spent());
        wake_state.spend();
        assert!(wake_state.is_spent());
    }

    #[test]
    fn the_slow_path_has_the_same_budget() {
        for budget in [0, 1, 2, 256] {
            let wake_state = wake_state();
            wake_state.grant(budget, true);
            for _ in 0..budget {
                assert!(!wake_state.is_spent() && wake_state.fast_budget().is_none());
                wake_state.spend();
            }
            assert!(wake_state.is_spent() && wake_state.fast_budget().is_none());
        }
    }

    #[test]
    fn a_component_that_is_asked_to_end_leaves_the_fast_path() {
        let wake_state = wake_state();
        wake_state.grant(256, false);
        wake_state.request_end(EndRequest::Shutdown);
        wake_state.request_end(EndRequest::Finish);
        assert_eq!(wake_state.end_request(), EndRequest::Shutdown);
        assert!(wake_state.fast_budget().is_none() && !wake_state.is_spent());
        wake_state.grant(256, false);
        assert!(wake_state.fast_budget().is_none());
        wake_state.begin_again(false);
        wake_state.grant(256, false);
        assert!(wake_state.fast_budget().is_some());
    }
}
