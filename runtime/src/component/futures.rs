//! The futures that `BoxIo` returns: thin wrappers around the poll functions of `scheduler::component_core`, which clean up when dropped.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use smallvec::SmallVec;

use crate::delivery::inbox::Inbox;
use crate::message::Message;
use crate::scheduler::clock::TimerKey;
use crate::scheduler::component_core::Core;

/// The result of [`BoxIo::recv_timeout`](super::BoxIo::recv_timeout).
#[derive(Debug, Clone, PartialEq)]
pub enum Timed {
    /// A message.
    Message(Message),
    /// The stream has ended.
    Ended,
    /// The time has passed.
    TimedOut,
}

/// Waits for the next message in one inbox.
#[must_use = "a message is received only when this is awaited"]
pub struct Recv<'a> {
    pub(super) core: &'a Core,
    pub(super) index: usize,
}

impl Future for Recv<'_> {
    type Output = Option<Message>;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.core.poll_recv(self.index)
    }
}

/// Waits for the next message in any of several inboxes.
#[must_use = "a message is received only when this is awaited"]
pub struct RecvAny<'a, 'n> {
    pub(super) core: &'a Core,
    pub(super) names: &'n [&'n str],
    pub(super) indices: SmallVec<[usize; 4]>,
}

impl<'n> Future for RecvAny<'_, 'n> {
    type Output = Option<(&'n str, Message)>;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.core
            .poll_recv_any(&self.indices)
            .map(|found| found.and_then(|(position, message)| Some((*self.names.get(position)?, message))))
    }
}

/// Sends one message, waiting for space.
#[must_use = "the message is sent only when this is awaited"]
pub struct Send<'a> {
    pub(super) core: &'a Core,
    pub(super) index: usize,
    pub(super) message: ManuallyDrop<Option<Message>>,
    pub(super) waiting: ManuallyDrop<Option<Rc<Inbox>>>,
}

impl Future for Send<'_> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.core.poll_send(this.index, &mut this.message, &mut this.waiting)
    }
}

/// After almost every send there is nothing to drop, so only the check is inlined.
impl Drop for Send<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.message.is_some() || self.waiting.is_some() {
            self.give_up();
        }
    }
}

impl Send<'_> {
    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        drop(self.message.take());
        self.core.leave_waiters(&mut self.waiting);
    }
}

/// A position among the waiters of an inbox, given up when dropped.
pub(super) struct WaitingForSpace<'a> {
    pub core: &'a Core,
    pub inbox: Option<Rc<Inbox>>,
}

impl Drop for WaitingForSpace<'_> {
    fn drop(&mut self) {
        self.core.leave_waiters(&mut self.inbox);
    }
}

/// Waits until a moment on the runtime's clock.
#[must_use = "this waits only when it is awaited"]
pub struct Sleep<'a> {
    pub(super) core: &'a Core,
    pub(super) moment: Duration,
    pub(super) timer: Option<TimerKey>,
}

impl Future for Sleep<'_> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.core.poll_until(this.moment, &mut this.timer)
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        self.core.cancel(&mut self.timer);
    }
}

/// Waits for a message for a limited time.
#[must_use = "a message is received only when this is awaited"]
pub struct RecvTimeout<'a> {
    pub(super) recv: Recv<'a>,
    pub(super) sleep: Sleep<'a>,
}

impl Future for RecvTimeout<'_> {
    type Output = Timed;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Timed> {
        match Pin::new(&mut self.recv).poll(context) {
            Poll::Ready(Some(message)) => return Poll::Ready(Timed::Message(message)),
            Poll::Ready(None) => return Poll::Ready(Timed::Ended),
            Poll::Pending => {}
        }
        Pin::new(&mut self.sleep).poll(context).map(|()| Timed::TimedOut)
    }
}

/// Ends the turn once.
#[must_use = "the turn ends only when this is awaited"]
pub struct YieldNow<'a> {
    pub(super) core: &'a Core,
    pub(super) done: bool,
}

impl Future for YieldNow<'_> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.done, true) {
            return Poll::Ready(());
        }
        self.core.yielded.set(true);
        Poll::Pending
    }
}
