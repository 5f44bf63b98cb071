//! A million idle components; looking at a thousand, and linking them anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

use crate::cpu;
use crate::report::{Report, median};
use crate::rounds::ROUNDS;

const MILLION: u64 = 1_000_000;
const THOUSAND: u64 = 1000;

/// Measures all of it.
pub fn measure(report: &mut Report) {
    million(report);
    snapshots(report);
    relinks(report);
}

/// One thread measures and runs the scheduler, so nothing is waited for.
fn scheduler() -> Scheduler {
    Scheduler::new(SchedulerConfig::new(compose_components::registry()))
}

/// So many components that wait for messages, each with a name of its own.
fn idlers(count: u64) -> Vec<Step> {
    let type_name: Arc<str> = "PassThrough".into();
    let component = |id: u64| {
        let body = ComponentBody::Leaf { type_name: type_name.clone(), params: BTreeMap::new() };
        let name = format!("idler {id}").into();
        let desc = ComponentDesc { name, body, parent: None, restart: RestartPolicy::Never, limits: BTreeMap::new() };
        Step::Start { id: ComponentId(id), desc }
    };
    (0..count).map(component).collect()
}

fn linkage(from: u64, to: u64) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(ComponentId(from), "outbox"), to: BoxAddr::inbox(ComponentId(to), "inbox") }
}

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) * 4096.0
}

/// A million components from their descriptions to the end of everybody's first turn, what memory they hold then, names
/// and bookkeeping included, and what processor time they take while nothing happens.
fn million(report: &mut Report) {
    let before = resident_bytes();
    let steps = idlers(MILLION);
    let mut scheduler = scheduler();
    let _handle = scheduler.handle();
    let begun = Instant::now();
    let outcomes = scheduler.reconfigure(1, steps);
    idle(&mut scheduler, Duration::from_millis(1));
    report.set("spawn_million_s", begun.elapsed().as_secs_f64());
    assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "all of them start");
    drop(outcomes);
    report.set("idle_component_bytes", (resident_bytes() - before) / MILLION as f64);

    let times = cpu::own_times();
    let (spent, begun) = (cpu::seconds(&times), Instant::now());
    idle(&mut scheduler, Duration::from_secs(2));
    let share = (cpu::seconds(&times) - spent) / begun.elapsed().as_secs_f64();
    report.set("million_idle_cpu_percent", share * 100.0);
}

/// Gives everybody who is ready a turn, then waits like a scheduler in the background, up to this much later.
fn idle(scheduler: &mut Scheduler, span: Duration) {
    let clock = Some(scheduler.now() + span);
    let end = scheduler.run(RunLimit { clock, wait_for_commands: true, ..RunLimit::default() });
    assert_eq!(end, RunEnd::LimitReached);
}

/// From a small change in a thousand linked components to the snapshot that shows it, on another thread.
fn snapshots(report: &mut Report) {
    let builder = RuntimeBuilder::new(compose_components::registry());
    let handle = builder.snapshot_interval(Duration::ZERO).on_snapshot(|| ()).spawn().expect("the scheduler starts");
    let mut steps = idlers(THOUSAND);
    steps.extend((1..THOUSAND).map(|id| Step::Link { linkage: linkage(id - 1, id) }));
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).expect("the queue is empty");
    while handle.snapshot().last_batch < 1 {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let times = (0..ROUNDS * 20).map(|change| one_snapshot(&handle, change)).collect();
    report.set("snapshot_ms_1000", median(times) * 1000.0);
}

fn one_snapshot(handle: &RuntimeHandle, change: usize) -> f64 {
    let old = handle.snapshot().number;
    let begun = Instant::now();
    let pause = RuntimeCommand::PauseComponent(ComponentId(0), change.is_multiple_of(2));
    handle.try_send(pause).expect("the queue is empty");
    while handle.snapshot().number == old {
        std::hint::spin_loop();
    }
    begun.elapsed().as_secs_f64()
}

/// Moves the link in the middle of a thousand linked components to a component beside them and back again; then what a
/// picture of them costs by itself.
fn relinks(report: &mut Report) {
    let mut scheduler = scheduler();
    let mut steps = idlers(THOUSAND + 1);
    steps.extend((1..THOUSAND).map(|id| Step::Link { linkage: linkage(id - 1, id) }));
    scheduler.reconfigure(1, steps);
    let middle = THOUSAND / 2;
    let (usual, beside) = (linkage(middle, middle + 1), linkage(middle, THOUSAND));
    let mut times = Vec::new();
    for round in 0..ROUNDS * 20 {
        let (old, new) = if round % 2 == 0 { (&usual, &beside) } else { (&beside, &usual) };
        let steps = vec![Step::Unlink { linkage: old.clone() }, Step::Link { linkage: new.clone() }];
        // One message goes the way that is linked now, to its end.
        scheduler.put(&BoxAddr::inbox(ComponentId(middle), "inbox"), 1.into());
        while scheduler.run_ready() {}
        let begun = Instant::now();
        let outcomes = scheduler.reconfigure(2, steps);
        times.push(begun.elapsed().as_secs_f64());
        assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "the link moves");
    }
    let delivered = |wanted: &LinkageDesc| {
        scheduler.snapshot().linkages.iter().find(|link| link.desc == *wanted).map(|link| link.delivered)
    };
    assert_eq!(delivered(&usual), Some(0), "what was removed is counted no more");
    report.set("relink_us", median(times) * 1e6);
    let one_picture = |_| {
        let begun = Instant::now();
        std::hint::black_box(scheduler.snapshot());
        begun.elapsed().as_secs_f64()
    };
    report.set("snapshot_build_ms_1000", median((0..ROUNDS * 20).map(one_picture).collect()) * 1000.0);
}
