//! Outside: the one door between a component and the world (R2).
//!
//! The near end, [`Outside`], is used by the component on the scheduler thread; the far end, [`OutsidePort`], by an
//! async task on the reactor thread (or, through `threaded`, by a thread). Between them are two bounded queues of
//! [`PORT_LIMIT`] messages; a sender that finds its queue full waits. Messages that come in enter at a pass boundary.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;

use async_channel::{Receiver, Sender, TrySendError};
use async_executor::{Executor, Task};

use super::{Fault, Outcome};
use crate::mailbox::Ending;
use crate::message::Message;
use crate::scheduler::core::{Core, WaitNote};
use crate::scheduler::intake::Intake;
use crate::scheduler::pulse::{Pulse, WAIT_OTHER};

/// How many messages wait in each direction before the sender does.
pub const PORT_LIMIT: usize = 64;

/// What an open port is doing, as far as the scheduler can know; decides whether a virtual clock may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    /// The far end has ended and everything was brought in.
    Closed,
    /// The far end waits for the component.
    Idle,
    /// The far end waits for the world, perhaps for ever.
    Open,
    /// The far end is working and will answer: a thread in its own code.
    Busy,
}

/// A near end, as the scheduler sees it.
pub(crate) trait Drain {
    /// Brings in what the far end has sent, as far as there is room; wakes the component if there was anything.
    fn drain(&self);
    fn activity(&self) -> Activity;
}

/// What both ends share.
struct Shared {
    /// A note is on its way to the scheduler.
    stirred: AtomicBool,
    /// The near end found its outgoing queue full.
    near_waits: AtomicBool,
    /// The far end waits for the near end.
    far_idle: AtomicBool,
    ended: AtomicBool,
    outcome: Mutex<Option<Outcome>>,
    intake: crossbeam_channel::Sender<Intake>,
}

impl Shared {
    fn stir(&self) {
        if !self.stirred.swap(true, Ordering::AcqRel) {
            // A scheduler that is gone has nobody to tell.
            let _ = self.intake.send(Intake::Stirred);
        }
    }
}

/// The near end of a port that brings `I` in and takes `O` out.
pub(crate) struct Near<I, O> {
    label: Arc<str>,
    pulse: Rc<Pulse>,
    kernel: Rc<crate::scheduler::kernel::Kernel>,
    shared: Arc<Shared>,
    incoming: Receiver<I>,
    outgoing: Sender<O>,
    arrived: RefCell<VecDeque<I>>,
    works_alone: bool,
}

/// The far end of a port.
pub(crate) struct Far<I, O> {
    shared: Arc<Shared>,
    incoming: Sender<I>,
    outgoing: Receiver<O>,
}

impl<I, O> Clone for Far<I, O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), incoming: self.incoming.clone(), outgoing: self.outgoing.clone() }
    }
}

impl<I: 'static, O: 'static> Near<I, O> {
    /// Opens a port. `works_alone` says that the far end, when it does not wait for the component, is working and will
    /// answer (a thread); otherwise it may be waiting for the world.
    pub fn open(core: &Rc<Core>, label: &str, works_alone: bool) -> (Rc<Self>, Far<I, O>) {
        let (incoming_tx, incoming) = async_channel::bounded(PORT_LIMIT);
        let (outgoing, outgoing_rx) = async_channel::bounded(PORT_LIMIT);
        let kernel = core.kernel.clone();
        let shared = Arc::new(Shared {
            stirred: AtomicBool::new(false),
            near_waits: AtomicBool::new(false),
            far_idle: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            outcome: Mutex::new(None),
            intake: kernel.intake.clone(),
        });
        let near = Rc::new(Self {
            label: label.into(),
            pulse: core.pulse.clone(),
            kernel: kernel.clone(),
            shared: shared.clone(),
            incoming,
            outgoing,
            arrived: RefCell::new(VecDeque::new()),
            works_alone,
        });
        let weak = Rc::downgrade(&near);
        kernel.ports.borrow_mut().push(weak);
        (near, Far { shared, incoming: incoming_tx, outgoing: outgoing_rx })
    }

