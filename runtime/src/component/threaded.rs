//! ThreadedComponent: a component with blocking code, which runs on its own named thread (R3, section 9 of the rules).
//!
//! The thread has one bounded queue in each direction, so messages that it sends to different boxes keep their order
//! (THR-16). A proxy on the scheduler thread moves messages between the boxes and these queues (see `proxy`). Stopping
//! the component closes the queues, and the thread's next call reports this (THR-19).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_channel::TrySendError;

use super::far_end::Far;
use super::port::PORT_LIMIT;
use super::thread_call::{Answer, Call, FromThread, ThreadJob};
use super::{BoxIo, Fault, Outcome};
use crate::ids::BoxAddr;
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::surface::Surface;
use crate::topology::LinkageDesc;

/// A component whose `main` may block.
pub trait ThreadedComponent: Sized + Send + 'static {
    /// How many messages can wait in each direction between boxes and thread, in addition to those in the boxes (THR-2).
    const QUEUE_LENGTH: usize = PORT_LIMIT;
    /// Makes a component from checked settings.
    ///
    /// # Errors
    /// As for [`Component::new`](super::Component::new).
    fn new(params: &Params) -> Result<Self, ParamError>;
    /// Runs the component, on the thread `compose-blocking-<name>`, which starts in the component's first turn.
    ///
    /// # Errors
    /// An error means that the component has crashed (R10).
    fn main(self, io: ThreadIo) -> Outcome;
}

/// An item from the scheduler to the thread.
pub(super) enum ToThread {
    Message(Arc<str>, Message),
    Ended(Arc<str>),
    /// A pause or a sleep is over.
    Woken,
    Answer(Answer),
}

/// The boxes of a threaded component, for its thread.
///
/// # Panics
/// If the code names a box that the component does not have, the component crashes, as with [`BoxIo`] (BOX-11): for an inbox
/// at once, for an outbox when the message reaches the scheduler.
pub struct ThreadIo {
    pub(super) far: Far<FromThread, ToThread>,
    pub(super) inboxes: Vec<Arc<str>>,
    /// The outbox that the last message was sent to.
    pub(super) last_outbox: Option<Arc<str>>,
    pub(super) waiting: BTreeMap<Arc<str>, VecDeque<Message>>,
    pub(super) ended: BTreeSet<Arc<str>>,
    pub(super) is_over: bool,
    /// A message was refused since the last pause, so the next pause waits for space.
    pub(super) was_refused: bool,
    pub(super) base_folder: PathBuf,
}

/// The result of [`ThreadIo::recv_timeout`].
pub use super::futures::Timed;

impl ThreadIo {
    /// Handles an item from the scheduler; `None` means that the component was stopped. Returns an answer, if it is one.
    fn handle(&mut self, event: Option<ToThread>) -> Option<Answer> {
        match event {
            Some(ToThread::Message(inbox, message)) => self.waiting.entry(inbox).or_default().push_back(message),
            Some(ToThread::Ended(inbox)) => {
                self.ended.insert(inbox);
            }
            Some(ToThread::Woken) => return Some(Box::new(())),
            Some(ToThread::Answer(answer)) => return Some(answer),
            None => self.is_over = true,
        }
        None
    }

    /// Handles everything that the scheduler has sent, without waiting.
    fn catch_up(&mut self) {
        while let Ok(event) = self.far.try_recv() {
            self.handle(Some(event));
        }
    }

    fn check(&self, inbox: &str) {
        if !self.inboxes.iter().any(|name| **name == *inbox) {
            std::panic::resume_unwind(Box::new(Fault::new(format!("there is no inbox named {inbox}"))));
        }
    }

    fn pop(&mut self, inbox: &str) -> Option<Message> {
        self.waiting.get_mut(inbox).and_then(VecDeque::pop_front)
    }

    /// Blocks until an inbox has a message; `None` once its stream has ended or the component was stopped.
    pub fn recv(&mut self, inbox: &str) -> Option<Message> {
        self.check(inbox);
        loop {
            if let Some(message) = self.pop(inbox) {
                return Some(message);
            }
            if self.is_over || self.ended.contains(inbox) {
                return None;
            }
            let event = self.far.recv_blocking();
            self.handle(event);
        }
    }

    /// The next message of an inbox, if one has reached the thread (THR-5).
    pub fn try_recv(&mut self, inbox: &str) -> Option<Message> {
        self.check(inbox);
        self.catch_up();
        self.pop(inbox)
    }

