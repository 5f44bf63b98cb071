//! ThreadedComponent: blocking work on its own named thread, behind the same boxes (R3, section 9 of the rules).
//!
//! The thread sees bounded queues, one ordered queue each way, so that what it sends to different boxes keeps its order
//! (THR-16). A proxy on the scheduler thread moves messages between boxes and queues. Stopping closes the queues: the
//! thread's next call says so (THR-19).

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::port::{Far, Near};
use super::{BoxIo, Component, Fault, Outcome, Start};
use crate::introspect::record::Recordable;
use crate::mailbox::Ending;
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::scheduler::clock::TimerKey;
use crate::surface::Surface;

/// A component whose `main` may block.
pub trait ThreadedComponent: Sized + Send + 'static {
    /// Makes one from checked settings.
    fn new(params: &Params) -> Result<Self, ParamError>;
    /// The behaviour, on the thread `compose-blocking-<name>`.
    fn main(self, io: ThreadIo) -> Outcome;
}

/// The `build` entry of a [`super::ComponentSpec`] for a [`ThreadedComponent`].
pub fn build_threaded<C: ThreadedComponent>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    Ok(Box::new(Proxy { inner: C::new(params)? }))
}

/// From the scheduler to the thread.
enum ToThread {
    Message(usize, Message),
    Ended(usize),
    Woken,
}

/// From the thread to the scheduler, in the order of its calls.
enum FromThread {
    Send(String, Message),
    Show(Surface),
    Print(String),
    Sleep(Duration),
}

/// What a thread does is written down as a list: a word and what belongs to it. A surface cannot be written down; a
/// replay does without.
impl Recordable for FromThread {
    fn to_message(&self) -> Message {
        match self {
            Self::Send(outbox, message) => Message::list(["send".into(), outbox.as_str().into(), message.clone()]),
            Self::Show(_) => Message::list(["show".into()]),
            Self::Print(line) => Message::list(["print".into(), line.as_str().into()]),
            Self::Sleep(span) => Message::list(["sleep".into(), Message::Time(*span)]),
        }
    }

    fn from_message(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        match (items.first()?.as_text()?, items.get(1), items.get(2)) {
            ("send", Some(outbox), Some(message)) => Some(Self::Send(outbox.as_text()?.to_owned(), message.clone())),
            ("print", Some(line), _) => Some(Self::Print(line.as_text()?.to_owned())),
            ("sleep", Some(Message::Time(span)), _) => Some(Self::Sleep(*span)),
            _ => None,
        }
    }
}

/// The boxes as seen from the thread.
pub struct ThreadIo {
    far: Far<FromThread, ToThread>,
    inboxes: Vec<Arc<str>>,
    waiting: BTreeMap<usize, VecDeque<Message>>,
    ended: Vec<bool>,
    is_over: bool,
    base_folder: PathBuf,
}

impl ThreadIo {
    fn take_in(&mut self, event: Option<ToThread>) -> bool {
        match event {
            Some(ToThread::Message(index, message)) => self.waiting.entry(index).or_default().push_back(message),
            Some(ToThread::Ended(index)) => {
                if let Some(ended) = self.ended.get_mut(index) {
                    *ended = true;
                }
            }
            Some(ToThread::Woken) => return true,
            None => self.is_over = true,
        }
        false
    }

    /// The next message of an inbox, blocking; `None` once its stream has ended or the component was stopped.
    pub fn recv(&mut self, inbox: &str) -> Option<Message> {
        let Some(index) = self.inboxes.iter().position(|name| **name == *inbox) else {
            std::panic::resume_unwind(Box::new(Fault::new(format!("there is no inbox named {inbox}"))));
        };
        loop {
            if let Some(message) = self.waiting.get_mut(&index).and_then(VecDeque::pop_front) {
                return Some(message);
            }
            if self.is_over || self.ended.get(index).copied().unwrap_or(true) {
                return None;
            }
            let event = self.far.recv_blocking();
            self.take_in(event);
        }
    }

    /// The next message of any inbox with its box, blocking; `None` once all have ended or it was stopped.
    pub fn recv_any(&mut self) -> Option<(String, Message)> {
        loop {
            for (index, queue) in &mut self.waiting {
                if let (Some(message), Some(name)) = (queue.pop_front(), self.inboxes.get(*index)) {
                    return Some((name.to_string(), message));
                }
            }
            if self.is_over || self.ended.iter().all(|ended| *ended) {
                return None;
            }
            let event = self.far.recv_blocking();
            self.take_in(event);
        }
    }

