//! Intake: the one bounded queue through which commands from other threads enter a scheduler (R2).
//!
//! The scheduler takes entries between turns, even while it is paused. Run control takes effect at once; everything
//! else waits for the next safe point. When the queue is full, the command is returned to the sender
//! (`RuntimeHandle::try_send`). Ports, handles and wakers do not use the queue: they only notify (see `notify`).

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

    /// Waits for an entry or a notification, for at most this long. The outer `None` means that neither arrived.
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

#[cfg(test)]
mod tests {
    use crossbeam::channel::TrySendError;

    use super::*;
    use crate::notify::Notify;

    fn entry(command: RuntimeCommand) -> Entry {
        Entry::Command(Box::new(command))
    }

    fn command(entry: Option<Entry>) -> Option<RuntimeCommand> {
        match entry? {
            Entry::Command(command) => Some(*command),
            Entry::Call(_) => None,
        }
    }

    #[test]
    fn entries_are_taken_in_the_order_in_which_they_were_sent() {
        let (_notify, notified) = Notify::new();
        let (sender, intake) = Intake::new(notified);
        assert!(intake.is_empty());
        for sent in [RuntimeCommand::Pause, RuntimeCommand::Resume] {
            assert!(sender.send(entry(sent)).is_ok());
        }
        assert!(!intake.is_empty());
        assert_eq!(command(intake.try_take()), Some(RuntimeCommand::Pause));
        assert_eq!(command(intake.wait(None).flatten()), Some(RuntimeCommand::Resume));
        assert!(intake.try_take().is_none());
    }

    #[test]
    fn a_full_queue_returns_the_command_to_its_sender() {
        let (sender, intake) = Intake::new(Notify::new().1);
        for _ in 0..INTAKE_LIMIT {
            assert!(sender.try_send(entry(RuntimeCommand::Pause)).is_ok());
        }
        let refused = match sender.try_send(entry(RuntimeCommand::Quit)) {
            Err(TrySendError::Full(refused)) => command(Some(refused)),
            Ok(()) | Err(TrySendError::Disconnected(_)) => None,
        };
        assert_eq!(refused, Some(RuntimeCommand::Quit));
        intake.try_take();
        assert!(sender.try_send(entry(RuntimeCommand::Quit)).is_ok());
    }

    #[test]
    fn a_wait_ends_with_an_entry_a_notification_or_the_time() {
        let (notify, notified) = Notify::new();
        let (sender, intake) = Intake::new(notified);
        assert!(intake.wait(Some(Duration::ZERO)).is_none());
        notify.notify();
        notify.notify();
        assert!(matches!(intake.wait(None), Some(None)), "a notification carries no entry");
        assert!(intake.wait(Some(Duration::ZERO)).is_none(), "two notifications count as one");
        assert!(sender.send(entry(RuntimeCommand::Quit)).is_ok());
        assert!(matches!(intake.wait(None), Some(Some(_))));
    }

    #[test]
    fn deferred_entries_wait_for_the_safe_point_in_order() {
        let (_, mut intake) = Intake::new(Notify::new().1);
        for kept in [RuntimeCommand::ShutDown, RuntimeCommand::Quit] {
            intake.defer(entry(kept));
        }
        assert!(intake.has_deferred() && intake.is_empty());
        assert_eq!(command(intake.next_deferred()), Some(RuntimeCommand::ShutDown));
        assert_eq!(command(intake.next_deferred()), Some(RuntimeCommand::Quit));
        assert!(intake.next_deferred().is_none() && !intake.has_deferred());
    }
}
