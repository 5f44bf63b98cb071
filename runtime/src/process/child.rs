//! Child: the code that runs in a child process. Its own scheduler runs two components: the requested component, and a bridge
//! that connects its boxes to the parent.

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
use crate::component::outside;
use crate::component::port::Near;
use crate::component::{Body, BoxIo, Fault, FullPolicy, Outcome, Start};
use crate::delivery::inbox::Inbox;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::registry::Registry;
use crate::scheduler::component_core::Core;
use crate::scheduler::graph::error::GraphError;
use crate::scheduler::{RunLimit, Scheduler, SchedulerConfig, note_on_stderr};
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

const INNER: ComponentId = ComponentId(1);
const BRIDGE: ComponentId = ComponentId(2);
/// The name of the bridge, which no component of a project can have.
const BRIDGE_NAME: &str = "\u{1}bridge";
/// The outbox of the bridge that is linked to the `control` of the inner component.
const CONTROL: &str = "_control";

/// If this process is a child, runs one component for the parent and ends the process; otherwise does nothing. Call it first
/// in `main`, with the same registry as in the parent.
pub fn serve_if_child(registry: impl FnOnce() -> Registry) {
    let Ok(value) = std::env::var(VARIABLE) else { return };
    IS_CHILD.store(true, Ordering::Release);
    let code = match serve(&value, registry()) {
        Ok(()) => 0,
        Err(error) => {
            note_on_stderr("child process", &error.to_string());
            1
        }
    };
    std::process::exit(code);
}

/// Why a child process could not run its component.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(
        "the variable {VARIABLE} does not name the parent; it is set by the runtime only, so do not set it by hand"
    )]
    NoParent,
    #[error("the connection to the parent failed: {0}")]
    Connection(#[from] std::io::Error),
    #[error("the first frame from the parent does not name a component; run parent and child from the same program")]
    NoStart,
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error("{0}")]
    Adopt(Fault),
}

fn serve(value: &str, registry: Registry) -> Result<(), ServeError> {
    let (port, token) = value.split_once(':').ok_or(ServeError::NoParent)?;
    let port: u16 = port.parse().map_err(|_| ServeError::NoParent)?;
    let (stream, first) = block_on(async {
        let stream = Async::<TcpStream>::connect(([127, 0, 0, 1], port)).await?;
        stream.get_ref().set_nodelay(true)?;
        (&stream).write_all(token.as_bytes()).await?;
        let first = read(&stream).await?;
        Ok::<_, std::io::Error>((stream, first))
    })?;
    let Frame::Start { type_name, name, base_folder, seed, params } = first else {
        return Err(ServeError::NoStart);
    };
    let output: SharedOutput = Rc::default();
    let mut config = SchedulerConfig::new(registry);
    config.base_folder = base_folder.into();
    config.seed = seed;
    let deliveries = output.clone();
    config.trace = Some(Box::new(move |delivery| {
        if let Some(outbox) = delivery.to.strip_prefix(BRIDGE_NAME).and_then(|rest| rest.strip_prefix('.')) {
            deliveries.borrow_mut().push(OutputItem::Message(outbox.into()));
        }
    }));
    let lines = output.clone();
    config.console = Box::new(move |_, line| lines.borrow_mut().push(OutputItem::Frame(Frame::Print(line.to_owned()))));
    let notes = output.clone();
    config.note = Box::new(move |_, text| notes.borrow_mut().push(OutputItem::Frame(Frame::Note(text.to_owned()))));
    let mut scheduler = Scheduler::new(config);
    // The only notification fits into the queue, so the task that sends it never waits.
    let (done, is_done) = mpsc::sync_channel(1);
    let desc = ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: [].into(),
    };
    build(&mut scheduler, desc, stream, output, done)?;
    scheduler.run(RunLimit::default());
    // Waits until the last frame is sent; if the parent has ended, there is nothing to wait for.
    let _ = is_done.recv_timeout(Duration::from_secs(5));
    Ok(())
}

/// The output of the inner component in order, and the bridge that sends it to the parent.
#[derive(Default)]
struct Output {
    items: VecDeque<OutputItem>,
    bridge: Option<Rc<Core>>,
}

