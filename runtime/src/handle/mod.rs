//! RuntimeHandle: how other threads communicate with a running scheduler. Clone + Send.
//!
//! Commands enter through the bounded intake queue, and snapshots are published as shared immutable data. Sending a command
//! and reading a snapshot never wait for the scheduler, and the scheduler never waits for its handles.

pub mod component;
mod holders;
mod interest;
pub(crate) mod wiring;

use std::collections::VecDeque;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam::channel::{SendTimeoutError, Sender, TrySendError};

use self::holders::Holders;
use self::interest::Interest;
use self::wiring::HandleError;
use crate::command::RuntimeCommand;
use crate::introspect::snapshot::Snapshot;
use crate::notify::Notify;
use crate::scheduler::intake::Entry;
use crate::scheduler::safe_point::SafePoint;
use crate::turn_watch::{TurnHolder, TurnWatch};

/// How many console lines are kept until they are taken; when there are more, the oldest are dropped and counted.
const CONSOLE_LIMIT: usize = 10_000;

/// How long one component may hold the turn before a caller gives up.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How often a waiting caller checks which component has the turn.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// Console lines that have not been taken yet.
#[derive(Default)]
struct Console {
    lines: VecDeque<(Arc<str>, String)>,
    dropped: u64,
}

/// The state that a scheduler and its handles share.
pub(crate) struct Shared {
    intake: Sender<Entry>,
    notify: Notify,
    latest: Mutex<Arc<Snapshot>>,
    pub interest: Interest,
    holders: Holders,
    console: Mutex<Console>,
    turn_watch: Arc<TurnWatch>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub fn new(intake: Sender<Entry>, notify: Notify, turn_watch: Arc<TurnWatch>) -> Self {
        Self {
            holders: Holders::new(notify.clone()),
            intake,
            notify,
            latest: Mutex::new(Arc::new(Snapshot::empty())),
            interest: Interest::new(),
            console: Mutex::default(),
            turn_watch,
        }
    }

    pub fn publish(&self, snapshot: Arc<Snapshot>) {
        let old = std::mem::replace(&mut *lock(&self.latest), snapshot);
        self.interest.note_published();
        // The lock is released by now, so readers do not wait until thousands of small pieces of memory are freed.
        drop(old);
    }

    pub fn print(&self, component: &str, line: &str) {
        let mut console = lock(&self.console);
        if console.lines.len() == CONSOLE_LIMIT {
            console.lines.pop_front();
            console.dropped += 1;
        }
        console.lines.push_back((component.into(), line.to_owned()));
    }

    pub fn has_no_handles(&self) -> bool {
        self.holders.are_none()
    }
}

/// A handle to a scheduler. When the last handle of a background runtime is dropped, the runtime ends.
pub struct RuntimeHandle {
    shared: Arc<Shared>,
}

impl Clone for RuntimeHandle {
    fn clone(&self) -> Self {
        Self::new(self.shared.clone())
    }
}

impl Drop for RuntimeHandle {
    fn drop(&mut self) {
        self.shared.holders.leave();
    }
}

/// A command was refused because the queue of the scheduler is full or the scheduler has ended; holds the command.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the command queue of the runtime is full, or the runtime has ended; send the command again later")]
pub struct Refused(pub RuntimeCommand);

impl RuntimeHandle {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        shared.holders.enter();
        Self { shared }
    }

    /// Sends a command; never blocks.
    ///
    /// # Errors
    /// The queue is full, or the runtime has ended; returns the command.
    pub fn try_send(&self, command: RuntimeCommand) -> Result<(), Box<Refused>> {
        let refused = match self.shared.intake.try_send(Entry::Command(Box::new(command))) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(entry) | TrySendError::Disconnected(entry)) => entry,
        };
        match refused {
            Entry::Command(command) => Err(Box::new(Refused(*command))),
            Entry::Call(_) => Ok(()),
        }
    }

    /// Calls a function with the scheduler at its next safe point and waits for the result; `None` if the scheduler has ended.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut dyn SafePoint) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let call = Box::new(move |scheduler: &mut dyn SafePoint| {
            // The queue has space for the single result. If it cannot be sent, the caller has ended.
            let _ = sender.try_send(act(scheduler));
        });
        self.shared.intake.send(Entry::Call(call)).ok()?;
        receiver.recv().ok()
    }

    /// The same as [`RuntimeHandle::call`], but gives up when one component has held the turn for [`TIMEOUT`]. If the
    /// function is already in the queue, it is still called when the component returns.
    pub(crate) fn call_unless_held<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut dyn SafePoint) -> T + Send + 'static,
    ) -> Result<T, HandleError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let call = Box::new(move |scheduler: &mut dyn SafePoint| {
            // The queue has space for the single result. If it cannot be sent, the caller has given up.
            let _ = sender.try_send(act(scheduler));
        });
        let mut entry = Entry::Call(call);
        while let Err(refused) = self.shared.intake.send_timeout(entry, CHECK_INTERVAL) {
            self.check_turn()?;
            entry = match refused {
                SendTimeoutError::Timeout(entry) => entry,
                SendTimeoutError::Disconnected(_) => return Err(HandleError::RuntimeEnded),
            };
        }
        loop {
            match receiver.recv_timeout(CHECK_INTERVAL) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Disconnected) => return Err(HandleError::RuntimeEnded),
                Err(RecvTimeoutError::Timeout) => self.check_turn()?,
            }
        }
    }

    /// Fails if one component has held the turn for too long.
    fn check_turn(&self) -> Result<(), HandleError> {
        match self.turn_holder() {
            Some(TurnHolder { component, held_for }) if held_for >= TIMEOUT => {
                Err(HandleError::TurnHeld { component, held_for })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The component that has the turn now, and for how long; `None` if the scheduler waits or looks for work. Never blocks,
    /// even if a component loops without `.await`. The time counts from the first call that saw the same turn, so call it
    /// regularly, for example once per frame.
    pub fn turn_holder(&self) -> Option<TurnHolder> {
        self.shared.turn_watch.holder()
    }

    /// Returns the newest snapshot and asks for the next one. Snapshots are built only on request, at most 30 times a second by
    /// default.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        if self.shared.interest.ask() {
            // The scheduler may have gone to sleep before it was notified of an observer.
            self.shared.notify.notify();
        }
        lock(&self.shared.latest).clone()
    }

    /// Takes the lines that were printed to the console since the last call, as (component, line). Also returns how many lines
    /// were dropped because they were not taken in time.
    pub fn take_console(&self) -> (Vec<(Arc<str>, String)>, u64) {
        let mut console = lock(&self.shared.console);
        let dropped = std::mem::take(&mut console.dropped);
        (console.lines.drain(..).collect(), dropped)
    }
}
