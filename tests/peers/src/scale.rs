//! A million idle components; snapshots and relinking of a thousand.

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

/// Measures all figures of scale.
pub fn measure(report: &mut Report) {
    million(report);
    snapshots(report);
    relinks(report);
}

/// A scheduler on the measuring thread, so the measurement waits for no other thread.
fn scheduler() -> Scheduler {
    Scheduler::new(SchedulerConfig::new(compose_components::registry()))
}

/// Steps that start `count` components, which wait for messages; each has a different name.
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
    pages.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok()).unwrap_or(f64::NAN) * 4096.0
}

/// The time to start a million components, from their descriptions to the end of the first turn of all; their memory,
/// including names and bookkeeping; their processor time while nothing happens; and the time to remove them all.
fn million(report: &mut Report) {
    let before = resident_bytes();
    let steps = idlers(MILLION);
    let mut scheduler = scheduler();
    let _handle = scheduler.handle();
    let begun = Instant::now();
    let outcomes = scheduler.reconfigure(1, steps);
    idle(&mut scheduler, Duration::from_millis(1));
    report.set("spawn_million_s", begun.elapsed().as_secs_f64());
    assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "all components start");
    drop(outcomes);
    report.set("idle_component_bytes", (resident_bytes() - before) / MILLION as f64);

    let times = cpu::own_times();
    let (spent, begun) = (cpu::seconds(&times), Instant::now());
    idle(&mut scheduler, Duration::from_secs(2));
    let share = (cpu::seconds(&times) - spent) / begun.elapsed().as_secs_f64();
    report.set("million_idle_cpu_percent", share * 100.0);
    let begun = Instant::now();
    drop(scheduler);
    report.set("drop_million_s", begun.elapsed().as_secs_f64());
}

/// Gives every ready component a turn, then waits like a scheduler in the background until `span` has passed.
fn idle(scheduler: &mut Scheduler, span: Duration) {
    let clock = Some(scheduler.now() + span);
    let end = scheduler.run(RunLimit { clock, wait_for_commands: true, ..RunLimit::default() });
    assert_eq!(end, RunEnd::LimitReached);
}

/// The time from a small change in a thousand linked components to the snapshot that shows it, on another thread.
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

/// The time to move the link in the middle of a thousand linked components to another component and back, and the time
/// to build a snapshot of them.
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
        // One message travels over the current link to the end of the chain.
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
    assert_eq!(delivered(&usual), Some(0), "a new link starts to count at zero");
    report.set("relink_us", median(times) * 1e6);
    let one_build = |_| {
        let begun = Instant::now();
        std::hint::black_box(scheduler.snapshot());
        begun.elapsed().as_secs_f64()
    };
    report.set("snapshot_build_ms_1000", median((0..ROUNDS * 20).map(one_build).collect()) * 1000.0);
}
