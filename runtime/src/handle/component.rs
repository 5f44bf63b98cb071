//! Handle: code outside the runtime sends messages to a component and receives its messages (HND-6).
//!
//! A handle can be used from any thread except the scheduler's, and from several threads at once. Each box has its own
//! queue of [`PORT_LIMIT`](crate::component::outside::PORT_LIMIT) messages, and keeps their order. If an outbox's
//! messages are not read, the component waits as for any full inbox. Dropping a handle does not ask the component to
//! finish; to do that, put `ProducerFinished` into `control`.

use std::time::Duration;

use async_channel::{TryRecvError, TrySendError};

use super::RuntimeHandle;
use super::wiring::Wiring;
use crate::command::{Step, StepOutcome};
use crate::component::far_end::Far;
use crate::ids::{ComponentId, Direction};
use crate::message::Message;
use crate::topology::ComponentDesc;

pub use super::wiring::HandleError;

/// The result of [`Handle::try_get`] and [`Handle::get_timeout`].
#[derive(Debug, Clone, PartialEq)]
pub enum Got {
    /// A message.
    Message(Message),
    /// There is no message now, or none arrived in time.
    Nothing,
    /// The component has ended and all its messages were read.
    Closed,
}

impl Got {
    /// The message, if there is one.
    pub fn message(self) -> Option<Message> {
        match self {
            Self::Message(message) => Some(message),
            Self::Nothing | Self::Closed => None,
        }
    }
}

impl Got {
    fn of(received: Result<Message, TryRecvError>) -> Self {
        match received {
            Ok(message) => Self::Message(message),
            Err(TryRecvError::Empty) => Self::Nothing,
            Err(TryRecvError::Closed) => Self::Closed,
        }
    }
}

/// Access to the boxes of one component from outside the runtime.
pub struct Handle {
    runtime: RuntimeHandle,
    id: ComponentId,
    wiring: Wiring,
}

impl RuntimeHandle {
    /// Makes a handle to these inboxes and outboxes of a component. It does not receive messages sent earlier (BOX-9).
    /// Waits for the next safe point.
    ///
    /// # Errors
    /// The component or one of the boxes does not exist, the runtime has ended, or a component has held the turn for two
    /// seconds.
    pub fn attach(&self, id: ComponentId, inboxes: &[&str], outboxes: &[&str]) -> Result<Handle, HandleError> {
        let owned = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let (inboxes, outboxes) = (owned(inboxes), owned(outboxes));
        let wiring = self.call_unless_held(move |scheduler| scheduler.enter_attach(id, inboxes, outboxes))??;
        Ok(Handle { runtime: self.clone(), id, wiring })
    }

    /// Starts a component and makes a handle to it before its first turn, so that the handle receives every message (HND-1).
    ///
    /// # Errors
    /// The component cannot be started, one of the boxes does not exist, the runtime has ended, or another component has held
    /// the turn for two seconds. If only a box is missing, the component runs.
    pub fn start(
        &self,
        id: ComponentId,
        desc: ComponentDesc,
        inboxes: &[&str],
        outboxes: &[&str],
    ) -> Result<Handle, HandleError> {
        let owned = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let (inboxes, outboxes) = (owned(inboxes), owned(outboxes));
        let wiring = self.call_unless_held(move |scheduler| {
            let mut refused = None;
            scheduler.enter_steps(0, vec![Step::Start { id, desc }], &mut |error| refused = Some(error));
            match refused {
                Some(error) => Err(HandleError::Refused(error)),
                None => scheduler.enter_attach(id, inboxes, outboxes),
            }
        });
        Ok(Handle { runtime: self.clone(), id, wiring: wiring?? })
    }

    /// Applies steps at the next safe point and waits for their outcomes; `None` if the runtime has ended. Do not call it on
    /// the scheduler's own thread.
    pub fn reconfigure(&self, steps: Vec<Step>) -> Option<Vec<StepOutcome>> {
        self.call(move |scheduler| scheduler.enter_steps(0, steps, &mut |_| {}))
    }
}

impl Handle {
    /// The identity of the component.
    pub fn id(&self) -> ComponentId {
        self.id
    }

    fn end(&self, side: Direction, name: &str) -> Result<&Far<Message, Message>, HandleError> {
        let ends = match side {
            Direction::Inbox => &self.wiring.puts,
            Direction::Outbox => &self.wiring.gets,
        };
        let found = ends.iter().find(|(known, _)| **known == *name).map(|(_, far)| far);
        found.ok_or_else(|| {
            let component = self.wiring.component.clone();
            HandleError::NotAttached { component, side, name: name.into() }
        })
    }

    /// Puts a message into an inbox, and blocks while its queue is full.
    ///
    /// # Errors
    /// The handle was made without this inbox, or the component has ended; the latter error returns the message.
    pub fn put(&self, inbox: &str, message: impl Into<Message>) -> Result<(), HandleError> {
        let message = message.into();
        let far = self.end(Direction::Inbox, inbox)?;
        if far.send_blocking(message.clone()) { Ok(()) } else { Err(HandleError::Closed(message)) }
    }

    /// Puts a message into an inbox if its queue has space.
    ///
    /// # Errors
    /// As for [`Handle::put`], or the queue is full; the latter error returns the message.
    pub fn try_put(&self, inbox: &str, message: impl Into<Message>) -> Result<(), HandleError> {
        let far = self.end(Direction::Inbox, inbox)?;
        far.try_send(message.into()).map_err(|error| match error {
            TrySendError::Closed(message) => HandleError::Closed(message),
            TrySendError::Full(message) => HandleError::Full(message),
        })
    }

    /// Puts a message into an inbox, and blocks while its queue is full, for at most `timeout` in real time.
    ///
    /// # Errors
    /// As for [`Handle::put`], or the queue was full for that long; the latter error returns the message.
    pub fn put_timeout(&self, inbox: &str, message: impl Into<Message>, timeout: Duration) -> Result<(), HandleError> {
        let message = message.into();
        let far = self.end(Direction::Inbox, inbox)?;
        match far.send_timeout(message.clone(), timeout) {
            Some(true) => Ok(()),
            Some(false) => Err(HandleError::Closed(message)),
            None => Err(HandleError::Full(message)),
        }
    }

    /// Blocks until an outbox has sent a message; `None` once the component has ended and all its messages were read.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn get(&self, outbox: &str) -> Result<Option<Message>, HandleError> {
        Ok(self.end(Direction::Outbox, outbox)?.recv_blocking())
    }

    /// The next message of an outbox, without waiting.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn try_get(&self, outbox: &str) -> Result<Got, HandleError> {
        Ok(Got::of(self.end(Direction::Outbox, outbox)?.try_recv()))
    }

    /// Blocks until an outbox has sent a message, for at most `timeout` in real time.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn get_timeout(&self, outbox: &str, timeout: Duration) -> Result<Got, HandleError> {
        Ok(Got::of(self.end(Direction::Outbox, outbox)?.recv_timeout(timeout)))
    }

    /// Stops the component at once, whatever it is doing (MP-11).
    ///
    /// # Errors
    /// The component was removed, the runtime has ended, or a component has held the turn for two seconds; in the last case,
    /// the component is stopped when that turn ends.
    pub fn stop(&self) -> Result<(), HandleError> {
        let id = self.id;
        let stopped = self.runtime.call_unless_held(move |scheduler| scheduler.enter_stop(id))?;
        stopped.map_err(HandleError::Refused)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        for (_, far) in self.wiring.puts.iter().chain(&self.wiring.gets) {
            far.end(Ok(()));
        }
    }
}