type SharedOutput = Rc<RefCell<Output>>;

enum OutputItem {
    /// A message waits in the bridge's inbox with this name.
    Message(String),
    Frame(Frame),
}

impl Output {
    fn push(&mut self, item: OutputItem) {
        self.items.push_back(item);
        if let Some(core) = &self.bridge {
            core.context.run_queue.wake(&core.boxes.wake_state);
        }
    }
}

fn build(
    scheduler: &mut Scheduler,
    desc: ComponentDesc,
    stream: Async<TcpStream>,
    output: SharedOutput,
    done: mpsc::SyncSender<()>,
) -> Result<(), ServeError> {
    scheduler.graph.start(INNER, desc)?;
    let inner = scheduler.graph.core(INNER).cloned().ok_or(GraphError::NotRunning(INNER))?;
    let inboxes: Vec<Arc<str>> =
        inner.boxes.inboxes.borrow().iter().filter(|inbox| !inbox.is_control).map(|inbox| inbox.name.text()).collect();
    let outboxes: Vec<Arc<str>> = inner.boxes.outboxes.borrow().iter().map(|outbox| outbox.name.text()).collect();
    let start = Box::new(Bridge { stream, output, done, inboxes: inboxes.clone() });
    let named = |name: &Arc<str>| (name.clone(), Some(1), FullPolicy::Block);
    let mut own_inboxes: Vec<_> = outboxes.iter().map(named).collect();
    own_inboxes.push(("control".into(), None, FullPolicy::Block));
    let mut own_outboxes = inboxes.clone();
    own_outboxes.push(CONTROL.into());
    scheduler.graph.start_own(BRIDGE, BRIDGE_NAME, start, own_inboxes, own_outboxes)?;
    scheduler.graph.adopt(BRIDGE, INNER).map_err(ServeError::Adopt)?;
    let mut link = |linkage| -> Result<(), GraphError> {
        scheduler.graph.link(linkage, None)?;
        Ok(())
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
    output: SharedOutput,
    done: mpsc::SyncSender<()>,
    inboxes: Vec<Arc<str>>,
}

impl Start for Bridge {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        let (near, far) = Near::<Frame, Frame>::open(&io.core, "the parent", true);
        let Self { stream, output, done, inboxes } = *self;
        output.borrow_mut().bridge = Some(io.core.clone());
        if let Some(far) = far {
            let pumped = far.clone();
            let task = async move {
                pump(&stream, &pumped, None).await;
                pumped.end(Ok(()));
                let _ = done.try_send(());
            };
            // If the task cannot run, the bridge ends, which ends the child; the parent sees that the connection is closed.
            if let Some(task) = outside::start(&far, task) {
                task.detach();
            }
        }
        let lane = |name: &Arc<str>| Lane { name: name.clone(), queue: VecDeque::new(), full: None, ends: false };
        let mut lanes: Vec<Lane> = inboxes.iter().map(lane).collect();
        lanes.push(lane(&CONTROL.into()));
        let mut bridge = RunningBridge { near, output, lanes, held: VecDeque::new(), window: WINDOW, is_last: false };
        Box::pin(async move { poll_fn(|_| bridge.poll(&io)).await })
    }
}

/// The messages on their way to one inbox of the inner component.
struct Lane {
    name: Arc<str>,
    queue: VecDeque<Message>,
    /// The full inbox for whose space the lane waits.
    full: Option<Rc<Inbox>>,
    /// The stream ends after the messages in the queue.
    ends: bool,
}

/// The running bridge.
struct RunningBridge {
    near: Rc<Near<Frame, Frame>>,
    output: SharedOutput,
    lanes: Vec<Lane>,
    /// Frames for the parent that wait for space.
    held: VecDeque<Frame>,
    /// How many more messages may be sent before the parent reports deliveries.
    window: usize,
    /// The last frame, the outcome, has been created.
    is_last: bool,
}

impl RunningBridge {
    fn poll(&mut self, io: &BoxIo) -> Poll<Outcome> {
        loop {
            let Some(received) = self.receive(io) else { return Poll::Ready(Ok(())) };
            let moved = received | self.feed_inner(io) | self.send_output(io);
            if self.is_last && self.held.is_empty() {
                self.near.finish_sending();
                return Poll::Ready(Ok(()));
            }
            if io.core.yielded.get() || !moved {
                return Poll::Pending;
            }
        }
    }