    /// Blocks until an inbox has a message, for at most `timeout` on the runtime's clock (THR-6).
    pub fn recv_timeout(&mut self, inbox: &str, timeout: Duration) -> Timed {
        self.check(inbox);
        let mut until = None;
        loop {
            self.catch_up();
            if let Some(message) = self.pop(inbox) {
                return Timed::Message(message);
            }
            if self.is_over || self.ended.contains(inbox) {
                return Timed::Ended;
            }
            let Some(now) = self.now() else { return Timed::Ended };
            let until = *until.get_or_insert(now.saturating_add(timeout));
            if now >= until {
                return Timed::TimedOut;
            }
            if !self.pause(Some(until.saturating_sub(now))) {
                return Timed::Ended;
            }
        }
    }

    /// Blocks until any inbox has a message; also returns the name of the inbox. `None` once all streams have ended or the
    /// component was stopped.
    pub fn recv_any(&mut self) -> Option<(String, Message)> {
        loop {
            for (name, queue) in &mut self.waiting {
                if let Some(message) = queue.pop_front() {
                    return Some((name.to_string(), message));
                }
            }
            if self.is_over || self.inboxes.iter().all(|inbox| self.ended.contains(inbox)) {
                return None;
            }
            let event = self.far.recv_blocking();
            self.handle(event);
        }
    }

    /// Number of an inbox's messages that have reached the thread; more may be waiting in the box (THR-5).
    pub fn depth(&mut self, inbox: &str) -> usize {
        self.check(inbox);
        self.catch_up();
        self.waiting.get(inbox).map_or(0, VecDeque::len)
    }

    /// The first inbox with messages that have reached the thread.
    pub fn any_ready(&mut self) -> Option<Arc<str>> {
        self.catch_up();
        let ready = |name: &&Arc<str>| self.waiting.get(*name).is_some_and(|queue| !queue.is_empty());
        self.inboxes.iter().find(ready).cloned()
    }

    fn is_last_outbox(&self, outbox: &str) -> bool {
        self.last_outbox.as_deref() == Some(outbox)
    }

    /// Sends a message, and blocks while the queue is full; `false` once the component was stopped.
    pub fn send(&mut self, outbox: &str, message: impl Into<Message>) -> bool {
        if self.is_last_outbox(outbox) {
            return self.far.send_blocking(FromThread::SendAgain(message.into()));
        }
        let outbox: Arc<str> = outbox.into();
        self.last_outbox = Some(outbox.clone());
        self.far.send_blocking(FromThread::Send(outbox, message.into()))
    }

    /// Sends a message if the queue has space (THR-7).
    ///
    /// # Errors
    /// There is no space, or the component was stopped; returns the message.
    pub fn try_send(&mut self, outbox: &str, message: impl Into<Message>) -> Result<(), Message> {
        let is_last = self.is_last_outbox(outbox);
        let name = (!is_last).then(|| Arc::from(outbox));
        let item = match &name {
            Some(name) => FromThread::Send(Arc::clone(name), message.into()),
            None => FromThread::SendAgain(message.into()),
        };
        match self.far.try_send(item).map_err(TrySendError::into_inner) {
            Err(FromThread::Send(_, message) | FromThread::SendAgain(message)) => {
                self.was_refused = true;
                Err(message)
            }
            // The queue returns the item that it was given, and no other.
            Ok(()) | Err(_) => {
                self.last_outbox = name.or_else(|| self.last_outbox.take());
                Ok(())
            }
        }
    }

    /// Waits for this long on the runtime's clock; `false` if the component was stopped meanwhile.
    pub fn sleep(&mut self, span: Duration) -> bool {
        self.far.send_blocking(FromThread::Sleep(span)) && self.answer().is_some()
    }

    /// Blocks until something happens: a message arrives, a stream or a child ends, space becomes free in a full queue,
    /// or `timeout` passes on the runtime's clock (THR-10). Earlier events that have not been handled end the pause
    /// at once. After [`ThreadIo::try_send`] has returned a message, only free space ends the pause, because the proxy
    /// waits for space too. `false` once the component was stopped.
    pub fn pause(&mut self, timeout: Option<Duration>) -> bool {
        let mut has_events = false;
        while let Ok(event) = self.far.try_recv() {
            self.handle(Some(event));
            has_events = true;
        }
        if has_events {
            return !self.is_stopped();
        }
        if std::mem::take(&mut self.was_refused) {
            // The pause ends when there is space. If there is space already, it is left for the refused message.
            return !self.far.incoming.is_full() && !self.is_stopped() || self.far.send_blocking(FromThread::Nothing);
        }
        if !self.far.send_blocking(FromThread::Pause(timeout)) {
            return false;
        }
        let event = self.far.recv_blocking();
        self.handle(event);
        !self.is_stopped()
    }

