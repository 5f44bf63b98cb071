//! Pulse: the part of a component that others may touch: whether it is awake, and what it has been asked to do.
//!
//! Shared by the component's core and its inboxes, so that an arrival can wake the owner without owning it.

use std::cell::Cell;

use crate::ids::ComponentId;
use crate::mailbox::Ending;

/// Wake bit: room behind an outbox. Set by waiting senders; the inbox wakes them itself.
pub(crate) const WAIT_ROOM: u32 = 1 << 28;
/// Wake bit: a timer.
pub(crate) const WAIT_TIME: u32 = 1 << 29;
/// Wake bit: something from outside, or from the tracker.
pub(crate) const WAIT_OTHER: u32 = 1 << 30;

/// Bit of [`Pulse::budget`]: not an ordinary turn, so every step of it looks at everything.
const CAREFUL: u32 = 1 << 31;

/// A budget after one more message of an ordinary turn.
#[derive(Clone, Copy)]
pub(crate) struct PlainBudget(u32);

/// Whether a component is awake, what would wake it, and how much it may still do in this turn.
pub(crate) struct Pulse {
    pub id: ComponentId,
    /// Place in the scheduler's table.
    pub slot: u32,
    /// What the last turn left it waiting for; a new turn starts at zero and waits register themselves again, so no
    /// wake can be lost and none is spurious for long.
    pub waits: Cell<u32>,
    /// The strongest request on `control` so far.
    asked: Cell<Ending>,
    /// How many messages it may still take or send in this turn. One number answers the question of every hop: there is
    /// budget, nobody asked it to end, and nothing is to hold its deliveries.
    budget: Cell<u32>,
    /// It is in the run queue.
    pub queued: Cell<bool>,
    /// It has ended, or is paused by hand: wakes are noted, not obeyed.
    pub asleep_by_force: Cell<bool>,
    /// A wake came while it was paused by hand.
    pub wake_noted: Cell<bool>,
}

impl Pulse {
    pub fn new(id: ComponentId, slot: u32) -> Self {
        Self {
            id,
            slot,
            waits: Cell::new(0),
            asked: Cell::new(Ending::No),
            budget: Cell::new(0),
            queued: Cell::new(false),
            asleep_by_force: Cell::new(false),
            wake_noted: Cell::new(false),
        }
    }

    /// The strongest request on `control` so far.
    pub fn asked(&self) -> Ending {
        self.asked.get()
    }

    /// Somebody asks it to end; a weaker request than one before changes nothing.
    pub fn ask(&self, ending: Ending) {
        self.asked.set(self.asked.get().max(ending));
        self.be_careful();
    }

    /// It begins anew: nobody has asked for anything.
    pub fn forget_asking(&self) {
        self.asked.set(Ending::No);
    }

    /// What it may take or send in the turn that begins. Deliveries that may be held are no ordinary turn.
    pub fn grant(&self, messages: u32, may_be_held: bool) {
        self.budget.set(messages);
        if may_be_held || self.asked() != Ending::No {
            self.be_careful();
        }
    }

    /// From here on this is no ordinary turn.
    pub fn be_careful(&self) {
        self.budget.set(self.budget.get() | CAREFUL);
    }

    /// Whether it has to wait for its next turn.
    pub fn is_spent(&self) -> bool {
        self.budget.get() & !CAREFUL == 0
    }

    /// One more message taken or sent; those who need not wait may do so with nothing left.
    pub fn spend(&self) {
        if !self.is_spent() {
            self.budget.set(self.budget.get() - 1);
        }
    }

    /// What would be left of the budget after one more message; `None` if that message needs care.
    #[inline]
    pub fn plain_budget(&self) -> Option<PlainBudget> {
        let left = self.budget.get().wrapping_sub(1);
        (left < CAREFUL - 1).then_some(PlainBudget(left))
    }

    /// The message was taken or sent.
    #[inline]
    pub fn spend_plain(&self, left: PlainBudget) {
        debug_assert_eq!(self.budget.get(), left.0 + 1, "nobody has spent or asked meanwhile");
        self.budget.set(left.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse() -> Pulse {
        Pulse::new(ComponentId(1), 0)
    }

    #[test]
    fn an_ordinary_turn_ends_when_its_budget_is_spent() {
        let pulse = pulse();
        assert!(pulse.plain_budget().is_none() && pulse.is_spent());
        pulse.grant(2, false);
        for _ in 0..2 {
            assert!(!pulse.is_spent());
            let left = pulse.plain_budget();
            assert!(left.is_some());
            pulse.spend_plain(left.unwrap_or(PlainBudget(0)));
        }
        assert!(pulse.plain_budget().is_none() && pulse.is_spent());
        pulse.spend();
        assert!(pulse.is_spent());
    }

    #[test]
    fn care_needs_no_less_budget() {
        for budget in [0, 1, 2, 256] {
            let pulse = pulse();
            pulse.grant(budget, true);
            for _ in 0..budget {
                assert!(!pulse.is_spent() && pulse.plain_budget().is_none());
                pulse.spend();
            }
            assert!(pulse.is_spent() && pulse.plain_budget().is_none());
        }
    }

    #[test]
    fn whoever_is_asked_to_end_goes_on_with_care() {
        let pulse = pulse();
        pulse.grant(256, false);
        pulse.ask(Ending::Shutdown);
        pulse.ask(Ending::Finish);
        assert_eq!(pulse.asked(), Ending::Shutdown);
        assert!(pulse.plain_budget().is_none() && !pulse.is_spent());
        pulse.grant(256, false);
        assert!(pulse.plain_budget().is_none());
        pulse.forget_asking();
        pulse.grant(256, false);
        assert!(pulse.plain_budget().is_some());
    }
}
