//! The far end of a port, for code that does not run on the scheduler: outside tasks, threads and handles.
//!
//! The near end, and the meaning of both ends, are in `port`.

use std::sync::Arc;
use std::time::Duration;

use async_channel::{Receiver, Sender, TryRecvError, TrySendError};
use async_io::{Timer, block_on};
use crossbeam::utils::Backoff;
use futures_lite::future::or;

use super::fault::Outcome;
use super::port_state::Shared;

/// The far end of a port.
pub(crate) struct Far<I, O> {
    pub(super) shared: Arc<Shared>,
    pub(super) incoming: Sender<I>,
    pub(super) outgoing: Receiver<O>,
}

impl<I, O> Clone for Far<I, O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), incoming: self.incoming.clone(), outgoing: self.outgoing.clone() }
    }
}

impl<I, O> Far<I, O> {
    /// Sends an item to the near end, waiting for space; `false` if the near end is closed.
    pub async fn send(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.mark();
                self.incoming.send(item).await.is_ok()
            }
        };
        self.shared.mark();
        sent
    }

    /// The same as [`Far::send`], but blocks the thread.
    pub fn send_blocking(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.mark();
                self.spin_for_space();
                self.incoming.send_blocking(item).is_ok()
            }
        };
        self.shared.mark();
        sent
    }

    /// Waits some microseconds for space. The near end usually makes space in that time, and sleeping and waking costs
    /// more than the messages that fit into the queue. It mostly spins: on a busy machine, a thread that yields often
    /// loses a whole time slice to another process.
    fn spin_for_space(&self) {
        let backoff = Backoff::new();
        while !backoff.is_completed() && self.incoming.is_full() && !self.incoming.is_closed() {
            backoff.snooze();
        }
    }

    /// The next item from the near end; `None` once it has closed the queue and all items were received.
    pub async fn recv(&self) -> Option<O> {
        if let Ok(item) = self.outgoing.try_recv() {
            return self.took(Some(item));
        }
        let idling = self.shared.begin_idling();
        let item = self.outgoing.recv().await.ok();
        drop(idling);
        self.took(item)
    }

    /// The same as [`Far::recv`], but blocks the thread.
    pub fn recv_blocking(&self) -> Option<O> {
        if let Ok(item) = self.outgoing.try_recv() {
            return self.took(Some(item));
        }
        let idling = self.shared.begin_idling();
        let item = self.outgoing.recv_blocking().ok();
        drop(idling);
        self.took(item)
    }

    /// Reports a received item to the near end, which may wait for space.
    fn took(&self, item: Option<O>) -> Option<O> {
        if item.is_some() {
            self.shared.take(1);
        }
        item
    }

    /// Declares that the far end may wait for something outside even while it waits for the near end.
    pub fn stay_open(&self) {
        self.shared.stay_open();
    }

    /// Whether the component has ended or was stopped.
    pub fn is_closed(&self) -> bool {
        self.incoming.is_closed()
    }

    /// Reports the end of the far end and closes both queues.
    pub fn end(&self, outcome: Outcome) {
        self.shared.note_end(outcome);
        self.incoming.close();
        self.outgoing.close();
        self.shared.mark();
    }

    /// Sends an item to the near end if there is space, otherwise returns it.
    pub fn try_send(&self, item: I) -> Result<(), TrySendError<I>> {
        let outcome = self.incoming.try_send(item);
        self.shared.mark();
        outcome
    }

    /// Sends an item to the near end, waiting for space for at most `timeout` in real time. `None` if there was no
    /// space in time, `Some(false)` if the near end is closed.
    pub fn send_timeout(&self, item: I, timeout: Duration) -> Option<bool> {
        block_on(or(async { Some(self.send(item).await) }, async {
            Timer::after(timeout).await;
            None
        }))
    }

    /// Takes the next item from the near end without waiting.
    pub fn try_recv(&self) -> Result<O, TryRecvError> {
        let item = self.outgoing.try_recv()?;
        self.shared.take(1);
        Ok(item)
    }

    /// Takes the next item from the near end, waiting for at most `timeout` in real time; `Empty` if none arrived in
    /// time.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<O, TryRecvError> {
        block_on(or(async { self.recv().await.ok_or(TryRecvError::Closed) }, async {
            Timer::after(timeout).await;
            Err(TryRecvError::Empty)
        }))
    }

    /// Whether the far end has reported its end.
    pub fn is_done(&self) -> bool {
        self.shared.has_ended()
    }
}
