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
    /// `None` in a replay, where the recording answers instead, and if tasks cannot run.
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

    /// Declares that this task may wait for something outside, perhaps forever, as a server does for its clients. It is
    /// then not a stall if component and task wait for each other, and a virtual clock does not wait for an answer.
    /// Without this declaration, the runtime assumes that the task is working and will answer.
    pub fn stay_open(&self) {
        self.far.stay_open();
    }

    /// The next message from the component; `None` once it has finished sending or has ended.
    pub async fn recv(&self) -> Option<Message> {
        self.far.recv().await
    }
}

/// The executor of all outside tasks of the process, on one named thread beside the reactor.
///
/// # Errors
/// The thread could not be started for the first task. It is not retried, so that all tasks agree.
pub(crate) fn executor() -> Result<&'static Executor<'static>, Fault> {
    static EXECUTOR: OnceLock<Result<Executor<'static>, Fault>> = OnceLock::new();
    let executor = EXECUTOR.get_or_init(|| {
        let run = || {
            if let Ok(executor) = executor() {
                async_io::block_on(executor.run(std::future::pending::<()>()));
            }
        };
        match std::thread::Builder::new().name("compose-outside".to_owned()).spawn(run) {
            Ok(_) => Ok(Executor::new()),
            Err(error) => Err(no_thread(&error)),
        }
    });
    executor.as_ref().map_err(Fault::clone)
}

fn no_thread(error: &std::io::Error) -> Fault {
    Fault::new(format!(
        "the thread for outside tasks could not be started: {error}; close other programs and start this one again"
    ))
}

/// Starts a task that uses the far end of a port. If tasks cannot run, the far end ends with a fault instead.
pub(crate) fn start<I, O>(far: &Far<I, O>, task: impl Future<Output = ()> + Send + 'static) -> Option<Task<()>> {
    start_on(executor(), far, task)
}

fn start_on<I, O>(
    executor: Result<&Executor<'static>, Fault>,
    far: &Far<I, O>,
    task: impl Future<Output = ()> + Send + 'static,
) -> Option<Task<()>> {
    match executor {
        Ok(executor) => Some(executor.spawn(task)),
        Err(fault) => {
            far.end(Err(fault));
            None
        }
    }
}

pub(crate) fn open<F, T>(core: &Rc<Core>, label: &str, task: F) -> Outside
where
    F: FnOnce(OutsidePort) -> T + Send + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    open_on(executor, core, label, task)
}

fn open_on<E, F, T>(executor: E, core: &Rc<Core>, label: &str, task: F) -> Outside
where
    E: FnOnce() -> Result<&'static Executor<'static>, Fault>,
    F: FnOnce(OutsidePort) -> T + Send + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    let (near, far) = Near::open(core, label, false);
    let task = far.and_then(|far| {
        let port = OutsidePort { far: far.clone() };
        // Contained from the beginning: the task can be dropped before its first turn.
        let work = ContainedFuture::new(async move { task(port).await });
        let task = {
            let far = far.clone();
            async move {
                let mut guard = EndGuard(Some(far.clone()));
                let outcome = work.await;
                guard.0 = None;
                far.end(outcome.unwrap_or_else(|caught| Err(Fault::of_panic(caught))));
            }
        };
        start_on(executor(), &far, task)
    });
    Outside { near, core: core.clone(), _task: task }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::{BoxIo, Component, ComponentSpec, build};
    use crate::introspect::snapshot::State;
    use crate::params::{ParamError, Params};
    use crate::testing::Rig;

    /// Waits for a task, although no task can run.
    struct Waits;

    impl Component for Waits {
        fn new(_: &Params) -> Result<Self, ParamError> {
            Ok(Self)
        }

        async fn main(self, io: BoxIo) -> Outcome {
            let executor = || Err(no_thread(&std::io::Error::other("no memory")));
            let far = open_on(executor, &io.core, "a task", |_| async { Ok(()) });
            far.recv().await.map(drop)
        }
    }

    static WAITS: ComponentSpec = ComponentSpec { type_name: "Waits", build: build::<Waits>, ..ComponentSpec::EMPTY };

    #[test]
    fn a_component_ends_with_a_fault_if_the_thread_for_its_task_cannot_start() {
        let mut rig = Rig::new(&WAITS, &[]);
        rig.run();
        let State::Crashed(text) = rig.state() else { panic!("{:?}", rig.state()) };
        assert_eq!(
            &*text,
            "the thread for outside tasks could not be started: no memory; close other programs and start this one again"
        );
    }
}
