//! BoxIo: the only thing a running component can touch.
//!
//! Used on the scheduler thread only. Naming a box that does not exist ends the component with words that name component
//! and box (BOX-11).

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::futures::{Recv, RecvAny, RecvTimeout, Send, Sleep, YieldNow};
use super::outside::{self, Outside, OutsidePort};
use super::{Fault, Outcome};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::mailbox::Ending;
use crate::message::Message;
use crate::params::Params;
use crate::scheduler::core::{Core, WaitNote};
use crate::scheduler::kernel::Request;
use crate::scheduler::pulse::WAIT_OTHER;
use crate::surface::Surface;

/// The boxes, clock, console, surface and outside of one component.
pub struct BoxIo {
    pub(crate) core: Rc<Core>,
}

/// What [`BoxIo::recv_timeout`] came back with.
#[derive(Debug, Clone, PartialEq)]
pub enum Timed {
    /// A message.
    Message(Message),
    /// The stream has ended.
    Ended,
    /// The time was up.
    TimedOut,
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
        self.core.pulse.id
    }

    /// The component's name; it changes when the user renames it.
    pub fn name(&self) -> Arc<str> {
        self.core.name.borrow().clone()
    }

    /// The settings in force now; settings described as live change while it runs.
    pub fn params(&self) -> Rc<Params> {
        self.core.params.borrow().clone()
    }

    /// The runtime's clock at the beginning of this pass.
    pub fn now(&self) -> Duration {
        self.core.kernel.now()
    }

    #[inline]
    fn inbox_index(&self, name: &str) -> usize {
        self.core.find_inbox(name).unwrap_or_else(|| self.core.no_such_box(Direction::Inbox, name))
    }

    #[inline]
    fn outbox_index(&self, name: &str) -> usize {
        self.core.find_outbox(name).unwrap_or_else(|| self.core.no_such_box(Direction::Outbox, name))
    }

    /// The next message of an inbox; `None` once its stream has ended (R9).
    #[inline]
    pub fn recv(&self, inbox: &str) -> Recv<'_> {
        Recv { core: &self.core, index: self.inbox_index(inbox) }
    }

    /// The next message if one waits (BOX-13).
    pub fn try_recv(&self, inbox: &str) -> Option<Message> {
        let index = self.inbox_index(inbox);
        let inboxes = self.core.inboxes.borrow();
        let inbox = inboxes.get(index)?;
        if inbox.forwarded.get() { None } else { inbox.take(&self.core.kernel) }
    }

    /// The next message of several inboxes, earlier names first; `None` once all streams have ended.
    pub fn recv_any<'n>(&self, inboxes: &'n [&'static str]) -> RecvAny<'_, 'n> {
        let indices = inboxes.iter().map(|name| self.inbox_index(name)).collect();
        RecvAny { core: &self.core, names: inboxes, indices }
    }

    /// The next message, or the end, or that `patience` has passed.
    pub fn recv_timeout(&self, inbox: &str, patience: Duration) -> RecvTimeout<'_> {
        RecvTimeout { recv: self.recv(inbox), sleep: self.sleep(patience) }
    }

    /// Messages waiting in an inbox (BOX-14); 0 if it is linked onward (BOX-17).
    pub fn depth(&self, inbox: &str) -> usize {
        let index = self.inbox_index(inbox);
        self.core.inboxes.borrow().get(index).map_or(0, |inbox| inbox.depth())
    }

    /// Sends, waiting for room behind every link of the outbox (R7, R8).
    #[inline]
    pub fn send(&self, outbox: &str, message: impl Into<Message>) -> Send<'_> {
        let index = self.outbox_index(outbox);
        Send { core: &self.core, index, message: Some(message.into()), waiting: None }
    }

    /// Sends if there is room, else gives the message back (BOX-28).
    pub fn try_send(&self, outbox: &str, message: impl Into<Message>) -> Result<(), Message> {
        self.core.try_send(self.outbox_index(outbox), message.into())
    }

    /// Whether a send would go through at once; an unlinked outbox always has room (BOX-27).
    pub fn has_room(&self, outbox: &str) -> bool {
        let index = self.outbox_index(outbox);
        self.core.outboxes.borrow().get(index).is_none_or(|outbox| outbox.obstacle().is_none())
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
        self.core.kernel.base_folder.join(path)
    }

    /// Whether a shutdown message has arrived on `control`.
    pub fn is_shutting_down(&self) -> bool {
        self.core.asked() == Ending::Shutdown
    }

    /// Replaces what the component shows.
    pub fn show(&self, surface: Surface) {
        *self.core.surface.borrow_mut() = Some(Arc::new(surface));
    }

    /// Writes one line to the console.
    pub fn print(&self, line: &str) {
        self.core.kernel.print(&self.name(), line);
    }

    /// Says something about the component itself, as opposed to its work: on the console of the window, or on standard
    /// error, because standard output belongs to the console components.
    pub fn note(&self, words: &str) {
        self.core.kernel.note(&self.name(), words);
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

    /// Registers one of its inboxes as a service (CAT-2). It is deregistered when the component ends (CAT-6).
    pub fn register_inbox_service(&self, name: &str, inbox: &str) -> Result<(), Fault> {
        let index = self.inbox_index(inbox);
        let _ = index;
        self.register(name, BoxAddr::inbox(self.id(), inbox))
    }

    /// Registers one of its outboxes as a service that can be subscribed to.
    pub fn register_outbox_service(&self, name: &str, outbox: &str) -> Result<(), Fault> {
        let index = self.outbox_index(outbox);
        let _ = index;
        self.register(name, BoxAddr::outbox(self.id(), outbox))
    }

    fn register(&self, name: &str, target: BoxAddr) -> Result<(), Fault> {
        let kernel = &self.core.kernel;
        kernel.tracker.borrow_mut().register(kernel, name.into(), target).map_err(Fault::from)
    }

    /// The service of this name, waiting until it exists (CAT-4, BACK-4); `None` if told to end meanwhile.
    pub async fn service(&self, name: &str) -> Option<Service> {
        let mut is_waiting = false;
        poll_fn(|_| {
            let kernel = &self.core.kernel;
            if let Ok(target) = kernel.tracker.borrow().retrieve(name) {
                return Poll::Ready(Some(Service { name: name.into(), target }));
            }
            if self.core.asked() != Ending::No {
                return Poll::Ready(None);
            }
            if !std::mem::replace(&mut is_waiting, true) {
                kernel.tracker.borrow_mut().wait_for(name.into(), self.core.pulse.clone());
            }
            self.wait_for_other(&format!("the service {name}"));
            Poll::Pending
        })
        .await
    }

    /// Takes a service off the books (CAT-5).
    pub fn deregister_service(&self, name: &str) -> Result<(), Fault> {
        self.core.kernel.tracker.borrow_mut().deregister(name).map_err(Fault::from)
    }

    /// Begins to track a named value (CAT-7); it is forgotten when this component ends.
    pub fn track_value(&self, name: &str, value: impl Into<Message>) -> Result<(), Fault> {
        let mut tracker = self.core.kernel.tracker.borrow_mut();
        tracker.track(self.id(), name.into(), value.into()).map_err(Fault::from)
    }

    /// Changes a tracked value, whoever tracks it.
    pub fn update_value(&self, name: &str, value: impl Into<Message>) -> Result<(), Fault> {
        self.core.kernel.tracker.borrow_mut().update(name, value.into()).map_err(Fault::from)
    }

    /// A tracked value.
    pub fn tracked_value(&self, name: &str) -> Result<Message, Fault> {
        self.core.kernel.tracker.borrow().value(name).map_err(Fault::from)
    }

    fn wait_for_other(&self, label: &str) {
        let pulse = &self.core.pulse;
        pulse.waits.set(pulse.waits.get() | WAIT_OTHER);
        *self.core.note.borrow_mut() = WaitNote::Outside(label.into());
    }

    /// Links one of its outboxes to an inbox service, at the next safe point.
    pub async fn link_to(&self, outbox: &str, service: &Service) -> Result<(), Fault> {
        self.link(BoxAddr::outbox(self.id(), outbox), service.target.clone()).await
    }

    /// Links one of its own inboxes straight through to an inbox service (BACK-3), at the next safe point.
    pub async fn pass_to(&self, inbox: &str, service: &Service) -> Result<(), Fault> {
        self.link(BoxAddr::inbox(self.id(), inbox), service.target.clone()).await
    }

    /// Links an outbox service to one of its inboxes, at the next safe point.
    pub async fn link_from(&self, service: &Service, inbox: &str) -> Result<(), Fault> {
        self.link(service.target.clone(), BoxAddr::inbox(self.id(), inbox)).await
    }

    async fn link(&self, from: BoxAddr, to: BoxAddr) -> Result<(), Fault> {
        let answer = Rc::new(RefCell::new(None));
        let pulse = self.core.pulse.clone();
        self.core.kernel.requests.borrow_mut().push(Request::Link {
            owner: self.id(),
            from,
            to,
            answer: answer.clone(),
            pulse,
        });
        poll_fn(|_| match answer.borrow_mut().take() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                self.wait_for_other("a link");
                Poll::Pending
            }
        })
        .await
    }
}
