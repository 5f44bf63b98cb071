//! Child: the other process. A scheduler of its own with two components: the one that was asked for, and a bridge that
//! stands for everything round it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::task::Poll;
use std::time::Duration;

use async_io::{Async, block_on};
use futures_lite::AsyncWriteExt as _;

use super::frame::Frame;
use super::program::{IS_CHILD, VARIABLE, WINDOW};
use super::pump::{pump, read};
use crate::component::outside::executor;
use crate::component::port::Near;
use crate::component::{Body, BoxIo, Fault, FullPolicy, Outcome, Start};
use crate::delivery::inbox::Inbox;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::registry::Registry;
use crate::scheduler::core::Core;
use crate::scheduler::{RunLimit, Scheduler, SchedulerConfig};
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

const INNER: ComponentId = ComponentId(1);
const BRIDGE: ComponentId = ComponentId(2);
/// A name that no component of a project has.
const BRIDGE_NAME: &str = "\u{1}bridge";
/// What the boxes of the bridge that lead to the inner component's control boxes are called.
const CONTROL: &str = "_control";

/// Runs one component for the parent and ends the process, if this process is a child; does nothing otherwise. Call it
/// first thing in `main`, with the same registry as the parent's.
pub fn serve_if_child(registry: impl FnOnce() -> Registry) {
    let Ok(value) = std::env::var(VARIABLE) else { return };
    IS_CHILD.store(true, Ordering::Release);
    let code = match serve(&value, registry()) {
        Ok(()) => 0,
        Err(words) => {
            crate::scheduler::note_on_stderr("child process", &words);
            1
        }
    };
    std::process::exit(code);
}

fn serve(value: &str, registry: Registry) -> Result<(), String> {
    let (port, token) = value.split_once(':').ok_or("the parent is not named")?;
    let port: u16 = port.parse().map_err(|_| "the parent is not named")?;
    let words = |error: std::io::Error| error.to_string();
    let (stream, first) = block_on(async {
        let stream = Async::<TcpStream>::connect(([127, 0, 0, 1], port)).await?;
        stream.get_ref().set_nodelay(true)?;
        (&stream).write_all(token.as_bytes()).await?;
        let first = read(&stream).await?;
        Ok((stream, first))
    })
    .map_err(words)?;
    let Frame::Start { type_name, name, base_folder, params } = first else {
        return Err("the parent does not say what to run".to_owned());
    };
    let said: Said = Rc::default();
    let mut config = SchedulerConfig::new(registry);
    config.base_folder = base_folder.into();
    let order = said.clone();
    config.trace = Some(Box::new(move |delivery| {
        if let Some(outbox) = delivery.to.strip_prefix(BRIDGE_NAME).and_then(|rest| rest.strip_prefix('.')) {
            order.borrow_mut().say(Saying::Message(outbox.into()));
        }
    }));
    let prints = said.clone();
    config.console = Box::new(move |_, line| prints.borrow_mut().say(Saying::Frame(Frame::Print(line.to_owned()))));
    let notes = said.clone();
    config.note = Box::new(move |_, words| notes.borrow_mut().say(Saying::Frame(Frame::Note(words.to_owned()))));
    let mut scheduler = Scheduler::new(config);
    let (done, is_done) = mpsc::sync_channel(1);
    let desc = ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: [].into(),
    };
    build(&mut scheduler, desc, stream, said, done)?;
    scheduler.run(RunLimit::default());
    // The last frame is on its way; a parent that is gone need not hear it.
    let _ = is_done.recv_timeout(Duration::from_secs(5));
    Ok(())
}

/// What the inner component has said, in order, and whom to wake for it.
#[derive(Default)]
struct Words {
    frames: VecDeque<Saying>,
    bridge: Option<Rc<Core>>,
}

type Said = Rc<RefCell<Words>>;

enum Saying {
    /// A message lies in the bridge's inbox of this name.
    Message(String),
    Frame(Frame),
}

impl Words {
    fn say(&mut self, saying: Saying) {
        self.frames.push_back(saying);
        if let Some(core) = &self.bridge {
            core.context.run_queue.wake(&core.boxes.wake_state);
        }
    }
}

