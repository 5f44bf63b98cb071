//! Parent: the proxy of a process component. It starts the child, sends it messages as far as the windows allow, delivers the
//! child's messages in order, and ends the child.

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use async_io::{Async, Timer};
use futures_lite::future::or;
use futures_lite::{AsyncReadExt as _, FutureExt as _};

use super::frame::Frame;
use super::program::{COMMAND, VARIABLE, WINDOW};
use super::pump::{FrameEnd, pump};
use crate::component::outside;
use crate::component::port::Near;
use crate::component::{Body, BoxIo, Fault, Outcome, Start};
use crate::delivery::inbox::Inbox;
use crate::delivery::wake_state::EndRequest;
use crate::message::Message;

/// How long a child may take to connect, in real time.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a child may run after its component has ended, in real time, before it is killed.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// The proxy, before it runs.
pub(super) struct Proxy {
    pub type_name: &'static str,
    pub params: BTreeMap<String, Message>,
}

impl Start for Proxy {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        Box::pin(run(*self, io))
    }
}

/// One inbox whose messages go to the child.
struct Feed {
    name: String,
    index: usize,
    /// How many more messages may be sent before the child reports arrivals.
    window: usize,
    /// The child was notified that the stream has ended.
    told_end: bool,
}

/// The proxy's view of the child.
struct Link {
    near: Rc<Near<Frame, Frame>>,
    feeds: Vec<Feed>,
    /// Frames for the child that wait for space.
    waiting: VecDeque<Frame>,
    /// Messages from the child's outboxes, in order, at most [`WINDOW`].
    out: VecDeque<(String, Message)>,
    /// The full inbox for whose space the first of these messages waits.
    full: Option<Rc<Inbox>>,
    told_finish: bool,
    outcome: Option<Outcome>,
}

async fn run(proxy: Proxy, io: BoxIo) -> Outcome {
    let (near, far) = Near::<Frame, Frame>::open(&io.core, "its process", true);
    let inboxes = io.core.boxes.inboxes.borrow().clone();
    let feeds = inboxes.iter().enumerate().filter(|(_, inbox)| !inbox.is_control).map(|(index, inbox)| Feed {
        name: inbox.name.to_string(),
        index,
        window: WINDOW,
        told_end: false,
    });
    let mut link = Link {
        near,
        feeds: feeds.collect(),
        waiting: VecDeque::new(),
        out: VecDeque::new(),
        full: None,
        told_finish: false,
        outcome: None,
    };
    link.waiting.push_back(Frame::Start {
        type_name: proxy.type_name.to_owned(),
        name: io.name().to_string(),
        base_folder: io.path("").display().to_string(),
        seed: io.seed(),
        params: proxy.params,
    });
    // In a replay there is no child; the recording supplies its answers.
    if let Some(far) = far {
        // If the task cannot run, the far end reports why.
        if let Some(task) = outside::start(&far, run_child(far.clone())) {
            task.detach();
        }
    }
    let outcome = poll_fn(|_| link.poll(&io)).await;
    io.core.leave_waiters(&mut link.full);
    outcome
}

impl Link {
    fn poll(&mut self, io: &BoxIo) -> Poll<Outcome> {
        if io.core.end_request() == EndRequest::Shutdown {
            // `run_child` notifies the child.
            return Poll::Ready(Ok(()));
        }
        loop {
            let mut moved = match self.receive(io) {
                Ok(moved) => moved,
                Err(fault) => return Poll::Ready(Err(fault)),
            };
            moved |= self.deliver(io);
            match self.feed(io) {
                Ok(fed) => moved |= fed,
                Err(fault) => return Poll::Ready(Err(fault)),
            }
            if let (Some(outcome), true) = (&self.outcome, self.out.is_empty()) {
                return Poll::Ready(outcome.clone());
            }
            if !moved || io.core.yielded.get() {
                return Poll::Pending;
            }
        }
    }

    /// Handles the frames from the child, which never sends more messages than its window allows.
    fn receive(&mut self, io: &BoxIo) -> Result<bool, Fault> {
        let mut received = false;
        while self.outcome.is_none() {
            match self.near.poll_recv(&io.core) {
                Poll::Pending => return Ok(received),
                Poll::Ready(Err(fault)) => return Err(fault),
                Poll::Ready(Ok(None)) => self.outcome = Some(Ok(())),
                Poll::Ready(Ok(Some(frame))) => match frame {
                    Frame::Out(outbox, message) => self.out.push_back((outbox, message)),
                    Frame::Took(inbox) => {
                        for feed in self.feeds.iter_mut().filter(|feed| feed.name == inbox) {
                            feed.window += 1;
                        }
                    }
                    Frame::Print(line) => io.print(&line),
                    Frame::Note(text) => io.note(&text),
                    Frame::Outcome(outcome) => self.outcome = Some(outcome),
                    // Only the parent sends these.
                    Frame::Start { .. } | Frame::Put(..) | Frame::Ended(_) | Frame::Control(_) | Frame::Delivered => {}
                },
            }
            received = true;
        }
        Ok(received)
    }

