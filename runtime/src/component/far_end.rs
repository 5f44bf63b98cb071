//! Calls on the far end of a port that do not wait, or wait for a limited time. Handles and threads use them.
//!
//! The calls that wait without a limit are in `port`.

use std::time::Duration;

use async_channel::{TryRecvError, TrySendError};
use async_io::{Timer, block_on};
use futures_lite::future::or;

use super::port::{Far, Near};

impl<I, O> Near<I, O> {
    /// Whether the near end has seen the end of the far end.
    pub fn far_has_ended(&self) -> bool {
        self.has_ended.get()
    }
}

impl<I, O> Far<I, O> {
    /// Sends an item to the near end if there is space, otherwise returns it.
    pub fn try_send(&self, item: I) -> Result<(), TrySendError<I>> {
        let outcome = self.incoming.try_send(item);
        self.shared.mark();
        outcome
    }

    /// Sends an item to the near end, waiting for space for at most `patience` in real time. `None` if there was no space in
    /// time, `Some(false)` if the near end is closed.
    pub fn send_timeout(&self, item: I, patience: Duration) -> Option<bool> {
        block_on(or(async { Some(self.send(item).await) }, async {
            Timer::after(patience).await;
            None
        }))
    }

    /// Takes the next item from the near end without waiting.
    pub fn try_recv(&self) -> Result<O, TryRecvError> {
        let item = self.outgoing.try_recv()?;
        self.shared.take(1);
        Ok(item)
    }

    /// Takes the next item from the near end, waiting for at most `patience` in real time; `Empty` if none arrived in time.
    pub fn recv_timeout(&self, patience: Duration) -> Result<O, TryRecvError> {
        block_on(or(async { self.recv().await.ok_or(TryRecvError::Closed) }, async {
            Timer::after(patience).await;
            Err(TryRecvError::Empty)
        }))
    }

    /// Whether the far end has reported its end.
    pub fn is_done(&self) -> bool {
        self.shared.ended.load(std::sync::atomic::Ordering::Acquire)
    }
}
