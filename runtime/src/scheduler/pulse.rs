//! Pulse: the part of a component that others may touch: whether it is awake.
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

/// Whether a component is awake, and what would wake it.
pub(crate) struct Pulse {
    pub id: ComponentId,
    /// Place in the scheduler's table.
    pub slot: u32,
    /// What the last turn left it waiting for; a new turn starts at zero and waits register themselves again, so no
    /// wake can be lost and none is spurious for long.
    pub waits: Cell<u32>,
    /// The strongest request on `control` so far.
    pub asked: Cell<Ending>,
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
            queued: Cell::new(false),
            asleep_by_force: Cell::new(false),
            wake_noted: Cell::new(false),
        }
    }
}
