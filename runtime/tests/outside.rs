//! Outside tasks on a real clock: when waiting for one is a stall and when it is not.
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

/// Gives its task time to wait, then says that no more will come, and waits for the answer to that.
struct Finisher;
impl Component for Finisher {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("a last word", |port| async move {
            while port.recv().await.is_some() {}
            port.send("done").await;
            Ok(())
        });
        far.send("first").await;
        io.sleep(Duration::from_millis(5)).await;
        far.finish_sending();
        far.recv().await?.map(drop).ok_or_else(|| Fault::new("no last word"))
    }
}

/// News from the world, which come once the scheduler has gone to sleep over it.
static NEWS: LazyLock<(Sender<()>, Receiver<()>)> = LazyLock::new(|| async_channel::bounded(1));

/// Waits for news from a task that waits for the world and for its component at once.
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
            let heard = future::or(port.recv(), news).await;
            port.send(heard.unwrap_or_default()).await;
            Ok(())
        });
        far.recv().await?.map(drop).ok_or_else(|| Fault::new("no news"))
    }
}

/// Waits for a task that waits for it and nothing else: that is a stall.
struct Deaf;
impl Component for Deaf {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("the other", |port| async move {
            port.recv().await;
            Ok(())
        });
        far.recv().await.map(drop)
    }
}

/// Opened when the world begins to take what it is sent.
static GATE: LazyLock<(Sender<()>, Receiver<()>)> = LazyLock::new(|| async_channel::bounded(1));

/// What two tasks in one port carry between the component and a world that takes nothing until the [`GATE`] is open.
const CARRIED: i64 = 1000;

/// Sends back what it hears, as an echo, over queues that are much shorter than what is carried.
struct Echo;
impl Component for Echo {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("an echoing world", |port| async move {
            port.stay_open();
            let saying = async {
                for index in 0..CARRIED {
                    port.send(Message::Int(index)).await;
                }
            };
            let hearing = async {
                let first = port.recv().await;
                GATE.1.recv().await.ok();
                let mut heard = Vec::from_iter(first);
                while heard.len() < CARRIED as usize {
                    heard.extend(port.recv().await);
                }
                heard
            };
            let ((), heard) = future::zip(saying, hearing).await;
            if heard == (0..CARRIED).map(Message::Int).collect::<Vec<_>>() {
                return Ok(());
            }
            Err(Fault::new("the echo is not whole"))
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
static DEAF: ComponentSpec = ComponentSpec { type_name: "Deaf", build: build::<Deaf>, ..ComponentSpec::EMPTY };

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
    // Called when there is a picture to keep: nobody is ready, and nothing was found to be a stall.
    config.on_snapshot = Some(Box::new(|| {
        // Once is enough.
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
fn the_answer_to_finishing_is_waited_for() {
    for _ in 0..50 {
        assert_eq!(run(&FINISHER), RunEnd::Ended);
    }
}

#[test]
fn a_task_that_hears_the_world_is_waited_for() {
    assert_eq!(run(&LISTENER), RunEnd::Ended);
}

#[test]
fn a_world_that_takes_nothing_for_a_while_is_waited_for_although_both_queues_are_full() {
    let mut scheduler = scheduler(&ECHO);
    // Long enough for all queues to fill up many times over.
    assert_eq!(scheduler.run(up_to(Duration::from_millis(300))), RunEnd::LimitReached);
    GATE.0.try_send(()).unwrap();
    assert_eq!(scheduler.run(up_to(Duration::from_secs(10))), RunEnd::Ended);
}

#[test]
fn two_that_wait_for_each_other_are_a_stall() {
    assert!(matches!(run(&DEAF), RunEnd::Stalled(_)));
}
