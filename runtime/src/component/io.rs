//! BoxIo: the only thing a running component can touch.
//!
//! Used on the scheduler thread only. Naming a box that does not exist ends the component with words that name component
//! and box (BOX-11).

use std::future::{Future, poll_fn};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::fault::Outcome;
use super::futures::{Recv, RecvAny, RecvTimeout, Send, Sleep, WaitingForRoom, YieldNow};
use super::outside::{self, Outside, OutsidePort};
use crate::delivery::wake_state::EndRequest;
use crate::delivery::wake_state::WAIT_OTHER;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::message::Message;
use crate::params::Params;
use crate::scheduler::core::{Core, WaitNote};
use crate::surface::Surface;

pub use super::futures::Timed;

/// The boxes, clock, console, surface and outside of one component.
///
/// # Panics
/// Naming a box that the component does not have is a mistake in its code: the call unwinds, and the component has
/// crashed in words that name both (BOX-11). The cause of that [`Fault`](super::Fault) is a
/// [`NoSuchBox`](crate::topology::NoSuchBox).
pub struct BoxIo {
    pub(crate) core: Rc<Core>,
}

/// A named service of the tracker: a box of some component (CAT-2).
#[derive(Debug, Clone)]
pub struct Service {
    /// The name it was registered under.
    pub name: Arc<str>,
    pub(crate) target: BoxAddr,
}

impl BoxIo {
    /// The component's identity.
    pub fn id(&self) -> ComponentId {
        self.core.id()
    }

    /// The component's name; it changes when the user renames it.
    pub fn name(&self) -> Arc<str> {
        self.core.boxes.name.borrow().clone()
    }

    /// The settings in force now; settings described as live change while it runs.
    pub fn params(&self) -> Rc<Params> {
        self.core.params.borrow().clone()
    }

    /// The runtime's clock at the beginning of this pass.
    pub fn now(&self) -> Duration {
        self.core.context.traffic.now()
    }

    #[inline]
    fn inbox_index(&self, name: &str) -> usize {
        self.core.boxes.find_inbox(name).unwrap_or_else(|| self.core.no_such_box(Direction::Inbox, name))
    }

    #[inline]
    fn outbox_index(&self, name: &str) -> usize {
        self.core.boxes.find_outbox(name).unwrap_or_else(|| self.core.no_such_box(Direction::Outbox, name))
    }

