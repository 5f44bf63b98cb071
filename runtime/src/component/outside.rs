//! Outside: tasks outside the scheduler, and the ports through which components talk to them (R2).
//!
//! The component uses the near end, [`Outside`], on the scheduler thread. An async task uses the far end, [`OutsidePort`], on
//! the reactor thread. `port` holds the queues between them.

use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::OnceLock;

use async_executor::{Executor, Task};

use super::far_end::Far;
use super::port::Near;
use super::{Fault, Outcome};
use crate::contain::ContainedFuture;
use crate::message::Message;
use crate::scheduler::component_core::Core;

pub use super::port::PORT_LIMIT;

/// Ends the port if the task is cancelled.
struct EndGuard(Option<Far<Message, Message>>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        if let Some(far) = self.0.take() {
            far.end(Err(Fault::new("the outside task was cancelled")));
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
    /// The next message from the task; `Ok(None)` once the task has ended without a fault.
    ///
    /// # Errors
    /// The task ended with a fault, panicked or was cancelled.
    pub async fn recv(&self) -> Result<Option<Message>, Fault> {
        poll_fn(|_| self.near.poll_recv(&self.core)).await
    }

    /// Sends a message to the task, waiting while [`PORT_LIMIT`] messages are queued; `false` once the task has ended.
    pub async fn send(&self, message: impl Into<Message>) -> bool {
        let mut item = Some(message.into());
        poll_fn(|_| self.near.poll_send(&self.core, &mut item)).await
    }

    /// Whether a send would succeed at once.
    pub fn has_space(&self) -> bool {
        self.near.has_space()
    }

    /// Closes the queue to the task: its `recv` returns `None` after the queued messages.
    pub fn finish_sending(&self) {
        self.near.finish_sending();
    }
}

/// The far end, for the task. `send` waits while its queue is full, `recv` while its queue is empty.
#[derive(Clone)]
pub struct OutsidePort {
    far: Far<Message, Message>,
}

impl OutsidePort {
    /// Sends a message to the component; `false` once the component has ended (then the task should end too).
    pub async fn send(&self, message: impl Into<Message>) -> bool {
        self.far.send(message.into()).await
    }

    /// Declares that this task may wait for something outside, perhaps forever, as a server does for its clients. Then it is not
    /// a stall if component and task wait for each other, and a virtual clock does not wait for an answer. Without this
    /// declaration, the runtime expects that the task is working and will answer.
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
            // Tasks never run. Their components show that they wait for their task.
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
        let port = OutsidePort { far: far.clone() };
        let outcome = ContainedFuture::new(async move { task(port).await }).await;
        guard.0 = None;
        far.end(outcome.unwrap_or_else(|caught| Err(Fault::of_panic(caught))));
    });
    Outside { near, core: core.clone(), _task: Some(task) }
}
