//! RoomQueue: senders that wait for room in one inbox, first come first served (WAKE-4, WAKE-8).
//!
//! A sender keeps its place until its send is done or given up, so that a greedy one cannot starve the others. Who has
//! been told that there is room is remembered: a hundred messages taken out are one wake, not a hundred.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::scheduler::kernel::Kernel;
use crate::scheduler::pulse::Pulse;

/// The senders that wait for room in one inbox. Most inboxes never have any: a pointer, not a queue.
#[derive(Default)]
pub(crate) struct RoomQueue {
    waiting: RefCell<Option<Box<Waiting>>>,
}

#[derive(Default)]
struct Waiting {
    queue: VecDeque<Rc<Pulse>>,
    /// How many, from the front, know that there is room.
    told: usize,
}

impl RoomQueue {
    /// Whether somebody waits who does not know of any room yet.
    #[inline]
    pub fn has_untold(&self) -> bool {
        self.waiting.borrow().as_ref().is_some_and(|waiting| waiting.told < waiting.queue.len())
    }

    /// Wakes as many as there is room for.
    pub fn tell(&self, kernel: &Kernel, free: usize) {
        let mut waiting = self.waiting.borrow_mut();
        let Some(waiting) = waiting.as_mut() else { return };
        let mut left = free;
        for (place, pulse) in waiting.queue.iter().enumerate() {
            if left == 0 {
                break;
            }
            // One that is paused by hand keeps its place, and does not keep the room from those behind it.
            left -= usize::from(!pulse.asleep_by_force.get());
            if place >= waiting.told {
                kernel.wake(pulse);
                waiting.told = place + 1;
            }
        }
    }

    /// Takes a place at the end.
    pub fn join(&self, pulse: &Rc<Pulse>) {
        self.waiting.borrow_mut().get_or_insert_default().queue.push_back(pulse.clone());
    }

    /// One that was told came and found the room gone: it waits to be told again.
    pub fn forget_telling(&self, pulse: &Rc<Pulse>) {
        if let Some(waiting) = self.waiting.borrow_mut().as_mut()
            && let Some(place) = waiting.queue.iter().position(|other| Rc::ptr_eq(other, pulse))
        {
            waiting.told = waiting.told.min(place);
        }
    }

    /// Gives up a place.
    pub fn leave(&self, pulse: &Rc<Pulse>) {
        let mut slot = self.waiting.borrow_mut();
        let Some(waiting) = slot.as_mut() else { return };
        if let Some(place) = waiting.queue.iter().position(|other| Rc::ptr_eq(other, pulse)) {
            waiting.queue.remove(place);
            waiting.told -= usize::from(place < waiting.told);
        }
        if waiting.queue.is_empty() {
            *slot = None;
        }
    }
}