    fn note(&self, core: &Core) {
        self.pulse.waits.set(self.pulse.waits.get() | WAIT_OTHER);
        *core.note.borrow_mut() = WaitNote::Outside(self.label.clone());
    }

    /// The next thing from outside; `Ok(None)` once the far end has ended well or the component was told to stop.
    pub fn poll_recv(&self, core: &Core) -> Poll<Result<Option<I>, Fault>> {
        if core.asked() == Ending::Shutdown {
            return Poll::Ready(Ok(None));
        }
        if core.budget.get() == 0 {
            core.yielded.set(true);
            return Poll::Pending;
        }
        if let Some(item) = self.arrived.borrow_mut().pop_front() {
            core.budget.set(core.budget.get().saturating_sub(1));
            if !self.incoming.is_empty() {
                self.kernel.ports_stirred.set(true);
            }
            return Poll::Ready(Ok(Some(item)));
        }
        if self.shared.ended.load(Ordering::Acquire) && self.incoming.is_empty() {
            let outcome = self.shared.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
            return Poll::Ready(outcome.unwrap_or(Ok(())).map(|()| None));
        }
        if !self.incoming.is_empty() {
            self.kernel.ports_stirred.set(true);
        }
        self.note(core);
        Poll::Pending
    }

    /// Hands something to the far end; ready with `false` once that has ended.
    pub fn poll_send(&self, core: &Core, item: &mut Option<O>) -> Poll<bool> {
        let Some(wanted) = item.take() else { return Poll::Ready(true) };
        if core.asked() == Ending::Shutdown {
            return Poll::Ready(false);
        }
        match self.outgoing.try_send(wanted) {
            Ok(()) => Poll::Ready(true),
            Err(TrySendError::Closed(_)) => Poll::Ready(false),
            Err(TrySendError::Full(wanted)) => {
                self.shared.near_waits.store(true, Ordering::SeqCst);
                match self.outgoing.try_send(wanted) {
                    Ok(()) => Poll::Ready(true),
                    Err(TrySendError::Closed(_)) => Poll::Ready(false),
                    Err(TrySendError::Full(wanted)) => {
                        *item = Some(wanted);
                        self.note(core);
                        Poll::Pending
                    }
                }
            }
        }
    }

    pub fn has_room(&self) -> bool {
        !self.outgoing.is_full()
    }

    /// Asks to be woken when the far end has taken something.
    pub fn want_room(&self) {
        self.shared.near_waits.store(true, Ordering::SeqCst);
    }

    pub fn finish_sending(&self) {
        self.outgoing.close();
    }
}

impl<I, O> Drop for Near<I, O> {
    /// Closing both queues lets a far end that blocks in one of them see that it is over.
    fn drop(&mut self) {
        self.incoming.close();
        self.outgoing.close();
    }
}

impl<I: 'static, O: 'static> Drain for Near<I, O> {
    fn drain(&self) {
        let mut brought = self.shared.stirred.swap(false, Ordering::AcqRel);
        let mut arrived = self.arrived.borrow_mut();
        while arrived.len() < PORT_LIMIT {
            let Ok(item) = self.incoming.try_recv() else { break };
            arrived.push_back(item);
            brought = true;
        }
        if brought && self.pulse.waits.get() & WAIT_OTHER != 0 {
            self.kernel.wake(&self.pulse);
        }
    }

    fn activity(&self) -> Activity {
        if self.shared.ended.load(Ordering::Acquire) {
            if self.incoming.is_empty() { Activity::Closed } else { Activity::Busy }
        } else if !self.incoming.is_empty() || self.shared.stirred.load(Ordering::Acquire) {
            Activity::Busy
        } else if self.shared.far_idle.load(Ordering::Acquire) && self.outgoing.is_empty() {
            Activity::Idle
        } else if self.works_alone {
            Activity::Busy
        } else {
            Activity::Open
        }
    }
}

