//! Determinism: same project, seed and recorded inputs give the same deliveries in the same order.
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::record::Recorded;
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{ClockKind, Policy, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};
use proptest::prelude::*;

struct Numbers;
impl Component for Numbers {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        for number in 0..150 {
            if number % 50 == 0 {
                io.sleep(Duration::from_micros(300)).await;
            }
            io.send("outbox", Message::list([number.into(), Message::Time(io.now())])).await;
        }
        Ok(())
    }
}

/// Blocks on a thread of its own.
struct ByThread;
impl ThreadedComponent for ByThread {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            io.send("outbox", message);
        }
        Ok(())
    }
}

/// Goes through an outside task, there and back.
struct ByOutside;
impl Component for ByOutside {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("an echo", |port| async move {
            while let Some(message) = port.recv().await {
                port.send(message).await;
            }
            Ok(())
        });
        while let Some(message) = io.recv("inbox").await {
            far.send(message).await;
            if let Some(back) = far.recv().await? {
                io.send("outbox", back).await;
            }
        }
        Ok(())
    }
}

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "In")];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "Out")];
static SPECS: &[ComponentSpec] = &[
    ComponentSpec { type_name: "Numbers", outboxes: OUT, build: build::<Numbers>, ..ComponentSpec::EMPTY },
    ComponentSpec {
        type_name: "ByThread",
        inboxes: IN,
        outboxes: OUT,
        build: build_threaded::<ByThread>,
        ..ComponentSpec::EMPTY
    },
    ComponentSpec {
        type_name: "ByOutside",
        inboxes: IN,
        outboxes: OUT,
        build: build::<ByOutside>,
        ..ComponentSpec::EMPTY
    },
];

/// Two sources go by a thread and by a task into one more thread.
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
        start(3, "ByThread"),
        start(4, "ByOutside"),
        start(5, "ByThread"),
        link(1, 3),
        link(2, 4),
        link(3, 5),
        link(4, 5),
    ]
}

struct Run {
    clock: ClockKind,
    policy: Policy,
    seed: u64,
    replay: Option<Vec<Recorded>>,
}

fn run(setup: Run) -> (Vec<String>, Vec<Recorded>) {
    let trace = Rc::new(RefCell::new(Vec::new()));
    let record = Rc::new(RefCell::new(Vec::new()));
    let mut registry = Registry::default();
    for spec in SPECS {
        registry.register(spec).unwrap();
    }
    let mut config = SchedulerConfig::new(registry);
    config.clock = setup.clock;
    config.policy = setup.policy;
    config.seed = setup.seed;
    let sink = trace.clone();
    config.trace = Some(Box::new(move |d| {
        sink.borrow_mut().push(format!("{} {:?} {} {} {}", d.pass, d.at, d.from, d.to, d.message));
    }));
    let sink = record.clone();
    config.record = Some(Box::new(move |event| sink.borrow_mut().push(event)));
    config.replay = setup.replay;
    let mut scheduler = Scheduler::new(config);
    assert!(scheduler.reconfigure(1, steps()).iter().all(|outcome| outcome.error.is_none()));
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    (trace.take(), record.take())
}

fn check(clock: ClockKind, policy: Policy, seed: u64) {
    let (first, tape) = run(Run { clock, policy, seed, replay: None });
    assert!(first.len() >= 600, "{}", first.len());
    let (second, again) = run(Run { clock, policy, seed, replay: Some(tape) });
    compare(&first, &second);
    // A replay can itself be recorded.
    let (third, _) = run(Run { clock, policy, seed, replay: Some(again) });
    compare(&first, &third);
}

fn compare(one: &[String], other: &[String]) {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    assert_eq!(one.get(same), other.get(same), "they part at delivery {same} of {}", one.len());
}

#[test]
fn a_recorded_run_with_threads_and_real_time_is_replayed_delivery_by_delivery() {
    for seed in 0..3 {
        check(ClockKind::Real, Policy::RoundRobin, seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_under_any_policy_and_seed_gives_the_same_deliveries(seed: u64, choice in 0usize..3, virtually: bool) {
        let policy = [Policy::RoundRobin, Policy::Random, Policy::Priority][choice];
        let clock = if virtually { ClockKind::Virtual } else { ClockKind::Real };
        check(clock, policy, seed);
    }
}

/// Two writers that race to one reader, without anything from outside.
fn race(policy: Policy, seed: u64) -> Vec<String> {
    let trace = Rc::new(RefCell::new(Vec::new()));
    let sink = trace.clone();
    let mut registry = Registry::default();
    for spec in SPECS {
        registry.register(spec).unwrap();
    }
    let mut config = SchedulerConfig::new(registry);
    config.clock = ClockKind::Virtual;
    config.policy = policy;
    config.seed = seed;
    config.trace = Some(Box::new(move |d| sink.borrow_mut().push(format!("{} {}", d.from, d.message))));
    let mut scheduler = Scheduler::new(config);
    let wanted: Vec<Step> = steps()
        .into_iter()
        .filter(|step| matches!(step, Step::Start { id, .. } if matches!(id.0, 1 | 2 | 5)))
        .chain([1, 2].map(|from| Step::Link {
            linkage: LinkageDesc {
                from: BoxAddr::outbox(ComponentId(from), "outbox"),
                to: BoxAddr::inbox(ComponentId(5), "inbox"),
            },
        }))
        .collect();
    scheduler.reconfigure(1, wanted);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    trace.take()
}

#[test]
fn a_seed_is_a_schedule_and_seeds_differ() {
    for policy in [Policy::Random, Policy::Priority] {
        let orders: BTreeSet<Vec<String>> = (0..20).map(|seed| race(policy, seed)).collect();
        assert!(orders.len() > 5, "{policy:?} gave {} orders", orders.len());
    }
    let orders: BTreeSet<Vec<String>> = (0..5).map(|seed| race(Policy::RoundRobin, seed)).collect();
    assert_eq!(orders.len(), 1, "round robin draws no lots");
}