fn build(
    scheduler: &mut Scheduler,
    desc: ComponentDesc,
    stream: Async<TcpStream>,
    said: Said,
    done: mpsc::SyncSender<()>,
) -> Result<(), String> {
    scheduler.graph.start(INNER, desc).map_err(|error| error.to_string())?;
    let inner = scheduler.graph.table.core(INNER).cloned().ok_or("it did not start")?;
    let inboxes: Vec<Arc<str>> =
        inner.boxes.inboxes.borrow().iter().filter(|inbox| !inbox.is_control).map(|inbox| inbox.name.text()).collect();
    let outboxes: Vec<Arc<str>> = inner.boxes.outboxes.borrow().iter().map(|outbox| outbox.name.text()).collect();
    let start = Box::new(Bridge { stream, said, done, inboxes: inboxes.clone() });
    let named = |name: &Arc<str>| (name.clone(), Some(1), FullPolicy::Block);
    let mut own_inboxes: Vec<_> = outboxes.iter().map(named).collect();
    own_inboxes.push(("control".into(), None, FullPolicy::Block));
    let mut own_outboxes = inboxes.clone();
    own_outboxes.push(CONTROL.into());
    let started = scheduler.graph.start_own(BRIDGE, BRIDGE_NAME, start, own_inboxes, own_outboxes);
    started.map_err(|error| error.to_string())?;
    scheduler.graph.adopt(BRIDGE, INNER).map_err(|fault| fault.to_string())?;
    let mut link = |linkage| {
        let linked = scheduler.graph.postoffice.link(&scheduler.graph.table, linkage, None);
        linked.map(|_| ()).map_err(|error| error.to_string())
    };
    let inward = inboxes.iter().map(|name| (name.clone(), name.clone())).chain([(CONTROL.into(), "control".into())]);
    for (from, to) in inward {
        link(LinkageDesc { from: BoxAddr::outbox(BRIDGE, from), to: BoxAddr::inbox(INNER, to) })?;
    }
    for name in outboxes {
        let to = BoxAddr::inbox(BRIDGE, name.clone());
        link(LinkageDesc { from: BoxAddr::outbox(INNER, name), to })?;
    }
    Ok(())
}

/// The code of the bridge, before it runs.
struct Bridge {
    stream: Async<TcpStream>,
    said: Said,
    done: mpsc::SyncSender<()>,
    inboxes: Vec<Arc<str>>,
}

impl Start for Bridge {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        let (near, far) = Near::<Frame, Frame>::open(&io.core, "the parent", true);
        let Self { stream, said, done, inboxes } = *self;
        said.borrow_mut().bridge = Some(io.core.clone());
        if let Some(far) = far {
            let task = async move {
                pump(&stream, &far, None).await;
                far.end(Ok(()));
                let _ = done.try_send(());
            };
            executor().spawn(task).detach();
        }
        let lane = |name: &Arc<str>| Lane { name: name.clone(), waiting: VecDeque::new(), room: None, ends: false };
        let mut lanes: Vec<Lane> = inboxes.iter().map(lane).collect();
        lanes.push(lane(&CONTROL.into()));
        let mut span = Span { near, said, lanes, held: VecDeque::new(), window: WINDOW, is_last: false };
        Box::pin(async move { poll_fn(|_| span.poll(&io)).await })
    }
}

/// The way to one inbox of the inner component.
struct Lane {
    name: Arc<str>,
    waiting: VecDeque<Message>,
    room: Option<Rc<Inbox>>,
    ends: bool,
}

/// The running bridge.
struct Span {
    near: Rc<Near<Frame, Frame>>,
    said: Said,
    lanes: Vec<Lane>,
    /// Frames for the parent for which there was no room.
    held: VecDeque<Frame>,
    /// How many more messages may be on their way to the parent.
    window: usize,
    is_last: bool,
}

impl Span {
    fn poll(&mut self, io: &BoxIo) -> Poll<Outcome> {
        loop {
            let Some(heard) = self.hear(io) else { return Poll::Ready(Ok(())) };
            let moved = heard | self.bring_in(io) | self.send_out(io);
            if self.is_last && self.held.is_empty() {
                self.near.finish_sending();
                return Poll::Ready(Ok(()));
            }
            if io.core.yielded.get() || !moved {
                return Poll::Pending;
            }
        }
    }