    /// Handles the frames from the parent; `None` if the parent has ended, which ends the child.
    fn receive(&mut self, io: &BoxIo) -> Option<bool> {
        let mut received = false;
        loop {
            match self.near.poll_recv(&io.core) {
                Poll::Pending => return Some(received),
                Poll::Ready(Ok(Some(frame))) => self.handle(frame),
                Poll::Ready(_) => {
                    self.lane(CONTROL, |lane| lane.queue.push_front(Message::Shutdown));
                    self.feed_inner(io);
                    return None;
                }
            }
            received = true;
        }
    }

    fn handle(&mut self, frame: Frame) {
        match frame {
            Frame::Put(inbox, message) => self.lane(&inbox, |lane| lane.queue.push_back(message)),
            Frame::Ended(inbox) => self.lane(&inbox, |lane| lane.ends = true),
            Frame::Control(Message::Shutdown) => self.lane(CONTROL, |lane| lane.queue.push_front(Message::Shutdown)),
            Frame::Control(message) => self.lane(CONTROL, |lane| lane.queue.push_back(message)),
            Frame::Delivered => self.window += 1,
            // The first frame was read before the bridge started; only the child sends the others.
            Frame::Start { .. }
            | Frame::Out(..)
            | Frame::Took(_)
            | Frame::Print(_)
            | Frame::Note(_)
            | Frame::Outcome(_) => {}
        }
    }

    fn lane(&mut self, name: &str, change: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| *lane.name == *name) {
            change(lane);
        }
    }

    /// Moves messages into the inboxes of the inner component. A finish waits until all data has been delivered
    /// (SHUT-6).
    fn feed_inner(&mut self, io: &BoxIo) -> bool {
        let mut moved = false;
        let data_is_in = self.lanes.iter().all(|lane| *lane.name == *CONTROL || lane.queue.is_empty());
        for lane in &mut self.lanes {
            let Some(index) = io.core.boxes.find_outbox(&lane.name) else { continue };
            let is_control = *lane.name == *CONTROL;
            while let Some(message) = lane.queue.pop_front() {
                if is_control && message == Message::ProducerFinished && !data_is_in {
                    lane.queue.push_front(message);
                    break;
                }
                let mut held = Some(message);
                let pending = io.core.poll_send(index, &mut held, &mut lane.full).is_pending();
                if let Some(message) = held {
                    lane.queue.push_front(message);
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
            if lane.ends && lane.queue.is_empty() {
                lane.ends = false;
                // This also ends links that the inner component makes later, as a chassis does for its instances.
                io.finish(&lane.name);
            }
        }
        moved
    }

    /// Sends the output of the inner component to the parent, in order, as far as the window allows; at the end its outcome.
    fn send_output(&mut self, io: &BoxIo) -> bool {
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
            let next = self.output.borrow_mut().items.pop_front();
            match next {
                Some(OutputItem::Frame(frame)) => self.held.push_back(frame),
                Some(OutputItem::Message(outbox)) => {
                    let taken = if self.window == 0 { Poll::Pending } else { take(io, &outbox) };
                    match taken {
                        Poll::Ready(Some(message)) => {
                            self.window -= 1;
                            self.held.push_back(Frame::Out(outbox, message));
                        }
                        Poll::Ready(None) => {}
                        Poll::Pending => {
                            self.output.borrow_mut().items.push_front(OutputItem::Message(outbox));
                            return moved;
                        }
                    }
                }
                None => {
                    let Some(outcome) = io.child_outcome(INNER).filter(|_| !self.is_last) else { return moved };
                    self.is_last = true;
                    self.held.push_back(Frame::Outcome(outcome.map_err(|fault| Fault::new(fault.text()))));
                }
            }
        }
    }
}

fn take(io: &BoxIo, inbox: &str) -> Poll<Option<Message>> {
    io.core.boxes.find_inbox(inbox).map_or(Poll::Ready(None), |index| io.core.poll_recv(index))
}
