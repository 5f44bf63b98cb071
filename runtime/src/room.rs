//! RoomQueue: senders that wait for room in one inbox, first come first served (WAKE-4, WAKE-8).
//!
//! A sender keeps its place until its send is done or given up, so that a greedy one cannot starve the others. Who has
//! been told that there is room is remembered: a hundred messages taken out are one wake, not a hundred.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::scheduler::kernel::Kernel;
use crate::scheduler::pulse::Pulse;

/// The senders that wait for room in one inbox. Most inboxes never have any: a pointer, not a queue.
#[derive(Default)]
pub(crate) struct RoomQueue {
    waiting: Cell<Option<Box<Waiting>>>,
    /// Somebody waits who does not know of any room yet.
    untold: Cell<bool>,
}

#[derive(Default)]
struct Waiting {
    queue: VecDeque<Rc<Pulse>>,
    /// How many, from the front, know that there is room.
    told: usize,
}

impl Waiting {
    fn place_of(&self, pulse: &Rc<Pulse>) -> Option<usize> {
        self.queue.iter().position(|other| Rc::ptr_eq(other, pulse))
    }
}

impl RoomQueue {
    /// Changes something about those who wait, if anybody does.
    fn with(&self, change: impl FnOnce(&mut Waiting)) {
        let Some(mut waiting) = self.waiting.take() else { return };
        change(&mut waiting);
        self.untold.set(waiting.told < waiting.queue.len());
        if !waiting.queue.is_empty() {
            self.waiting.set(Some(waiting));
        }
    }

    /// Whether somebody waits who does not know of any room yet.
    #[inline]
    pub fn has_untold(&self) -> bool {
        self.untold.get()
    }

    /// Wakes as many as there is room for.
    pub fn tell(&self, kernel: &Kernel, free: usize) {
        self.with(|waiting| {
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
        });
    }

    /// Takes a place at the end.
    pub fn join(&self, pulse: &Rc<Pulse>) {
        let mut waiting = self.waiting.take().unwrap_or_default();
        waiting.queue.push_back(pulse.clone());
        self.waiting.set(Some(waiting));
        self.untold.set(true);
    }

    /// One that was told came and found the room gone: it waits to be told again.
    pub fn forget_telling(&self, pulse: &Rc<Pulse>) {
        self.with(|waiting| {
            if let Some(place) = waiting.place_of(pulse) {
                waiting.told = waiting.told.min(place);
            }
        });
    }

    /// Gives up a place.
    pub fn leave(&self, pulse: &Rc<Pulse>) {
        self.with(|waiting| {
            if let Some(place) = waiting.place_of(pulse) {
                waiting.queue.remove(place);
                waiting.told -= usize::from(place < waiting.told);
            }
        });
    }
}
