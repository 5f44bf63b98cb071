//! ThreadedComponent: blocking work on its own named thread, behind the same boxes (R3, section 9 of the rules).
//!
//! The thread sees bounded queues, one ordered queue each way, so that what it sends to different boxes keeps its order
//! (THR-16). A proxy on the scheduler thread moves messages between boxes and queues (see `proxy`). Stopping closes the
//! queues: the thread's next call says so (THR-19).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::port::{Far, PORT_LIMIT};
use super::thread_call::{Answer, Call, FromThread, ThreadJob};
use super::{BoxIo, Fault, Outcome};
use crate::ids::BoxAddr;
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::surface::Surface;
use crate::topology::LinkageDesc;

/// A component whose `main` may block.
pub trait ThreadedComponent: Sized + Send + 'static {
    /// How many messages wait in each direction between boxes and thread, besides those in the boxes (THR-2).
    const QUEUE_LENGTH: usize = PORT_LIMIT;
    /// Makes one from checked settings.
    ///
    /// # Errors
    /// As for [`Component::new`](super::Component::new).
    fn new(params: &Params) -> Result<Self, ParamError>;
    /// The behaviour, on the thread `compose-blocking-<name>`, which starts in the component's first turn.
    ///
    /// # Errors
    /// What the component gives back as its crash (R10).
    fn main(self, io: ThreadIo) -> Outcome;
}

/// From the scheduler to the thread.
pub(super) enum ToThread {
    Message(Arc<str>, Message),
    Ended(Arc<str>),
    /// A pause or a sleep is over.
    Woken,
    Answer(Answer),
}

/// The boxes as seen from the thread.
///
/// # Panics
/// Naming a box that the component does not have ends it as a crash, as with [`BoxIo`] (BOX-11): an inbox at once, an
/// outbox when the message has come to the scheduler.
pub struct ThreadIo {
    pub(super) far: Far<FromThread, ToThread>,
    pub(super) inboxes: Vec<Arc<str>>,
    /// Names of outboxes that it has sent to: every message carries one, and a copy is made only once.
    pub(super) outboxes: BTreeSet<Arc<str>>,
    pub(super) waiting: BTreeMap<Arc<str>, VecDeque<Message>>,
    pub(super) ended: BTreeSet<Arc<str>>,
    pub(super) is_over: bool,
    /// A message was given back since the last pause: room is news.
    pub(super) was_refused: bool,
    pub(super) base_folder: PathBuf,
}

/// What [`ThreadIo::recv_timeout`] and the like came back with.
pub use super::futures::Timed;

impl ThreadIo {
    fn take_in(&mut self, event: Option<ToThread>) -> Option<Answer> {
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

    /// Takes in what the scheduler has sent, without waiting.
    fn catch_up(&mut self) {
        while let Ok(event) = self.far.try_recv() {
            self.take_in(Some(event));
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

    /// The next message of an inbox, blocking; `None` once its stream has ended or the component was stopped.
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
            self.take_in(event);
        }
    }

    /// The next message of an inbox if it has come as far as the thread (THR-5); `None` otherwise.
    pub fn try_recv(&mut self, inbox: &str) -> Option<Message> {
        self.check(inbox);
        self.catch_up();
        self.pop(inbox)
    }

    /// The next message of an inbox, blocking for so long on the runtime's clock (THR-6).
    pub fn recv_timeout(&mut self, inbox: &str, patience: Duration) -> Timed {
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
            let until = *until.get_or_insert(now.saturating_add(patience));
            if now >= until {
                return Timed::TimedOut;
            }
            if !self.pause(Some(until.saturating_sub(now))) {
                return Timed::Ended;
            }
        }
    }

