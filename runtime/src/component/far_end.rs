//! More ways to use the far end of a port: without waiting, and for a while only.
//!
//! For ordinary code and for threads; the scheduler's side is in `outside`.

use std::time::Duration;

use async_channel::{TryRecvError, TrySendError};
use async_io::{Timer, block_on};
use futures_lite::future::or;

use super::port::{Far, Near};

impl<I, O> Near<I, O> {
    /// The far end has let go.
    pub fn far_has_ended(&self) -> bool {
        self.has_ended.get()
    }
}

impl<I, O> Far<I, O> {
    /// Hands something over if there is room; else gives it back, and whether the near end is gone.
    pub fn try_send(&self, item: I) -> Result<(), (I, bool)> {
        let outcome = self.incoming.try_send(item).map_err(|error| match error {
            TrySendError::Full(item) => (item, false),
            TrySendError::Closed(item) => (item, true),
        });
        self.shared.mark();
        outcome
    }

    /// Hands something over, waiting for room for so long in real time; `None` if there was none, `Some(false)` if the
    /// near end is gone.
    pub fn send_timeout(&self, item: I, patience: Duration) -> Option<bool> {
        block_on(or(async { Some(self.send(item).await) }, async {
            Timer::after(patience).await;
            None
        }))
    }

    /// The next thing if it is there; else whether nothing will come.
    pub fn try_recv(&self) -> Result<O, bool> {
        match self.outgoing.try_recv() {
            Ok(item) => self.took(Some(item)).ok_or(false),
            Err(error) => Err(error == TryRecvError::Closed),
        }
    }

    /// The next thing, waiting for so long in real time; else whether nothing will come.
    pub fn recv_timeout(&self, patience: Duration) -> Result<O, bool> {
        let came = block_on(or(async { self.recv().await.ok_or(true) }, async {
            Timer::after(patience).await;
            Err(false)
        }));
        if came.is_err() {
            self.shared.far_idle.store(false, std::sync::atomic::Ordering::SeqCst);
        }
        came
    }

    /// The far end itself is done.
    pub fn is_done(&self) -> bool {
        self.shared.ended.load(std::sync::atomic::Ordering::Acquire)
    }
}
