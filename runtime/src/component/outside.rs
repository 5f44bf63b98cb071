//! Outside: the one door between a component and the world (R2).
//!
//! The near end, [`Outside`], is used by the component on the scheduler thread; the far end, [`OutsidePort`], by an
//! async task on the reactor thread. Messages that come in enter at a pass boundary.

use super::Fault;
use crate::message::Message;

/// The component's end.
pub struct Outside {}

impl Outside {
    /// The next message from outside; `None` once the task has ended well, an error if it ended badly.
    pub async fn recv(&self) -> Result<Option<Message>, Fault> {
        unimplemented!()
    }
    /// Sends to the task, waiting while 64 messages wait; `false` once the task has ended.
    pub async fn send(&self, _message: impl Into<Message>) -> bool {
        unimplemented!()
    }
    /// Tells the task that no more will be sent: its `recv` gives `None` after what is queued.
    pub fn finish_sending(&self) {
        unimplemented!()
    }
}

/// The task's end. Every call waits while its bounded queue is full or empty.
#[derive(Clone)]
pub struct OutsidePort {}

impl OutsidePort {
    /// Hands a message to the component; `false` once the component has ended (then the task should end too).
    pub async fn send(&self, _message: impl Into<Message>) -> bool {
        unimplemented!()
    }
    /// The next message from the component; `None` once it has finished sending or has ended.
    pub async fn recv(&self) -> Option<Message> {
        unimplemented!()
    }
}
