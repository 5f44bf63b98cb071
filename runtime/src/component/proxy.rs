//! Proxy: the scheduler's side of a threaded component. Moves messages between the boxes and the thread's two queues.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::far_end::Far;
use super::port::Near;
use super::thread_call::FromThread;
use super::threaded::{ThreadIo, ThreadedComponent, ToThread};
use super::{BoxIo, Component, Fault, Outcome, Start};
use crate::contain::{Contained, contain};
use crate::delivery::inbox::DELETED;
use crate::delivery::wake_state::EndRequest;
use crate::params::{ParamError, Params};
use crate::scheduler::clock::TimerKey;
use crate::scheduler::component_core::Core;

/// The `build` entry of a [`super::ComponentSpec`] for a [`ThreadedComponent`].
///
/// # Errors
/// [`ThreadedComponent::new`] rejects the settings.
pub fn build_threaded<C: ThreadedComponent>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    Ok(Box::new(Proxy::<C>::of(params)?))
}

/// The scheduler's side of a threaded component.
pub(super) struct Proxy<C> {
    inner: C,
}

impl<C: ThreadedComponent> Proxy<C> {
    pub fn of(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { inner: C::new(params)? })
    }
}

impl<C: ThreadedComponent> Proxy<C> {
    /// Starts the thread. Returns it with a copy of the far end, which shows when the thread has ended.
    fn start_thread(
        self,
        io: &BoxIo,
        far: Far<FromThread, ToThread>,
        feeds: &[Feed],
    ) -> Result<(JoinHandle<()>, Far<FromThread, ToThread>), std::io::Error> {
        let thread_io = ThreadIo {
            far: far.clone(),
            inboxes: feeds.iter().map(|feed| feed.name.clone()).collect(),
            last_outbox: None,
            waiting: BTreeMap::new(),
            ended: BTreeSet::new(),
            is_over: false,
            was_refused: false,
            base_folder: io.core.context.base_folder.clone(),
        };
        let watched = far.clone();
        let name = format!("compose-blocking-{}", io.name());
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            let outcome = contain(|| self.inner.main(thread_io));
            far.end(outcome.unwrap_or_else(|caught| Err(Fault::of_panic(caught))));
            // The queues may hold answers that the thread has not taken.
            drop(Contained::new(far));
        })?;
        Ok((thread, watched))
    }
}

type Queue = Near<FromThread, ToThread>;

/// One data inbox whose messages go to the thread.
struct Feed {
    name: Arc<str>,
    index: usize,
    /// The thread was notified that the stream has ended.
    told_end: bool,
}

/// The proxy's next action.
enum Event {
    FromThread(FromThread),
    ToThread(ToThread),
    Over(Outcome),
}

/// The pause of a thread that waits for something to happen.
#[derive(Default)]
struct Pause {
    is_on: bool,
    until: Option<Duration>,
    timer: Option<TimerKey>,
    /// Number of ended children for which the thread was woken.
    ended_children: usize,
}

/// Hands the thread over to the scheduler when the component ends. The scheduler joins it (THR-19).
struct JoinOnDrop {
    core: Rc<Core>,
    far: Far<FromThread, ToThread>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for JoinOnDrop {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let far = self.far.clone();
            let name = self.core.boxes.name.borrow().clone();
            self.core.context.threads.add(name, thread, move || far.is_done(), Instant::now());
        }
    }
}

impl<C: ThreadedComponent> Component for Proxy<C> {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Self::of(params)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let core = io.core.clone();
        let (near, far) = Near::<FromThread, ToThread>::open_with(&core, "its thread", false, C::QUEUE_LENGTH.max(1));
        let mut feeds = feeds_of(&core, &[]);
        // In a replay there is no thread; the recording supplies its answers.
        let thread = far.map(|far| self.start_thread(&io, far, &feeds)).transpose()?;
        let _join = thread.map(|(thread, far)| JoinOnDrop { core: core.clone(), far, thread: Some(thread) });
        // Dropped before `_join`, so that the thread is asked to stop first.
        let near = near;