    /// The next message of an inbox; `None` once its stream has ended (R9).
    ///
    /// # Panics
    /// There is no such inbox: the component has crashed (BOX-11).
    #[inline]
    pub fn recv(&self, inbox: &str) -> Recv<'_> {
        Recv { core: &self.core, index: self.inbox_index(inbox) }
    }

    /// The next message if one waits (BOX-13).
    pub fn try_recv(&self, inbox: &str) -> Option<Message> {
        let index = self.inbox_index(inbox);
        let inboxes = self.core.boxes.inboxes.borrow();
        let inbox = inboxes.get(index)?;
        if inbox.forwarded.get() { None } else { inbox.take(&self.core.context.run_queue) }
    }

    /// The next message of several inboxes, earlier names first; `None` once all streams have ended.
    pub fn recv_any<'n>(&self, inboxes: &'n [&'n str]) -> RecvAny<'_, 'n> {
        let indices = inboxes.iter().map(|name| self.inbox_index(name)).collect();
        RecvAny { core: &self.core, names: inboxes, indices }
    }

    /// The next message, or the end, or that `patience` has passed.
    pub fn recv_timeout(&self, inbox: &str, patience: Duration) -> RecvTimeout<'_> {
        RecvTimeout { recv: self.recv(inbox), sleep: self.sleep(patience) }
    }

    /// Messages waiting in an inbox (BOX-14); 0 if it is linked onward (BOX-17).
    ///
    /// # Panics
    /// There is no such inbox: the component has crashed (BOX-11).
    pub fn depth(&self, inbox: &str) -> usize {
        let index = self.inbox_index(inbox);
        self.core.boxes.inboxes.borrow().get(index).map_or(0, |inbox| inbox.depth())
    }

    /// The first of its inboxes with something in it, in order of declaration, `control` last (BOX-15).
    pub fn any_ready(&self) -> Option<Arc<str>> {
        let inboxes = self.core.boxes.inboxes.borrow();
        let ready = inboxes.iter().find(|inbox| inbox.depth() > 0 && !inbox.forwarded.get());
        ready.map(|inbox| inbox.name.text())
    }

    /// Takes what waits in an inbox, one by one, including what arrives meanwhile (BOX-16).
    pub fn drain<'a>(&'a self, inbox: &'a str) -> impl Iterator<Item = Message> + 'a {
        std::iter::from_fn(move || self.try_recv(inbox))
    }

    /// Sends, waiting for room behind every link of the outbox (R7, R8).
    ///
    /// # Panics
    /// There is no such outbox: the component has crashed (BOX-11). If nothing is linked to it, nothing is wrong (BOX-9).
    #[inline]
    pub fn send(&self, outbox: &str, message: impl Into<Message>) -> Send<'_> {
        let index = self.outbox_index(outbox);
        let (message, waiting) = (ManuallyDrop::new(Some(message.into())), ManuallyDrop::new(None));
        Send { core: &self.core, index, message, waiting }
    }

    /// Sends if there is room, else gives the message back (BOX-28).
    ///
    /// # Errors
    /// There is no room; with the message.
    pub fn try_send(&self, outbox: &str, message: impl Into<Message>) -> Result<(), Message> {
        self.core.try_send(self.outbox_index(outbox), message.into())
    }

    /// Whether a send would go through at once; an unlinked outbox always has room (BOX-27).
    pub fn has_room(&self, outbox: &str) -> bool {
        let index = self.outbox_index(outbox);
        self.core.boxes.outboxes.borrow().get(index).is_none_or(|outbox| outbox.obstacle().is_none())
    }

    /// Whether anything is linked to an outbox at present; what is sent through one without links is discarded (BOX-9).
    pub fn is_linked(&self, outbox: &str) -> bool {
        let index = self.outbox_index(outbox);
        self.core.boxes.outboxes.borrow().get(index).is_some_and(|outbox| !outbox.routes().is_empty())
    }

    /// Waits until a send through this outbox would go through (WAKE-8). Somebody else may be quicker: try again.
    pub async fn room(&self, outbox: &str) {
        let index = self.outbox_index(outbox);
        let mut place = WaitingForRoom { core: &self.core, queue: None };
        poll_fn(|_| self.core.poll_room(index, &mut place.queue)).await;
    }

    /// Gives the turn back until anything happens: a message arrives in any inbox, a child ends, something outside stirs.
    /// What was there before does not count (WAKE-10), and the wake may be about something else (WAKE-9): look again.
    pub async fn pause(&self) {
        let mut is_over = self.core.end_request() == EndRequest::Shutdown;
        if is_over {
            self.yield_now().await;
        }
        poll_fn(|_| {
            if std::mem::replace(&mut is_over, true) {
                return Poll::Ready(());
            }
            self.core.boxes.wake_state.waits.set(u32::MAX);
            Poll::Pending
        })
        .await;
    }

    /// Waits on the runtime's clock.
    pub fn sleep(&self, span: Duration) -> Sleep<'_> {
        self.sleep_until(self.now().saturating_add(span))
    }

    /// Waits until this moment on the runtime's clock. A moment that has passed still counts as work of this turn, so a
    /// loop over it cannot keep others from theirs.
    pub fn sleep_until(&self, moment: Duration) -> Sleep<'_> {
        Sleep { core: &self.core, moment, timer: None }
    }

    /// Ends this turn; the next begins in the next pass.
    pub fn yield_now(&self) -> YieldNow<'_> {
        YieldNow { core: &self.core, done: false }
    }

    /// A path of the settings made absolute: relative ones start from the folder of the project file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.core.context.base_folder.join(path)
    }

    /// Whether a shutdown message has arrived on `control`.
    pub fn is_shutting_down(&self) -> bool {
        self.core.end_request() == EndRequest::Shutdown
    }

    /// Replaces what the component shows.
    pub fn show(&self, surface: Surface) {
        *self.core.surface.borrow_mut() = Some(Arc::new(surface));
    }

    /// Writes one line to the console.
    pub fn print(&self, line: &str) {
        self.core.context.output.print(&self.name(), line);
    }

    /// Says something about the component itself, as opposed to its work: on the console of the window, or on standard
    /// error, because standard output belongs to the console components.
    pub fn note(&self, words: &str) {
        self.core.context.output.note(&self.name(), words);
    }

    /// Starts a task outside the scheduler and gives the near end of its port (R2, R3). The task runs on the reactor
    /// thread, together with all others: blocking calls belong in `blocking::unblock` or a
    /// [`super::ThreadedComponent`]. Dropping the near end cancels it.
    pub fn outside<F, T>(&self, label: &str, task: F) -> Outside
    where
        F: FnOnce(OutsidePort) -> T + std::marker::Send + 'static,
        T: Future<Output = Outcome> + std::marker::Send + 'static,
    {
        outside::open(&self.core, label, task)
    }

    /// Notes that it waits for something that is not a box.
    pub(crate) fn wait_for_other(&self, label: &str) {
        let wake_state = &self.core.boxes.wake_state;
        wake_state.waits.set(wake_state.waits.get() | WAIT_OTHER);
        *self.core.waits_for.borrow_mut() = WaitNote::Outside(label.into());
    }
}
