//! Our own runtime: the chain of six, a million idle components, snapshots of a thousand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::registry::Registry;
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

use crate::ROUNDS;
use crate::hops::STAGES;
use crate::report::{Report, median};

static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "BenchSource",
    summary: "Emits whole numbers",
    outboxes: &[BoxSpec::new("outbox", "The numbers")],
    params: &[ParamSpec::count("count", 0, "How many")],
    build: build::<Source>,
    ..ComponentSpec::EMPTY
};

struct Source {
    count: i64,
}

impl Component for Source {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.int("count") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 0..self.count {
            io.send("outbox", number).await;
        }
        HAS_SENT.store(true, Ordering::Release);
        Ok(())
    }
}

/// A source has sent everything; with nothing to send, it has had its first turn.
static HAS_SENT: AtomicBool = AtomicBool::new(false);

static SINK: ComponentSpec = ComponentSpec {
    type_name: "BenchSink",
    summary: "Takes everything",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    build: build::<Sink>,
    ..ComponentSpec::EMPTY
};

struct Sink;

/// How many messages the last sink had taken when its stream ended.
static TAKEN: AtomicU64 = AtomicU64::new(0);

impl Component for Sink {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut count = 0;
        while io.recv("inbox").await.is_some() {
            count += 1;
        }
        TAKEN.store(count, Ordering::Release);
        Ok(())
    }
}

fn spawn(interval: Duration) -> RuntimeHandle {
    let mut registry = compose_components::registry();
    registry.register(&SOURCE).expect("the name is free");
    registry.register(&SINK).expect("the name is free");
    start(registry, interval)
}

fn start(registry: Registry, interval: Duration) -> RuntimeHandle {
    RuntimeBuilder::new(registry).snapshot_interval(interval).on_snapshot(|| ()).spawn().expect("the scheduler starts")
}

fn component(id: u64, type_name: &str, params: BTreeMap<String, Message>) -> Step {
    let body = ComponentBody::Leaf { type_name: Arc::from(type_name), params };
    let name = Arc::from(format!("{type_name}{id}"));
    let desc = ComponentDesc { name, body, parent: None, restart: RestartPolicy::Never, limits: BTreeMap::new() };
    Step::Start { id: ComponentId(id), desc }
}

fn link(from: u64, to: u64) -> Step {
    let linkage = LinkageDesc {
        from: BoxAddr::outbox(ComponentId(from), "outbox"),
        to: BoxAddr::inbox(ComponentId(to), "inbox"),
    };
    Step::Link { linkage }
}

/// Sends `count` integers through the chain; gives the seconds it took. Observed: a reader takes 30 snapshots a second
/// meanwhile, as the window does.
pub fn pipeline(count: u64, observed: bool) -> f64 {
    TAKEN.store(0, Ordering::Release);
    let last = STAGES as u64 - 1;
    let mut steps =
        vec![component(0, "BenchSource", BTreeMap::from([("count".to_owned(), Message::Int(count.cast_signed()))]))];
    steps.extend((1..last).map(|id| component(id, "PassThrough", BTreeMap::new())));
    steps.push(component(last, "BenchSink", BTreeMap::new()));
    steps.extend((0..last).map(|id| link(id, id + 1)));
    let handle = spawn(if observed { Duration::from_millis(33) } else { Duration::from_hours(1) });
    let begun = Instant::now();
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).expect("the queue is empty");
    while TAKEN.load(Ordering::Acquire) < count {
        std::thread::park_timeout(Duration::from_millis(5));
        if observed {
            std::hint::black_box(handle.snapshot());
        }
    }
    begun.elapsed().as_secs_f64()
}

fn wait_for_batch(handle: &RuntimeHandle, batch: u64) {
    while handle.snapshot().last_batch < batch {
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) * 4096.0
}

/// A million idle components, and the price of looking at a thousand.
pub fn measure(report: &mut Report) {
    let million: u64 = 1_000_000;
    // Nobody looks: a picture of a million components is another matter.
    let handle = spawn(Duration::from_hours(1));
    let mut steps: Vec<Step> = (0..million).map(|id| component(id, "PassThrough", BTreeMap::new())).collect();
    // The last one to have its first turn.
    steps.push(component(million, "BenchSource", BTreeMap::new()));
    // What the request itself holds must not be counted as part of the components.
    let names = steps.len() as f64 * size_of::<Step>() as f64;
    let before = resident_bytes() - names;
    HAS_SENT.store(false, Ordering::Release);
    let begun = Instant::now();
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).expect("the queue is empty");
    while !HAS_SENT.load(Ordering::Acquire) {
        std::thread::park_timeout(Duration::from_millis(1));
    }
    report.set("spawn_million_s", begun.elapsed().as_secs_f64());
    report.set("idle_component_bytes", (resident_bytes() - before) / million as f64);
    handle.try_send(RuntimeCommand::Quit).expect("the queue is empty");
    drop(handle);

    let handle = spawn(Duration::ZERO);
    let mut steps: Vec<Step> = (0..1000).map(|id| component(id, "PassThrough", BTreeMap::new())).collect();
    steps.extend((0..999).map(|id| link(id, id + 1)));
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).expect("the queue is empty");
    wait_for_batch(&handle, 1);
    let times = (0..ROUNDS * 20).map(|change| one_snapshot(&handle, change)).collect();
    report.set("snapshot_ms_1000", median(times) * 1000.0);
}

/// From a small change to the snapshot that shows it.
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
