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
        // An inbox that has ended has space for everyone, and each of thousands of senders calls this when it leaves.
        if !self.has_unnotified() {
            return;
        }
        self.with(|waiting| {
            let mut left = free;
            for (position, wake_state) in waiting.queue.iter().enumerate() {
                if left == 0 {
                    break;
                }
                // A paused waiter keeps its position but does not hold back those behind it.
                left -= usize::from(!wake_state.is_suspended());
                if position >= waiting.notified {
                    run_queue.wake(wake_state);
                    waiting.notified = position + 1;
                }
            }
        });
    }

    /// Joins the end of the queue.
    pub fn join(&self, wake_state: &Rc<WakeState>) {
        let mut waiting = self.waiting.take().unwrap_or_default();
        waiting.queue.push_back(wake_state.clone());
        self.waiting.set(Some(waiting));
        self.has_unnotified.set(true);
    }

    /// The space was taken before this waiter had its turn: it waits for another notification.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ComponentId;

    /// An inbox's waiters and the senders 0 to 3, which have all joined in that order.
    struct Queue {
        waiters: Waiters,
        senders: Vec<Rc<WakeState>>,
        run_queue: RunQueue,
    }

    impl Queue {
        fn new() -> Self {
            let senders: Vec<Rc<WakeState>> =
                (0..4).map(|slot| Rc::new(WakeState::new(ComponentId(u64::from(slot)), slot))).collect();
            let waiters = Waiters::default();
            for sender in &senders {
                waiters.join(sender);
            }
            Self { waiters, senders, run_queue: RunQueue::default() }
        }

        /// Notifies for this many free spaces; returns the woken senders, which have their turns.
        fn notify(&self, free: usize) -> Vec<u32> {
            self.waiters.notify(&self.run_queue, free);
            let mut woken = VecDeque::new();
            self.run_queue.drain_into(&mut woken);
            for slot in &woken {
                self.senders[*slot as usize].leave_queue();
            }
            woken.into()
        }
    }

    #[test]
    fn as_many_senders_are_woken_as_there_is_space_for_in_the_order_in_which_they_came() {
        let queue = Queue::new();
        assert_eq!(queue.notify(0), [0; 0]);
        assert_eq!(queue.notify(2), [0, 1]);
        assert!(queue.waiters.has_unnotified());
        assert_eq!(queue.notify(9), [2, 3]);
        assert!(!queue.waiters.has_unnotified());
    }

    #[test]
    fn a_sender_is_woken_once_however_often_a_message_is_taken_out() {
        let queue = Queue::new();
        assert_eq!(queue.notify(1), [0]);
        assert_eq!(queue.notify(1), [0; 0], "the space is promised to the first sender");
        assert_eq!(queue.notify(2), [1]);
    }

    #[test]
    fn a_sender_that_found_no_space_keeps_its_position() {
        let queue = Queue::new();
        assert_eq!(queue.notify(2), [0, 1]);
        queue.waiters.rearm(&queue.senders[0]);
        assert!(queue.waiters.has_unnotified());
        assert_eq!(queue.notify(1), [0]);
        assert_eq!(queue.notify(3), [1, 2], "those behind it are notified again, too");
    }

    #[test]
    fn a_sender_that_leaves_makes_way_for_those_behind_it() {
        let queue = Queue::new();
        assert_eq!(queue.notify(2), [0, 1]);
        queue.waiters.leave(&queue.senders[0]);
        assert_eq!(queue.notify(2), [2], "its space goes to the next sender");
        queue.waiters.leave(&queue.senders[3]);
        assert!(!queue.waiters.has_unnotified());
        queue.waiters.leave(&queue.senders[3]);
        queue.waiters.leave(&queue.senders[1]);
        queue.waiters.leave(&queue.senders[2]);
        assert_eq!(queue.notify(9), [0; 0]);
        queue.waiters.join(&queue.senders[2]);
        assert!(queue.waiters.has_unnotified());
        assert_eq!(queue.notify(1), [2]);
    }

    #[test]
    fn a_paused_sender_does_not_hold_back_those_behind_it() {
        let queue = Queue::new();
        queue.senders[0].suspend();
        assert_eq!(queue.notify(1), [1]);
        assert!(queue.senders[0].take_pending_wake(), "it is woken when the pause ends");
        queue.senders[0].resume();
        queue.waiters.rearm(&queue.senders[0]);
        assert_eq!(queue.notify(1), [0], "it has kept its position");
    }
}