        let mut pause = Pause::default();
        let mut last_outbox: Arc<str> = "".into();
        loop {
            let event = poll_fn(|_| next_event(&core, &near, &mut feeds, &mut pause)).await;
            match event {
                Event::FromThread(FromThread::Send(outbox, message)) => {
                    last_outbox = outbox;
                    io.send(&last_outbox, message).await;
                }
                Event::FromThread(FromThread::SendAgain(message)) => io.send(&last_outbox, message).await,
                Event::FromThread(FromThread::Show(surface)) => io.show(surface),
                Event::FromThread(FromThread::Print(line)) => io.print(&line),
                Event::FromThread(FromThread::Sleep(span)) => sleep_for_thread(&io, &near, span).await,
                Event::FromThread(FromThread::Pause(timeout)) => {
                    pause.is_on = true;
                    pause.until = timeout.map(|span| io.now().saturating_add(span));
                }
                Event::FromThread(FromThread::Call(call)) => {
                    let answer = call.carry_out(&io).await;
                    feeds = feeds_of(&core, &feeds);
                    send_to_thread(&core, &near, ToThread::Answer(answer)).await;
                }
                Event::FromThread(FromThread::Job(job)) => {
                    let answer = job(BoxIo { core: core.clone() }).await;
                    feeds = feeds_of(&core, &feeds);
                    send_to_thread(&core, &near, ToThread::Answer(answer)).await;
                }
                Event::FromThread(FromThread::Nothing) => {}
                Event::ToThread(item) => {
                    pause.is_on = false;
                    core.cancel(&mut pause.timer);
                    send_to_thread(&core, &near, item).await;
                }
                Event::Over(outcome) => return outcome,
            }
        }
    }
}

/// The current data inboxes, each with whether the thread was notified of the end of its stream.
fn feeds_of(core: &Core, before: &[Feed]) -> Vec<Feed> {
    let inboxes = core.boxes.inboxes.borrow();
    let data = inboxes.iter().enumerate().filter(|(_, inbox)| !inbox.is_control && &*inbox.name != DELETED);
    data.map(|(index, inbox)| {
        let told_end = before.iter().any(|feed| feed.index == index && *feed.name == *inbox.name && feed.told_end);
        Feed { name: inbox.name.text(), index, told_end }
    })
    .collect()
}

fn ended_children(core: &Core) -> usize {
    core.children.borrow().iter().filter(|child| child.end.is_some()).count()
}

async fn send_to_thread(core: &Core, near: &Queue, item: ToThread) {
    let mut item = Some(item);
    poll_fn(|_| near.poll_send(core, &mut item)).await;
}

/// Waits on the runtime's clock, then wakes the thread.
async fn sleep_for_thread(io: &BoxIo, near: &Queue, span: Duration) {
    io.sleep(span).await;
    send_to_thread(&io.core, near, ToThread::Woken).await;
}

fn next_event(core: &Core, near: &Queue, feeds: &mut [Feed], pause: &mut Pause) -> Poll<Event> {
    match near.poll_recv(core) {
        Poll::Ready(Ok(Some(item))) => return Poll::Ready(Event::FromThread(item)),
        Poll::Ready(Ok(None)) => return Poll::Ready(Event::Over(Ok(()))),
        Poll::Ready(Err(fault)) => return Poll::Ready(Event::Over(Err(fault))),
        Poll::Pending if core.yielded.get() => return Poll::Pending,
        Poll::Pending => {}
    }
    // The thread receives data before it is notified of an end. It receives data only while its queue has space, so
    // other messages stay in the inboxes, where the user sees them.
    if near.has_space() && core.end_request() != EndRequest::Shutdown {
        for feed in feeds.iter_mut().filter(|feed| !feed.told_end) {
            match core.poll_recv(feed.index) {
                Poll::Ready(Some(message)) => {
                    return Poll::Ready(Event::ToThread(ToThread::Message(feed.name.clone(), message)));
                }
                Poll::Ready(None) => {
                    feed.told_end = true;
                    return Poll::Ready(Event::ToThread(ToThread::Ended(feed.name.clone())));
                }
                Poll::Pending if core.yielded.get() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
    } else {
        near.want_space();
    }
    if pause.is_on {
        let is_due = pause.until.is_some_and(|until| core.poll_until(until, &mut pause.timer).is_ready());
        let ended = ended_children(core);
        if is_due || ended != std::mem::replace(&mut pause.ended_children, ended) {
            return Poll::Ready(Event::ToThread(ToThread::Woken));
        }
    }
    Poll::Pending
}