    /// Sends, blocking while the queue is full; `false` once the component was stopped.
    pub fn send(&mut self, outbox: &str, message: impl Into<Message>) -> bool {
        self.far.send_blocking(FromThread::Send(outbox.to_owned(), message.into()))
    }

    /// Waits on the runtime's clock; `false` if stopped meanwhile.
    pub fn sleep(&mut self, span: Duration) -> bool {
        if !self.far.send_blocking(FromThread::Sleep(span)) {
            return false;
        }
        loop {
            let event = self.far.recv_blocking();
            if self.take_in(event) {
                return true;
            }
            if self.is_over {
                return false;
            }
        }
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

/// The scheduler's side of a threaded component.
struct Proxy<C> {
    inner: C,
}

/// What the proxy does next.
enum Event {
    FromThread(FromThread),
    ToThread(ToThread),
    Over(Outcome),
}

impl<C: ThreadedComponent> Component for Proxy<C> {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { inner: C::new(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let core = io.core.clone();
        let inboxes: Vec<Arc<str>> =
            core.inboxes.borrow().iter().filter(|inbox| !inbox.is_control).map(|inbox| inbox.name.clone()).collect();
        let indices: Vec<usize> = inboxes.iter().filter_map(|name| core.find_inbox(name)).collect();
        let (near, far) = Near::<FromThread, ToThread>::open(&core, "its thread", true);
        // In a replay there is no thread: the recording answers.
        if let Some(far) = far {
            let thread_io = ThreadIo {
                far: far.clone(),
                ended: vec![false; inboxes.len()],
                inboxes,
                waiting: BTreeMap::new(),
                is_over: false,
                base_folder: core.kernel.base_folder.clone(),
            };
            let inner = self.inner;
            std::thread::Builder::new().name(format!("compose-blocking-{}", io.name())).spawn(move || {
                let outcome = catch_unwind(AssertUnwindSafe(|| inner.main(thread_io)))
                    .unwrap_or_else(|panic| Err(super::fault_of_panic(panic)));
                far.end(outcome);
            })?;
        }

        let mut told_end = vec![false; indices.len()];
        loop {
            let event = poll_fn(|_| next_event(&core, &near, &indices, &mut told_end)).await;
            match event {
                Event::FromThread(FromThread::Send(outbox, message)) => io.send(&outbox, message).await,
                Event::FromThread(FromThread::Show(surface)) => io.show(surface),
                Event::FromThread(FromThread::Print(line)) => io.print(&line),
                Event::FromThread(FromThread::Sleep(span)) => {
                    sleep_beside(&io, &near, span).await;
                }
                Event::ToThread(item) => {
                    let mut item = Some(item);
                    poll_fn(|_| near.poll_send(&core, &mut item)).await;
                }
                Event::Over(outcome) => return outcome,
            }
        }
    }
}

/// Waits for the clock, then tells the thread.
async fn sleep_beside(io: &BoxIo, near: &Rc<Near<FromThread, ToThread>>, span: Duration) {
    let mut timer: Option<TimerKey> = None;
    let moment = io.now().saturating_add(span);
    poll_fn(|_| io.core.poll_until(moment, &mut timer)).await;
    let mut item = Some(ToThread::Woken);
    poll_fn(|_| near.poll_send(&io.core, &mut item)).await;
}

fn next_event(
    core: &crate::scheduler::core::Core,
    near: &Near<FromThread, ToThread>,
    indices: &[usize],
    told_end: &mut [bool],
) -> Poll<Event> {
    match near.poll_recv(core) {
        Poll::Ready(Ok(Some(item))) => return Poll::Ready(Event::FromThread(item)),
        Poll::Ready(Ok(None)) => return Poll::Ready(Event::Over(Ok(()))),
        Poll::Ready(Err(fault)) => return Poll::Ready(Event::Over(Err(fault))),
        Poll::Pending if core.yielded.get() => return Poll::Pending,
        Poll::Pending => {}
    }
    // Data goes in before the end is told, and only while the thread has room, so that waiting messages stay in the
    // boxes where they are seen.
    if near.has_room() && core.asked() != Ending::Shutdown {
        for (place, &index) in indices.iter().enumerate() {
            if told_end.get(place).copied().unwrap_or(true) {
                continue;
            }
            match core.poll_recv(index) {
                Poll::Ready(Some(message)) => return Poll::Ready(Event::ToThread(ToThread::Message(place, message))),
                Poll::Ready(None) => {
                    if let Some(told) = told_end.get_mut(place) {
                        *told = true;
                    }
                    return Poll::Ready(Event::ToThread(ToThread::Ended(place)));
                }
                Poll::Pending if core.yielded.get() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
    } else {
        near.want_room();
    }
    Poll::Pending
}