    /// Delivers the messages from the child's outboxes, in order.
    fn deliver(&mut self, io: &BoxIo) -> bool {
        let mut moved = false;
        while let Some((outbox, message)) = self.out.pop_front() {
            let index = io
                .core
                .boxes
                .find_outbox(&outbox)
                .unwrap_or_else(|| io.core.no_such_box(crate::ids::Direction::Outbox, &outbox));
            let mut held = Some(message);
            if io.core.poll_send(index, &mut held, &mut self.full).is_pending() {
                if let Some(message) = held {
                    self.out.push_front((outbox, message));
                } else {
                    self.waiting.push_back(Frame::Delivered);
                }
                return moved;
            }
            self.waiting.push_back(Frame::Delivered);
            moved = true;
        }
        moved
    }

    /// Sends waiting frames to the child, then messages from the inboxes as far as the windows allow.
    fn feed(&mut self, io: &BoxIo) -> Result<bool, Fault> {
        let mut moved = self.flush(io);
        for index in 0..self.feeds.len() {
            while self.waiting.is_empty()
                && let Some(feed) = self.feeds.get_mut(index)
                && feed.window > 0
                && !feed.told_end
            {
                match io.core.poll_recv(feed.index) {
                    Poll::Pending => break,
                    Poll::Ready(Some(message)) => {
                        if let Some(resource) = message.find_resource() {
                            return Err(Fault::new(format!(
                                "{}: {resource} is a resource of this process and cannot be sent to another one",
                                feed.name
                            )));
                        }
                        feed.window -= 1;
                        self.waiting.push_back(Frame::Put(feed.name.clone(), message));
                    }
                    Poll::Ready(None) => {
                        feed.told_end = true;
                        self.waiting.push_back(Frame::Ended(feed.name.clone()));
                    }
                }
                moved |= self.flush(io);
            }
        }
        let all_told = self.feeds.iter().all(|feed| feed.told_end);
        if io.core.end_request() == EndRequest::Finish && all_told && !std::mem::replace(&mut self.told_finish, true) {
            self.waiting.push_back(Frame::Control(Message::ProducerFinished));
            moved |= self.flush(io);
        }
        Ok(moved)
    }

    fn flush(&mut self, io: &BoxIo) -> bool {
        let mut moved = false;
        while let Some(frame) = self.waiting.pop_front() {
            let mut held = Some(frame);
            if self.near.poll_send(&io.core, &mut held).is_pending() {
                self.waiting.extend(held);
                self.waiting.rotate_right(1);
                break;
            }
            moved = true;
        }
        moved
    }
}

/// A child process that is killed when this is dropped.
struct KillOnDrop(Child);

impl KillOnDrop {
    /// Waits for the child to end, and describes how it ended. If it does not end in time, it is killed on drop.
    async fn end(&mut self) -> String {
        let waits = async {
            loop {
                if let Ok(Some(status)) = self.0.try_wait() {
                    return status.to_string();
                }
                Timer::after(Duration::from_millis(5)).await;
            }
        };
        let timeout = async {
            Timer::after(END_TIMEOUT).await;
            "it did not end in time and was killed".to_owned()
        };
        or(waits, timeout).await
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // The child may already have ended; in any case, it must not remain a zombie.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the child, and runs it until its component ends.
async fn run_child(far: FrameEnd) {
    let outcome = match connect().await {
        Err(error) => Err(Fault::new(format!("its process could not be started: {error}"))),
        Ok((mut child, stream)) => {
            let reported = pump(&stream, &far, Some((Frame::Control(Message::Shutdown), END_TIMEOUT))).await;
            // The child ends when the connection is closed.
            drop(stream);
            let status = child.end().await;
            if reported { Ok(()) } else { Err(Fault::new(format!("its process ended without an outcome: {status}"))) }
        }
    };
    far.end(outcome);
}

async fn connect() -> std::io::Result<(KillOnDrop, Async<TcpStream>)> {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))?;
    let port = listener.get_ref().local_addr()?.port();
    let token = format!("{:032x}", fastrand::Rng::new().u128(..));
    let mut command = match COMMAND.get() {
        Some((program, arguments)) => {
            let mut command = Command::new(program);
            command.args(arguments);
            command
        }
        None => Command::new(std::env::current_exe()?),
    };
    // Standard output belongs to the console components of the parent.
    command.env(VARIABLE, format!("{port}:{token}")).stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = KillOnDrop(command.spawn()?);
    let accepted = async {
        loop {
            let (stream, _) = listener.accept().await?;
            let mut received = [0; 32];
            // Other processes may connect too, but only the child has the token.
            if (&stream).read_exact(&mut received).await.is_ok() && received == *token.as_bytes() {
                return Ok(stream);
            }
        }
    };
    let died = async {
        loop {
            if let Some(status) = child.0.try_wait()? {
                return Err(std::io::Error::other(format!("it ended before it connected: {status}")));
            }
            Timer::after(Duration::from_millis(20)).await;
        }
    };
    let late = async {
        Timer::after(START_TIMEOUT).await;
        Err(std::io::Error::other("it did not connect in time; call `serve_if_child` first in `main`"))
    };
    let stream = accepted.or(died).or(late).await?;
    stream.get_ref().set_nodelay(true)?;
    Ok((child, stream))
}
