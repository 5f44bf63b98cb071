//! BoxIo: everything that a running component can use.
//!
//! Used on the scheduler thread only. A component that names a box it does not have crashes, and the fault names the
//! component and the box (BOX-11).

use std::future::{Future, poll_fn};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::fault::Outcome;
use super::futures::{Recv, RecvAny, RecvTimeout, Send, Sleep, WaitingForSpace, YieldNow};
use super::outside::{self, Outside, OutsidePort};
use crate::delivery::wake_state::{EndRequest, WAIT_OTHER};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::message::Message;
use crate::params::Params;
use crate::scheduler::component_core::{Core, WaitNote};
use crate::surface::Surface;

pub use super::futures::Timed;

/// The boxes, clock, console and surface of one component, and its access to outside tasks.
///
/// # Panics
/// If the code names a box that the component does not have, the call unwinds and the component crashes (BOX-11). The
/// [`Fault`](super::Fault) names the component and the box; its cause is a [`NoSuchBox`](crate::topology::NoSuchBox).
pub struct BoxIo {
    pub(crate) core: Rc<Core>,
}

/// A named service of the tracker, which is a box of a component (CAT-2).
#[derive(Debug, Clone)]
pub struct Service {
    /// The name under which it was registered.
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

    /// A seed for the random choices of this component: it depends on the seed of the run and on the component, so that
    /// a run with the same seed, and a replay, repeat the same choices. Derive all random numbers from it; numbers from
    /// elsewhere differ in a replay.
    pub fn seed(&self) -> u64 {
        // The finalizer of splitmix64: seeds and identities that differ in one bit give unrelated results.
        let mixed = self.core.context.seed ^ self.id().0.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The current settings. Live settings may change while the component runs.
    pub fn params(&self) -> Rc<Params> {
        self.core.params.borrow().clone()
    }

    /// The time on the runtime's clock at the beginning of this pass.
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
    /// There is no such inbox: the component crashes (BOX-11).
    #[inline]
    pub fn recv(&self, inbox: &str) -> Recv<'_> {
        Recv { core: &self.core, index: self.inbox_index(inbox) }
    }

    /// The next message of an inbox, if one waits (BOX-13).
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

