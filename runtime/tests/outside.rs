//! Outside tasks on a real clock: when waiting for a task is a stall and when it is not.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use async_channel::{Receiver, Sender};
use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, RestartPolicy};
use futures_lite::future;

/// Gives its task time to wait, then ends the stream to it and waits for its last answer.
struct Finisher;
impl Component for Finisher {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("a last answer", |port| async move {
            while port.recv().await.is_some() {}
            port.send("done").await;
            Ok(())
        });
        far.send("first").await;
        io.sleep(Duration::from_millis(5)).await;
        far.finish_sending();
        far.recv().await?.map(drop).ok_or_else(|| Fault::new("no last answer"))
    }
}

/// An outside event, sent after the scheduler has fallen asleep.
static NEWS: LazyLock<(Sender<()>, Receiver<()>)> = LazyLock::new(|| async_channel::bounded(1));

/// Waits for a task that waits for an outside event and for its component at the same time.
struct Listener;
impl Component for Listener {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("news", |port| async move {
            port.stay_open();
            let news = async {
                NEWS.1.recv().await.ok();
                Some(Message::text("news"))
            };
            let received = future::or(port.recv(), news).await;
            port.send(received.unwrap_or_default()).await;
            Ok(())
        });
        far.recv().await?.map(drop).ok_or_else(|| Fault::new("no news"))
    }
}

/// Waits for a task that waits only for its component, which is a stall.
struct Deadlock;
impl Component for Deadlock {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("the component", |port| async move {
            port.recv().await;
            Ok(())
        });
        far.recv().await.map(drop)
    }
}

/// Opened when the outside task starts to take messages.
static GATE: LazyLock<(Sender<()>, Receiver<()>)> = LazyLock::new(|| async_channel::bounded(1));

/// Number of messages that an outside task exchanges with its component; it takes none until the [`GATE`] is open.
const EXCHANGED: i64 = 1000;

/// Sends back every message, over queues that hold far fewer messages than are exchanged.
struct Echo;
impl Component for Echo {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("an echo", |port| async move {
            port.stay_open();
            let sending = async {
                for index in 0..EXCHANGED {
                    port.send(Message::Int(index)).await;
                }
            };
            let receiving = async {
                let first = port.recv().await;
                GATE.1.recv().await.ok();
                let mut received = Vec::from_iter(first);
                while received.len() < EXCHANGED as usize {
                    received.extend(port.recv().await);
                }
                received
            };
            let ((), received) = future::zip(sending, receiving).await;
            if received == (0..EXCHANGED).map(Message::Int).collect::<Vec<_>>() {
                return Ok(());
            }
            Err(Fault::new("the echo is not complete"))
        });
        while let Some(message) = far.recv().await? {
            far.send(message).await;
        }
        Ok(())
    }
}

static FINISHER: ComponentSpec =
    ComponentSpec { type_name: "Finisher", build: build::<Finisher>, ..ComponentSpec::EMPTY };
static LISTENER: ComponentSpec =
    ComponentSpec { type_name: "Listener", build: build::<Listener>, ..ComponentSpec::EMPTY };
static ECHO: ComponentSpec = ComponentSpec { type_name: "Echo", build: build::<Echo>, ..ComponentSpec::EMPTY };
static DEADLOCK: ComponentSpec =
    ComponentSpec { type_name: "Deadlock", build: build::<Deadlock>, ..ComponentSpec::EMPTY };

fn run(spec: &'static ComponentSpec) -> RunEnd {
    scheduler(spec).run(up_to(Duration::from_secs(10)))
}

fn up_to(clock: Duration) -> RunLimit {
    RunLimit { clock: Some(clock), ..RunLimit::default() }
}

fn scheduler(spec: &'static ComponentSpec) -> Scheduler {
    let mut registry = Registry::default();
    registry.register(spec).unwrap();
    let mut config = SchedulerConfig::new(registry);
    // A snapshot shows that no component is ready and that the scheduler has found no stall.
    config.on_snapshot = Some(Box::new(|| {
        // Full if the event has been sent before: one is enough.
        let _ = NEWS.0.try_send(());
    }));
    let mut scheduler = Scheduler::new(config);
    let desc = ComponentDesc {
        name: "it".into(),
        body: ComponentBody::Leaf { type_name: spec.type_name.into(), params: BTreeMap::new() },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    };
    for outcome in scheduler.reconfigure(1, vec![Step::Start { id: ComponentId(1), desc }]) {
        assert_eq!(outcome.error, None);
    }
    scheduler
}

#[test]
fn the_run_waits_for_the_answer_after_the_stream_to_a_task_ends() {
    for _ in 0..50 {
        assert_eq!(run(&FINISHER), RunEnd::Ended);
    }
}

#[test]
fn the_run_waits_for_a_task_that_waits_for_an_outside_event() {
    assert_eq!(run(&LISTENER), RunEnd::Ended);
}

#[test]
fn the_run_waits_for_a_slow_task_even_if_both_queues_are_full() {
    let mut scheduler = scheduler(&ECHO);
    // Long enough for all queues to fill up.
    assert_eq!(scheduler.run(up_to(Duration::from_millis(300))), RunEnd::LimitReached);
    GATE.0.try_send(()).unwrap();
    assert_eq!(scheduler.run(up_to(Duration::from_secs(10))), RunEnd::Ended);
}

#[test]
fn a_component_and_its_task_that_wait_for_each_other_stall_the_run() {
    assert!(matches!(run(&DEADLOCK), RunEnd::Stalled(_)));
}