impl<I, O> Far<I, O> {
    pub async fn send(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.stir();
                self.incoming.send(item).await.is_ok()
            }
        };
        self.shared.stir();
        sent
    }

    pub async fn recv(&self) -> Option<O> {
        let item = if let Ok(item) = self.outgoing.try_recv() {
            Some(item)
        } else {
            self.shared.far_idle.store(true, Ordering::Release);
            let item = self.outgoing.recv().await.ok();
            self.shared.far_idle.store(false, Ordering::Release);
            item
        };
        self.made_room();
        item
    }

    pub fn send_blocking(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.stir();
                self.incoming.send_blocking(item).is_ok()
            }
        };
        self.shared.stir();
        sent
    }

    pub fn recv_blocking(&self) -> Option<O> {
        let item = if let Ok(item) = self.outgoing.try_recv() {
            Some(item)
        } else {
            self.shared.far_idle.store(true, Ordering::Release);
            let item = self.outgoing.recv_blocking().ok();
            self.shared.far_idle.store(false, Ordering::Release);
            item
        };
        self.made_room();
        item
    }

    fn made_room(&self) {
        if self.shared.near_waits.swap(false, Ordering::SeqCst) {
            self.shared.stir();
        }
    }

    /// The component has ended or been stopped.
    pub fn is_closed(&self) -> bool {
        self.incoming.is_closed()
    }

    /// The far end is done; nothing more will come.
    pub fn end(&self, outcome: Outcome) {
        *self.shared.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.shared.ended.store(true, Ordering::Release);
        self.incoming.close();
        self.outgoing.close();
        self.shared.stir();
    }
}

/// Ends the port also when a task panics or is cancelled.
struct EndGuard(Option<Far<Message, Message>>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        if let Some(far) = self.0.take() {
            far.end(Err(Fault::new("the task outside stopped before it was done")));
        }
    }
}

/// The component's end of an outside task. Dropping it cancels the task.
pub struct Outside {
    near: Rc<Near<Message, Message>>,
    core: Rc<Core>,
    _task: Task<()>,
}

impl Outside {
    /// The next message from outside; `Ok(None)` once the task has ended well, an error if it ended badly.
    pub async fn recv(&self) -> Result<Option<Message>, Fault> {
        poll_fn(|_| self.near.poll_recv(&self.core)).await
    }

    /// Sends to the task, waiting while [`PORT_LIMIT`] messages wait; `false` once the task has ended.
    pub async fn send(&self, message: impl Into<Message>) -> bool {
        let mut item = Some(message.into());
        poll_fn(|_| self.near.poll_send(&self.core, &mut item)).await
    }

    /// Whether a send would go through at once.
    pub fn has_room(&self) -> bool {
        self.near.has_room()
    }

    /// Tells the task that no more will be sent: its `recv` gives `None` after what is queued.
    pub fn finish_sending(&self) {
        self.near.finish_sending();
    }
}

/// The task's end. Every call waits while its bounded queue is full or empty.
#[derive(Clone)]
pub struct OutsidePort {
    far: Far<Message, Message>,
}

impl OutsidePort {
    /// Hands a message to the component; `false` once the component has ended (then the task should end too).
    pub async fn send(&self, message: impl Into<Message>) -> bool {
        self.far.send(message.into()).await
    }

    /// The next message from the component; `None` once it has finished sending or has ended.
    pub async fn recv(&self) -> Option<Message> {
        self.far.recv().await
    }
}

/// The executor of all outside tasks of the process, on one named thread beside the reactor.
fn executor() -> &'static Executor<'static> {
    static EXECUTOR: OnceLock<Executor<'static>> = OnceLock::new();
    EXECUTOR.get_or_init(|| {
        let run = || async_io::block_on(executor().run(std::future::pending::<()>()));
        if let Err(error) = std::thread::Builder::new().name("compose-outside".to_owned()).spawn(run) {
            // Tasks would never run: their components report that they wait for outside, which is the truth.
            let _ = error;
        }
        Executor::new()
    })
}

pub(crate) fn open<F, T>(core: &Rc<Core>, label: &str, task: F) -> Outside
where
    F: FnOnce(OutsidePort) -> T + Send + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    let (near, far) = Near::open(core, label, false);
    let task = executor().spawn(async move {
        let mut guard = EndGuard(Some(far.clone()));
        let outcome = task(OutsidePort { far: far.clone() }).await;
        guard.0 = None;
        far.end(outcome);
    });
    Outside { near, core: core.clone(), _task: task }
}
