//! Waiters: senders that wait for space in one inbox, first come first served (WAKE-4, WAKE-8).
//!
//! A sender keeps its position until its send completes or is cancelled, so one sender cannot starve the others. Each waiter
//! is notified once: taking out a hundred messages wakes it once, not a hundred times.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::run_queue::RunQueue;
use super::wake_state::WakeState;

/// The senders that wait for space in one inbox. Most inboxes never have waiters, so this is one pointer.
#[derive(Default)]
pub(crate) struct Waiters {
    waiting: Cell<Option<Box<Waiting>>>,
    /// At least one waiter has not been notified yet.
    has_unnotified: Cell<bool>,
}

#[derive(Default)]
struct Waiting {
    queue: VecDeque<Rc<WakeState>>,
    /// How many, from the front, have been notified of space.
    notified: usize,
}

impl Waiting {
    fn position_of(&self, wake_state: &Rc<WakeState>) -> Option<usize> {
        self.queue.iter().position(|other| Rc::ptr_eq(other, wake_state))
    }
}

impl Waiters {
    /// Changes the waiters, if there are any.
    fn with(&self, change: impl FnOnce(&mut Waiting)) {
        let Some(mut waiting) = self.waiting.take() else { return };
        change(&mut waiting);
        self.has_unnotified.set(waiting.notified < waiting.queue.len());
        if !waiting.queue.is_empty() {
            self.waiting.set(Some(waiting));
        }
    }

    /// Whether a waiter has not been notified yet.
    #[inline]
    pub fn has_unnotified(&self) -> bool {
        self.has_unnotified.get()
    }

    /// Wakes as many waiters as there are `free` spaces in the inbox.
    pub fn notify(&self, run_queue: &RunQueue, free: usize) {
        self.with(|waiting| {
            let mut left = free;
            for (position, wake_state) in waiting.queue.iter().enumerate() {
                if left == 0 {
                    break;
                }
                // A paused waiter keeps its position but does not hold back those behind it.
                left -= usize::from(!wake_state.is_suspended.get());
                if position >= waiting.notified {
                    run_queue.wake(wake_state);
                    waiting.notified = position + 1;
                }
            }
        });
    }

    /// Joins at the end.
    pub fn join(&self, wake_state: &Rc<WakeState>) {
        let mut waiting = self.waiting.take().unwrap_or_default();
        waiting.queue.push_back(wake_state.clone());
        self.waiting.set(Some(waiting));
        self.has_unnotified.set(true);
    }

    /// The space was gone when this waiter had its turn: it waits to be notified again.
    pub fn rearm(&self, wake_state: &Rc<WakeState>) {
        self.with(|waiting| {
            if let Some(position) = waiting.position_of(wake_state) {
                waiting.notified = waiting.notified.min(position);
            }
        });
    }

    /// Leaves, whatever its position.
    pub fn leave(&self, wake_state: &Rc<WakeState>) {
        self.with(|waiting| {
            if let Some(position) = waiting.position_of(wake_state) {
                waiting.queue.remove(position);
                waiting.notified -= usize::from(position < waiting.notified);
            }
        });
    }
}
