//! Intake: the one bounded queue through which commands from other threads enter a scheduler (R2).
//!
//! The scheduler takes entries between turns, also while it is paused. Run control takes effect at once; everything else waits
//! for the next safe point. When the queue is full, the command is returned to the sender (`RuntimeHandle::try_send`).
//! Ports, handles and wakers do not use the queue: they only notify (see `notify`).

use std::collections::VecDeque;
use std::time::Duration;

use crossbeam::channel::{Receiver, Sender, bounded, never, select};

use super::safe_point::SafePoint;
use crate::command::RuntimeCommand;

/// How many entries can wait.
const INTAKE_LIMIT: usize = 4096;

/// A function that a handle calls with the scheduler at a safe point.
pub(crate) type Call = Box<dyn FnOnce(&mut dyn SafePoint) + Send>;

/// One entry of the queue.
pub(crate) enum Entry {
    Command(Box<RuntimeCommand>),
    Call(Call),
}

/// The scheduler's end of the queue.
pub(crate) struct Intake {
    entries: Receiver<Entry>,
    notified: Receiver<()>,
    /// Entries that wait for the next safe point, in order of arrival.
    deferred: VecDeque<Entry>,
}

impl Intake {
    /// A queue, and the end that other threads use. `notified` also wakes the scheduler.
    pub fn new(notified: Receiver<()>) -> (Sender<Entry>, Self) {
        let (sender, entries) = bounded(INTAKE_LIMIT);
        (sender, Self { entries, notified, deferred: VecDeque::new() })
    }

    /// Whether the queue is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the oldest entry, if there is one.
    pub fn try_take(&self) -> Option<Entry> {
        self.entries.try_recv().ok()
    }

    /// Waits for an entry or a notification, at most for this long. The outer `None` means that neither arrived.
    #[allow(clippy::option_option, reason = "an entry, a notification without one, or neither")]
    pub fn wait(&self, at_most: Option<Duration>) -> Option<Option<Entry>> {
        let timeout = at_most.map_or_else(never, crossbeam::channel::after);
        select! {
            recv(self.entries) -> entry => entry.ok().map(Some),
            recv(self.notified) -> notified => notified.ok().map(|()| None),
            recv(timeout) -> _ => None,
        }
    }

    /// Keeps an entry for the next safe point.
    pub fn defer(&mut self, entry: Entry) {
        self.deferred.push_back(entry);
    }

    /// The next entry for this safe point.
    pub fn next_deferred(&mut self) -> Option<Entry> {
        self.deferred.pop_front()
    }

    pub fn has_deferred(&self) -> bool {
        !self.deferred.is_empty()
    }
}
