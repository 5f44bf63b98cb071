//! Handle: ordinary code puts messages into a component of a background runtime, and gets what it sends (HND-6).
//!
//! May be used from any thread but the scheduler's, and by several at once. Each box has a queue of its own in each
//! direction, of [`PORT_LIMIT`](crate::component::outside::PORT_LIMIT) messages, and keeps its order; a reader that does
//! not read holds the component back like any full inbox. Letting go of a handle is not finishing: to finish, put
//! `ProducerFinished` into `control`.

use std::time::Duration;

use super::RuntimeHandle;
use super::wiring::{End, Wiring};
use crate::command::{Step, StepOutcome};
use crate::component::port::Far;
use crate::ids::ComponentId;
use crate::message::Message;
use crate::topology::ComponentDesc;

pub use super::wiring::HandleError;

/// What came of looking for a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Got {
    /// A message.
    Message(Message),
    /// Nothing is there now, or came in time.
    Nothing,
    /// The component has ended and everything it sent was read.
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

impl From<Result<Message, bool>> for Got {
    /// An error says whether nothing will come any more.
    fn from(came: Result<Message, bool>) -> Self {
        match came {
            Ok(message) => Self::Message(message),
            Err(false) => Self::Nothing,
            Err(true) => Self::Closed,
        }
    }
}

/// A component in the hands of ordinary code.
pub struct Handle {
    runtime: RuntimeHandle,
    id: ComponentId,
    wiring: Wiring,
}

impl RuntimeHandle {
    /// Makes a handle to a running component, for these inboxes and outboxes. What the outboxes sent before is not seen
    /// (BOX-9). Waits for the next safe point.
    ///
    /// # Errors
    /// There is no such component, it has no such box, or the runtime has ended.
    pub fn attach(&self, id: ComponentId, inboxes: &[&str], outboxes: &[&str]) -> Result<Handle, HandleError> {
        let owned = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let (inboxes, outboxes) = (owned(inboxes), owned(outboxes));
        let wiring = self
            .call(move |scheduler| scheduler.enter_attach(id, inboxes, outboxes))
            .ok_or(HandleError::RuntimeEnded)??;
        Ok(Handle { runtime: self.clone(), id, wiring })
    }

    /// Starts a component and makes a handle to it before its first turn, so that nothing it sends is missed (HND-1).
    ///
    /// # Errors
    /// The component is refused, it has no such box, or the runtime has ended. One without such a box runs all the same.
    pub fn start(
        &self,
        id: ComponentId,
        desc: ComponentDesc,
        inboxes: &[&str],
        outboxes: &[&str],
    ) -> Result<Handle, HandleError> {
        let owned = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let (inboxes, outboxes) = (owned(inboxes), owned(outboxes));
        let wiring = self.call(move |scheduler| {
            let outcomes = scheduler.enter_steps(0, vec![Step::Start { id, desc }], &mut |_| {});
            match outcomes.into_iter().find_map(|outcome| outcome.error) {
                Some(words) => Err(HandleError::Refused(words)),
                None => scheduler.enter_attach(id, inboxes, outboxes),
            }
        });
        Ok(Handle { runtime: self.clone(), id, wiring: wiring.ok_or(HandleError::RuntimeEnded)?? })
    }

    /// Applies steps at the next safe point and waits for their outcomes; `None` if the runtime has ended. Not for the
    /// scheduler's own thread.
    pub fn reconfigure(&self, steps: Vec<Step>) -> Option<Vec<StepOutcome>> {
        self.call(move |scheduler| scheduler.enter_steps(0, steps, &mut |_| {}))
    }
}

impl Handle {
    /// The component.
    pub fn id(&self) -> ComponentId {
        self.id
    }

    fn end<'a>(&self, ends: &'a [End], name: &str) -> Result<&'a Far<Message, Message>, HandleError> {
        let found = ends.iter().find(|(known, _)| **known == *name);
        found
            .map(|(_, far)| far)
            .ok_or_else(|| HandleError::NoSuchBox { component: self.id.to_string().into(), name: name.into() })
    }

    /// Puts a message into an inbox, waiting for room.
    ///
    /// # Errors
    /// The handle was made without this inbox, or the component has ended; then with the message.
    pub fn put(&self, inbox: &str, message: impl Into<Message>) -> Result<(), HandleError> {
        let message = message.into();
        let far = self.end(&self.wiring.puts, inbox)?;
        if far.send_blocking(message.clone()) { Ok(()) } else { Err(HandleError::Closed(message)) }
    }

    /// Puts a message into an inbox if there is room now.
    ///
    /// # Errors
    /// As for [`Handle::put`], or there is no room now; with the message.
    pub fn try_put(&self, inbox: &str, message: impl Into<Message>) -> Result<(), HandleError> {
        let far = self.end(&self.wiring.puts, inbox)?;
        far.try_send(message.into())
            .map_err(|(message, closed)| if closed { HandleError::Closed(message) } else { HandleError::Full(message) })
    }

    /// Puts a message into an inbox, waiting for room for so long in real time.
    ///
    /// # Errors
    /// As for [`Handle::put`], or there was no room in time; with the message.
    pub fn put_timeout(&self, inbox: &str, message: impl Into<Message>, patience: Duration) -> Result<(), HandleError> {
        let message = message.into();
        let far = self.end(&self.wiring.puts, inbox)?;
        match far.send_timeout(message.clone(), patience) {
            Some(true) => Ok(()),
            Some(false) => Err(HandleError::Closed(message)),
            None => Err(HandleError::Full(message)),
        }
    }

    /// The next message of an outbox, waiting for it; `None` once the component has ended and everything was read.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn get(&self, outbox: &str) -> Result<Option<Message>, HandleError> {
        Ok(self.end(&self.wiring.gets, outbox)?.recv_blocking())
    }

    /// The next message of an outbox if it is there.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn try_get(&self, outbox: &str) -> Result<Got, HandleError> {
        Ok(self.end(&self.wiring.gets, outbox)?.try_recv().into())
    }

    /// The next message of an outbox, waiting for it for so long in real time.
    ///
    /// # Errors
    /// The handle was made without this outbox.
    pub fn get_timeout(&self, outbox: &str, patience: Duration) -> Result<Got, HandleError> {
        Ok(self.end(&self.wiring.gets, outbox)?.recv_timeout(patience).into())
    }

    /// Stops the component, whatever it is doing (MP-11).
    ///
    /// # Errors
    /// The component was taken out, or the runtime has ended.
    pub fn stop(&self) -> Result<(), HandleError> {
        let id = self.id;
        let stopped = self.runtime.call(move |scheduler| scheduler.enter_stop(id)).ok_or(HandleError::RuntimeEnded)?;
        stopped.map_err(|fault| HandleError::Refused(fault.shared_words()))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        for (_, far) in self.wiring.puts.iter().chain(&self.wiring.gets) {
            far.end(Ok(()));
        }
    }
}