    /// Waits for an answer; `None` once the component was stopped.
    fn answer(&mut self) -> Option<Answer> {
        loop {
            let event = self.far.recv_blocking();
            if let Some(answer) = self.handle(event) {
                return Some(answer);
            }
            if self.is_over {
                return None;
            }
        }
    }

    /// Runs a job on the scheduler's thread, with the full [`BoxIo`] of the component, and waits for its result; `None` once
    /// the component was stopped. Everything that the thread sent before has left its queue by then (THR-11, THR-13). A job
    /// cannot be recorded, so a replay omits its effects.
    pub fn on_scheduler<R, F, T>(&mut self, job: F) -> Option<R>
    where
        R: Send + 'static,
        F: FnOnce(BoxIo) -> T + Send + 'static,
        T: Future<Output = R> + 'static,
    {
        let job: ThreadJob = Box::new(move |io| Box::pin(async move { Box::new(job(io).await) as Answer }));
        if !self.far.send_blocking(FromThread::Job(job)) {
            return None;
        }
        self.answer()?.downcast().ok().map(|answer| *answer)
    }

    fn call<R: 'static>(&mut self, call: Call) -> Option<R> {
        if !self.far.send_blocking(FromThread::Call(call)) {
            return None;
        }
        self.answer()?.downcast().ok().map(|answer| *answer)
    }

    /// The time on the runtime's clock at the beginning of a pass; `None` once the component was stopped.
    pub fn now(&mut self) -> Option<Duration> {
        self.call(Call::Now)
    }

    /// Waits for a turn of the proxy and the next safe point (THR-12); `false` once the component was stopped.
    pub fn sync(&mut self) -> bool {
        self.call::<()>(Call::Sync).is_some()
    }

    /// Links any two boxes (THR-11).
    ///
    /// # Errors
    /// The linkage cannot be made (the cause is a [`LinkError`](crate::topology::LinkError)), or the component was stopped.
    pub fn link(&mut self, from: BoxAddr, to: BoxAddr) -> Result<LinkageDesc, Fault> {
        self.call::<Result<LinkageDesc, Fault>>(Call::Link(from, to)).unwrap_or_else(|| Err(stopped()))
    }

    /// Removes a link that this component made; `false` once the component has been stopped.
    pub fn unlink(&mut self, linkage: LinkageDesc) -> bool {
        self.call::<()>(Call::Unlink(linkage)).is_some()
    }

    /// Adds an inbox and its queue, and returns the name, which may differ from `requested` (THR-20, ADPT-1).
    ///
    /// # Errors
    /// The component was stopped.
    pub fn add_inbox(&mut self, requested: &str) -> Result<Arc<str>, Fault> {
        let name: Arc<str> = self.call(Call::AddInbox(requested.to_owned())).ok_or_else(stopped)?;
        self.inboxes.push(name.clone());
        self.ended.remove(&name);
        Ok(name)
    }

    /// Adds an outbox and returns the name, which may differ from `requested` (THR-20, ADPT-1).
    ///
    /// # Errors
    /// The component was stopped.
    pub fn add_outbox(&mut self, requested: &str) -> Result<Arc<str>, Fault> {
        self.call(Call::AddOutbox(requested.to_owned())).ok_or_else(stopped)
    }

    /// Deletes an inbox with its links and its queue (THR-20, ADPT-2).
    ///
    /// # Errors
    /// There is no inbox with this name, it is `control`, or the component was stopped.
    pub fn delete_inbox(&mut self, name: &str) -> Result<(), Fault> {
        self.call::<Result<(), Fault>>(Call::DeleteInbox(name.to_owned())).unwrap_or_else(|| Err(stopped()))?;
        self.inboxes.retain(|known| **known != *name);
        self.waiting.remove(name);
        Ok(())
    }

    /// Deletes an outbox with its links (THR-20, ADPT-2).
    ///
    /// # Errors
    /// There is no outbox with this name, it is `signal`, or the component was stopped.
    pub fn delete_outbox(&mut self, name: &str) -> Result<(), Fault> {
        self.call::<Result<(), Fault>>(Call::DeleteOutbox(name.to_owned())).unwrap_or_else(|| Err(stopped()))
    }

    /// Whether the component was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.far.is_closed()
    }

    /// Replaces the surface that the component shows.
    pub fn show(&mut self, surface: Surface) {
        self.far.send_blocking(FromThread::Show(surface));
    }

    /// Writes one line to the console.
    pub fn print(&mut self, line: &str) {
        self.far.send_blocking(FromThread::Print(line.to_owned()));
    }

    /// Makes a path from the settings absolute. Relative paths start from the folder of the project file.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.base_folder.join(path)
    }
}

fn stopped() -> Fault {
    Fault::new("the component was stopped")
}