    /// Takes what the parent says; `None` if it is gone, and with it everything.
    fn hear(&mut self, io: &BoxIo) -> Option<bool> {
        let mut heard = false;
        loop {
            match self.near.poll_recv(&io.core) {
                Poll::Pending => return Some(heard),
                Poll::Ready(Ok(Some(frame))) => self.obey(frame),
                Poll::Ready(_) => {
                    self.lane(CONTROL, |lane| lane.waiting.push_front(Message::Shutdown));
                    self.bring_in(io);
                    return None;
                }
            }
            heard = true;
        }
    }

    fn obey(&mut self, frame: Frame) {
        match frame {
            Frame::Put(inbox, message) => self.lane(&inbox, |lane| lane.waiting.push_back(message)),
            Frame::Ended(inbox) => self.lane(&inbox, |lane| lane.ends = true),
            Frame::Control(Message::Shutdown) => self.lane(CONTROL, |lane| lane.waiting.push_front(Message::Shutdown)),
            Frame::Control(message) => self.lane(CONTROL, |lane| lane.waiting.push_back(message)),
            Frame::Delivered => self.window += 1,
            _ => {}
        }
    }

    fn lane(&mut self, name: &str, change: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| *lane.name == *name) {
            change(lane);
        }
    }

    /// Moves messages into the inner component's inboxes. A finish waits until all data is in (SHUT-6).
    fn bring_in(&mut self, io: &BoxIo) -> bool {
        let mut moved = false;
        let data_is_in = self.lanes.iter().all(|lane| *lane.name == *CONTROL || lane.waiting.is_empty());
        for lane in &mut self.lanes {
            let Some(index) = io.core.boxes.find_outbox(&lane.name) else { continue };
            let is_control = *lane.name == *CONTROL;
            while let Some(message) = lane.waiting.pop_front() {
                if is_control && message == Message::ProducerFinished && !data_is_in {
                    lane.waiting.push_front(message);
                    break;
                }
                let mut held = Some(message);
                let pending = io.core.poll_send(index, &mut held, &mut lane.room).is_pending();
                if let Some(message) = held {
                    lane.waiting.push_front(message);
                    break;
                }
                moved = true;
                if !is_control {
                    self.held.push_back(Frame::Took(lane.name.to_string()));
                }
                if pending {
                    break;
                }
            }
            if lane.ends && lane.waiting.is_empty() {
                lane.ends = false;
                // Also for links that the inner component makes later, as a chassis does for its instances.
                io.finish(&lane.name);
            }
        }
        moved
    }

    /// Sends what the inner component said, in order, within the window; last of all how it ended.
    fn send_out(&mut self, io: &BoxIo) -> bool {
        let mut moved = false;
        loop {
            while let Some(frame) = self.held.pop_front() {
                let mut frame = Some(frame);
                if self.near.poll_send(&io.core, &mut frame).is_pending() {
                    self.held.extend(frame);
                    self.held.rotate_right(1);
                    return moved;
                }
                moved = true;
            }
            let next = self.said.borrow_mut().frames.pop_front();
            match next {
                Some(Saying::Frame(frame)) => self.held.push_back(frame),
                Some(Saying::Message(outbox)) => {
                    let taken = if self.window == 0 { Poll::Pending } else { take(io, &outbox) };
                    match taken {
                        Poll::Ready(Some(message)) => {
                            self.window -= 1;
                            self.held.push_back(Frame::Out(outbox, message));
                        }
                        Poll::Ready(None) => {}
                        Poll::Pending => {
                            self.said.borrow_mut().frames.push_front(Saying::Message(outbox));
                            return moved;
                        }
                    }
                }
                None => {
                    let Some(outcome) = io.child_outcome(INNER).filter(|_| !self.is_last) else { return moved };
                    self.is_last = true;
                    self.held.push_back(Frame::Outcome(outcome.map_err(|fault| Fault::new(fault.words()))));
                }
            }
        }
    }
}

fn take(io: &BoxIo, inbox: &str) -> Poll<Option<Message>> {
    io.core.boxes.find_inbox(inbox).map_or(Poll::Ready(None), |index| io.core.poll_recv(index))
}
