//! Run control: stepping, slow motion and pausing never change the order of deliveries (R11).
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Speed, Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{RunState, Snapshot};
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

struct Numbers;
impl Component for Numbers {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        for number in 0..40 {
            io.send("outbox", number).await;
            if number % 7 == 0 {
                io.sleep(Duration::from_millis(10)).await;
            }
        }
        Ok(())
    }
}

struct Pass;
impl Component for Pass {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

static NUMBERS: ComponentSpec = ComponentSpec {
    type_name: "Numbers",
    outboxes: &[BoxSpec::new("outbox", "Out")],
    build: build::<Numbers>,
    ..ComponentSpec::EMPTY
};
static PASS: ComponentSpec = ComponentSpec {
    type_name: "Pass",
    inboxes: &[BoxSpec::new("inbox", "In").capacity(5)],
    outboxes: &[BoxSpec::new("outbox", "Out")],
    build: build::<Pass>,
    ..ComponentSpec::EMPTY
};

fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.register(&NUMBERS).unwrap();
    registry.register(&PASS).unwrap();
    registry
}

/// Two sources into one relay, and on through two more.
fn steps() -> Vec<Step> {
    let start = |id: u64, type_name: &str| Step::Start {
        id: ComponentId(id),
        desc: ComponentDesc {
            name: format!("c{id}").into(),
            body: ComponentBody::Leaf { type_name: type_name.into(), params: BTreeMap::new() },
            parent: None,
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        },
    };
    let link = |from: u64, to: u64| Step::Link {
        linkage: LinkageDesc {
            from: BoxAddr::outbox(ComponentId(from), "outbox"),
            to: BoxAddr::inbox(ComponentId(to), "inbox"),
        },
    };
    vec![
        start(1, "Numbers"),
        start(2, "Numbers"),
        start(3, "Pass"),
        start(4, "Pass"),
        link(1, 3),
        link(2, 3),
        link(3, 4),
    ]
}

type Trace = Rc<RefCell<Vec<String>>>;

fn traced() -> (Scheduler, Trace) {
    let trace = Trace::default();
    let sink = trace.clone();
    let mut config = SchedulerConfig::new(registry());
    config.clock = ClockKind::Virtual;
    config.trace = Some(Box::new(move |delivery| {
        let line = format!("{} {} {:?} {}", delivery.from, delivery.to, delivery.at, delivery.message);
        sink.borrow_mut().push(line);
    }));
    let mut scheduler = Scheduler::new(config);
    assert!(scheduler.reconfigure(1, steps()).iter().all(|outcome| outcome.error.is_none()));
    (scheduler, trace)
}

fn at_full_speed() -> Vec<String> {
    let (mut scheduler, trace) = traced();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let trace = trace.borrow().clone();
    assert!(trace.len() >= 160, "{}", trace.len());
    trace
}

fn stepped(size: StepSize) -> Vec<String> {
    let (mut scheduler, trace) = traced();
    let handle = scheduler.handle();
    let mut most = 0;
    while !scheduler.snapshot().components.iter().all(|view| view.state.has_ended()) {
        let before = trace.borrow().len();
        handle.try_send(RuntimeCommand::Advance(size)).unwrap();
        scheduler.run_step();
        most = most.max(trace.borrow().len() - before);
    }
    if size == StepSize::Delivery {
        assert_eq!(most, 1, "one step moves one message");
    }
    trace.take()
}

#[test]
fn stepping_by_delivery_turn_or_pass_gives_the_order_of_full_speed() {
    let full = at_full_speed();
    assert_eq!(full, at_full_speed(), "two runs differ");
    assert_eq!(full, stepped(StepSize::Delivery));
    assert_eq!(full, stepped(StepSize::Turn));
    assert_eq!(full, stepped(StepSize::Pass));
}

#[test]
fn slow_motion_gives_the_order_of_full_speed() {
    let (mut scheduler, trace) = traced();
    scheduler.handle().try_send(RuntimeCommand::SetSpeed(Speed::DeliveriesPerSecond(2000.0))).unwrap();
    let began = Instant::now();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*trace.borrow(), at_full_speed());
    assert!(began.elapsed() >= Duration::from_millis(20), "{:?}", began.elapsed());
}

fn wait_for(handle: &RuntimeHandle, wanted: impl Fn(&Snapshot) -> bool) -> std::sync::Arc<Snapshot> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let snapshot = handle.snapshot();
        if wanted(&snapshot) {
            return snapshot;
        }
        assert!(Instant::now() < deadline, "waited in vain: {snapshot:?}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

#[test]
fn a_background_runtime_pauses_steps_and_goes_on() {
    let waiter = std::thread::current();
    let handle = RuntimeBuilder::new(registry())
        .snapshot_interval(Duration::from_millis(1))
        .on_snapshot(move || waiter.unpark())
        .spawn()
        .unwrap();
    handle.try_send(RuntimeCommand::Pause).unwrap();
    handle.try_send(RuntimeCommand::Reconfigure { batch: 7, steps: steps() }).unwrap();
    let paused = wait_for(&handle, |snapshot| snapshot.last_batch == 7);
    assert_eq!((paused.deliveries, paused.run.clone()), (0, RunState::Paused));
    for expected in 1..=3 {
        handle.try_send(RuntimeCommand::Advance(StepSize::Delivery)).unwrap();
        wait_for(&handle, |snapshot| snapshot.deliveries == expected);
    }
    handle.try_send(RuntimeCommand::Resume).unwrap();
    let ended = wait_for(&handle, |snapshot| snapshot.run == RunState::Ended);
    assert_eq!(ended.linkages.iter().map(|link| link.delivered).collect::<Vec<_>>(), [40, 40, 80]);
    // The last snapshot is the true one: the relay that feeds nobody has discarded everything.
    assert_eq!(ended.component(ComponentId(4)).unwrap().outboxes[0].discarded, 80);
}

#[test]
fn the_last_picture_of_a_system_that_fell_asleep_shows_it_asleep() {
    let waiter = std::thread::current();
    let handle = RuntimeBuilder::new(registry())
        .snapshot_interval(Duration::from_millis(20))
        .on_snapshot(move || waiter.unpark())
        .spawn()
        .unwrap();
    let mut steps = steps();
    steps.retain(|step| {
        matches!(step, Step::Start { id, .. } if id.0 > 2)
            || matches!(step, Step::Link { linkage } if linkage.from.component.0 > 2)
    });
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).unwrap();
    for round in 1..=5 {
        let inbox = BoxAddr::inbox(ComponentId(3), "inbox");
        handle.try_send(RuntimeCommand::Inject { inbox, message: Message::Int(round) }).unwrap();
        wait_for(&handle, |snapshot| {
            let asleep = |view: &compose_runtime::introspect::snapshot::ComponentView| {
                matches!(view.state, compose_runtime::introspect::snapshot::State::Waiting(_))
            };
            snapshot.deliveries == round.unsigned_abs() && snapshot.components.iter().all(asleep)
        });
    }
}
