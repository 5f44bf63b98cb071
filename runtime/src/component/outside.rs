//! Outside: the one state between a component and the world (R2).
//!
//! The near end, [`Outside`], is used by the component on the scheduler thread; the far end, [`OutsidePort`], by an
//! async task on the reactor thread. What lies between is in `port`.

use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::OnceLock;

use async_executor::{Executor, Task};

use super::port::{Far, Near};
use super::{Fault, Outcome};
use crate::message::Message;
use crate::scheduler::core::Core;

pub use super::port::PORT_LIMIT;

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
    /// `None` in a replay: the recording answers instead.
    _task: Option<Task<()>>,
}

impl Outside {
    /// The next message from outside; `Ok(None)` once the task has ended well, an error if it ended badly.
    ///
    /// # Errors
    /// The task ended badly.
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

    /// Says that this task may wait for the world, perhaps for ever, as one that serves a socket does. Then waiting for each
    /// other is no stall, and a virtual clock does not wait for an answer. A task that does not say so is taken to be
    /// working: it reads a file, it computes, it will answer.
    pub fn stay_open(&self) {
        self.far.stay_open();
    }

    /// The next message from the component; `None` once it has finished sending or has ended.
    pub async fn recv(&self) -> Option<Message> {
        self.far.recv().await
    }
}

/// The executor of all outside tasks of the process, on one named thread beside the reactor.
pub(crate) fn executor() -> &'static Executor<'static> {
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
    let Some(far) = far else { return Outside { near, core: core.clone(), _task: None } };
    let task = executor().spawn(async move {
        let mut guard = EndGuard(Some(far.clone()));
        let outcome = task(OutsidePort { far: far.clone() }).await;
        guard.0 = None;
        far.end(outcome);
    });
    Outside { near, core: core.clone(), _task: Some(task) }
}