    /// The next message of any inbox with its box, blocking; `None` once all have ended or it was stopped.
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
            self.take_in(event);
        }
    }

    /// Messages of an inbox that have come as far as the thread; more may wait in the box (THR-5).
    pub fn depth(&mut self, inbox: &str) -> usize {
        self.check(inbox);
        self.catch_up();
        self.waiting.get(inbox).map_or(0, VecDeque::len)
    }

    /// The first inbox of which messages have come as far as the thread.
    pub fn any_ready(&mut self) -> Option<Arc<str>> {
        self.catch_up();
        let ready = |name: &&Arc<str>| self.waiting.get(*name).is_some_and(|queue| !queue.is_empty());
        self.inboxes.iter().find(ready).cloned()
    }

    fn outbox(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.outboxes.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.outboxes.insert(name.clone());
        name
    }

    /// Sends, blocking while the queue is full; `false` once the component was stopped.
    pub fn send(&mut self, outbox: &str, message: impl Into<Message>) -> bool {
        let outbox = self.outbox(outbox);
        self.far.send_blocking(FromThread::Send(outbox, message.into()))
    }

    /// Sends if the queue has room, else gives the message back (THR-7); also once the component was stopped.
    ///
    /// # Errors
    /// There is no room, or the component was stopped; with the message.
    pub fn try_send(&mut self, outbox: &str, message: impl Into<Message>) -> Result<(), Message> {
        let outbox = self.outbox(outbox);
        match self.far.try_send(FromThread::Send(outbox, message.into())) {
            Err((FromThread::Send(_, message), _)) => {
                self.was_refused = true;
                Err(message)
            }
            _ => Ok(()),
        }
    }

    /// Waits on the runtime's clock; `false` if stopped meanwhile.
    pub fn sleep(&mut self, span: Duration) -> bool {
        self.far.send_blocking(FromThread::Sleep(span)) && self.answer().is_some()
    }

    /// Blocks until something happens: a message comes, a stream or a child ends, room appears in a full queue, or
    /// `patience` has passed on the runtime's clock (THR-10). What came earlier and was not looked at counts once. After
    /// [`ThreadIo::try_send`] has given something back, only room ends it: the proxy waits for that, too. `false` once the
    /// component was stopped.
    pub fn pause(&mut self, patience: Option<Duration>) -> bool {
        let mut is_news = false;
        while let Ok(event) = self.far.try_recv() {
            self.take_in(Some(event));
            is_news = true;
        }
        if is_news {
            return !self.is_stopped();
        }
        if std::mem::take(&mut self.was_refused) {
            // The first room there is ends the pause; if it came meanwhile, it is left for what was given back.
            return !self.far.incoming.is_full() && !self.is_stopped() || self.far.send_blocking(FromThread::Nothing);
        }
        if !self.far.send_blocking(FromThread::Pause(patience)) {
            return false;
        }
        let event = self.far.recv_blocking();
        self.take_in(event);
        !self.is_stopped()
    }

    fn answer(&mut self) -> Option<Answer> {
        loop {
            let event = self.far.recv_blocking();
            if let Some(answer) = self.take_in(event) {
                return Some(answer);
            }
            if self.is_over {
                return None;
            }
        }
    }

    /// Does something on the scheduler's thread, with everything a component can do, and waits for it; `None` once the
    /// component was stopped. What the thread sent before has left its queue by then (THR-11, THR-13). Code cannot be
    /// recorded: a replay does without what it did.
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

    /// The runtime's clock at the beginning of a pass; `None` once the component was stopped.
    pub fn now(&mut self) -> Option<Duration> {
        self.call(Call::Now)
    }

    /// Waits until the proxy has had a turn and the scheduler was between two passes (THR-12); `false` once stopped.
    pub fn sync(&mut self) -> bool {
        self.call::<()>(Call::Sync).is_some()
    }

    /// Links any two boxes (THR-11).
    ///
    /// # Errors
    /// The linkage cannot be made, and the cause is a [`LinkError`](crate::topology::LinkError); or the component was
    /// stopped.
    pub fn link(&mut self, from: BoxAddr, to: BoxAddr) -> Result<LinkageDesc, Fault> {
        self.call::<Result<LinkageDesc, Fault>>(Call::Link(from, to)).unwrap_or_else(|| Err(stopped()))
    }

    /// Removes a link that this component made; `false` once it was stopped.
    pub fn unlink(&mut self, linkage: LinkageDesc) -> bool {
        self.call::<()>(Call::Unlink(linkage)).is_some()
    }

    /// Adds an inbox, with its queue; gives the name used (THR-20, ADPT-1).
    ///
    /// # Errors
    /// The component was stopped.
    pub fn add_inbox(&mut self, wished: &str) -> Result<Arc<str>, Fault> {
        let name: Arc<str> = self.call(Call::AddInbox(wished.to_owned())).ok_or_else(stopped)?;
        self.inboxes.push(name.clone());
        self.ended.remove(&name);
        Ok(name)
    }

    /// Adds an outbox; gives the name used (THR-20, ADPT-1).
    ///
    /// # Errors
    /// The component was stopped.
    pub fn add_outbox(&mut self, wished: &str) -> Result<Arc<str>, Fault> {
        self.call(Call::AddOutbox(wished.to_owned())).ok_or_else(stopped)
    }

    /// Deletes an inbox with its links and its queue (THR-20, ADPT-2).
    ///
    /// # Errors
    /// There is no inbox of this name, it is `control`, or the component was stopped.
    pub fn delete_inbox(&mut self, name: &str) -> Result<(), Fault> {
        self.call::<Result<(), Fault>>(Call::DeleteInbox(name.to_owned())).unwrap_or_else(|| Err(stopped()))?;
        self.inboxes.retain(|known| **known != *name);
        self.waiting.remove(name);
        Ok(())
    }

    /// Deletes an outbox with its links (THR-20, ADPT-2).
    ///
    /// # Errors
    /// There is no outbox of this name, it is `signal`, or the component was stopped.
    pub fn delete_outbox(&mut self, name: &str) -> Result<(), Fault> {
        self.outboxes.remove(name);
        self.call::<Result<(), Fault>>(Call::DeleteOutbox(name.to_owned())).unwrap_or_else(|| Err(stopped()))
    }

    /// Whether the component was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.far.is_closed()
    }

    /// Replaces what the component shows.
    pub fn show(&mut self, surface: Surface) {
        self.far.send_blocking(FromThread::Show(surface));
    }

    /// Writes one line to the console.
    pub fn print(&mut self, line: &str) {
        self.far.send_blocking(FromThread::Print(line.to_owned()));
    }

    /// A path of the settings made absolute: relative ones start from the folder of the project file.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.base_folder.join(path)
    }
}

fn stopped() -> Fault {
    Fault::new("the component was stopped")
}