    /// Waits for the next message or the end of the stream, for at most `timeout`.
    pub fn recv_timeout(&self, inbox: &str, timeout: Duration) -> RecvTimeout<'_> {
        RecvTimeout { recv: self.recv(inbox), sleep: self.sleep(timeout) }
    }

    /// Number of messages that wait in an inbox (BOX-14); 0 if it is linked onward (BOX-17).
    ///
    /// # Panics
    /// There is no such inbox: the component crashes (BOX-11).
    pub fn depth(&self, inbox: &str) -> usize {
        let index = self.inbox_index(inbox);
        self.core.boxes.inboxes.borrow().get(index).map_or(0, |inbox| inbox.depth())
    }

    /// The first inbox that has a message, in order of declaration, `control` last (BOX-15).
    pub fn any_ready(&self) -> Option<Arc<str>> {
        let inboxes = self.core.boxes.inboxes.borrow();
        let ready = inboxes.iter().find(|inbox| inbox.depth() > 0 && !inbox.forwarded.get());
        ready.map(|inbox| inbox.name.text())
    }

    /// Takes the waiting messages of an inbox one by one, including those that arrive meanwhile (BOX-16).
    pub fn drain<'a>(&'a self, inbox: &'a str) -> impl Iterator<Item = Message> + 'a {
        std::iter::from_fn(move || self.try_recv(inbox))
    }

    /// Sends a message, waiting until there is space in every inbox behind the outbox (R7, R8). An outbox without a
    /// link discards the message (BOX-9).
    ///
    /// # Panics
    /// There is no such outbox: the component crashes (BOX-11).
    #[inline]
    pub fn send(&self, outbox: &str, message: impl Into<Message>) -> Send<'_> {
        let index = self.outbox_index(outbox);
        let (message, waiting) = (ManuallyDrop::new(Some(message.into())), ManuallyDrop::new(None));
        Send { core: &self.core, index, message, waiting }
    }

    /// Sends a message if there is space, otherwise returns it (BOX-28).
    ///
    /// # Errors
    /// There is no space; returns the message.
    pub fn try_send(&self, outbox: &str, message: impl Into<Message>) -> Result<(), Message> {
        self.core.try_send(self.outbox_index(outbox), message.into())
    }

    /// Whether a send would succeed at once; always true for an outbox without a link (BOX-27).
    pub fn has_space(&self, outbox: &str) -> bool {
        let index = self.outbox_index(outbox);
        self.core.boxes.outboxes.borrow().get(index).is_none_or(|outbox| outbox.obstacle().is_none())
    }

    /// Whether an outbox has a link now; an outbox without a link discards its messages (BOX-9).
    pub fn is_linked(&self, outbox: &str) -> bool {
        let index = self.outbox_index(outbox);
        self.core.boxes.outboxes.borrow().get(index).is_some_and(|outbox| !outbox.routes().is_empty())
    }

    /// Waits until a send through this outbox would succeed (WAKE-8). Another sender may use the space first; if so,
    /// wait again.
    pub async fn space(&self, outbox: &str) {
        let index = self.outbox_index(outbox);
        let mut waiting = WaitingForSpace { core: &self.core, inbox: None };
        poll_fn(|_| self.core.poll_space(index, &mut waiting.inbox)).await;
    }

    /// Ends the turn until something happens: a message arrives in any inbox, a child ends, something arrives from
    /// outside. Earlier events do not count (WAKE-10), and a wake may have another cause (WAKE-9), so check again
    /// afterwards.
    pub async fn pause(&self) {
        let mut is_over = self.core.end_request() == EndRequest::Shutdown;
        if is_over {
            self.yield_now().await;
        }
        poll_fn(|_| {
            if std::mem::replace(&mut is_over, true) {
                return Poll::Ready(());
            }
            self.core.boxes.wake_state.wait_for_anything();
            Poll::Pending
        })
        .await;
    }

    /// Waits for this long on the runtime's clock.
    pub fn sleep(&self, span: Duration) -> Sleep<'_> {
        self.sleep_until(self.now().saturating_add(span))
    }

    /// Waits until this moment on the runtime's clock. A call with a moment in the past uses up budget like a message, so a
    /// loop of such calls does not starve other components.
    pub fn sleep_until(&self, moment: Duration) -> Sleep<'_> {
        Sleep { core: &self.core, moment, timer: None }
    }

    /// Ends this turn; the next begins in the next pass.
    pub fn yield_now(&self) -> YieldNow<'_> {
        YieldNow { core: &self.core, done: false }
    }

    /// Makes a path from the settings absolute. Relative paths start from the folder of the project file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.core.context.base_folder.join(path)
    }

    /// Whether a shutdown message has arrived on `control`.
    pub fn is_shutting_down(&self) -> bool {
        self.core.end_request() == EndRequest::Shutdown
    }

    /// Replaces the surface that the component shows.
    pub fn show(&self, surface: Surface) {
        *self.core.surface.borrow_mut() = Some(Arc::new(surface));
    }

    /// Writes one line to the console.
    pub fn print(&self, line: &str) {
        self.core.context.output.print(&self.name(), line);
    }

    /// Writes a note: a report about the component itself, apart from its output. It appears on the console of the window, or
    /// on standard error, because standard output belongs to the console components.
    pub fn note(&self, text: &str) {
        self.core.context.output.note(&self.name(), text);
    }

    /// Starts a task outside the scheduler and returns the near end of its port (R2, R3). All tasks share the reactor thread,
    /// so blocking calls belong in `blocking::unblock` or in a [`super::ThreadedComponent`]. Dropping the near end cancels the
    /// task.
    pub fn outside<F, T>(&self, label: &str, task: F) -> Outside
    where
        F: FnOnce(OutsidePort) -> T + std::marker::Send + 'static,
        T: Future<Output = Outcome> + std::marker::Send + 'static,
    {
        outside::open(&self.core, label, task)
    }

    /// Notes that the component is waiting for something other than a box.
    pub(crate) fn wait_for_other(&self, label: &str) {
        self.core.boxes.wake_state.wait_for(WAIT_OTHER);
        *self.core.waits_for.borrow_mut() = WaitNote::Outside(label.into());
    }
}
