//! Work on two schedulers: a chain of four in which the two middle stages do some work for each message, first on one
//! scheduler, then with one half on each of two.

use std::hint::black_box;
use std::time::Instant;

use compose_runtime::cluster::ClusterBuilder;
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::scheduler::RunEnd;
use compose_runtime::system::System as Graph;

use crate::ours;
use crate::report::Report;
use crate::rounds::{System, compare};

/// Deliveries per message.
const HOPS: u64 = 3;

/// Number of steps of the work on one message; they take some microseconds, see `work_per_message_us`.
const STEPS: u64 = 1_000;

/// Measures one and two schedulers, and the time of the work alone.
pub fn measure(report: &mut Report) {
    let systems = [
        System::new("one_scheduler_working_hops_per_s", 50_000, one),
        System::new("two_schedulers_hops_per_s", 50_000, two),
    ];
    compare(report, &systems, HOPS as f64);
    let ratio = report.get("two_schedulers_hops_per_s") / report.get("one_scheduler_working_hops_per_s");
    report.set("two_schedulers_over_one", ratio);
    let begun = Instant::now();
    for number in 0..10_000 {
        black_box(work(number));
    }
    report.set("work_per_message_us", begun.elapsed().as_secs_f64() * 1e6 / 10_000.0);
}

/// Runs a random number generator for a number of steps, because the compiler cannot skip or reorder them.
fn work(number: i64) -> i64 {
    let result = (0..STEPS).fold(number.cast_unsigned() | 1, |mut state, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^ state << 17
    });
    result.cast_signed()
}

static WORKER: ComponentSpec = ComponentSpec {
    type_name: "BenchWorker",
    summary: "Works on every number",
    inboxes: &[BoxSpec::new("inbox", "The numbers")],
    outboxes: &[BoxSpec::new("outbox", "The results")],
    build: build::<Worker>,
    ..ComponentSpec::EMPTY
};

struct Worker;

impl Component for Worker {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let Message::Int(number) = message else { return Err(Fault::new("not a number")) };
            io.send("outbox", work(number)).await;
        }
        Ok(())
    }
}

/// Source, two workers, sink.
fn chain(count: u64) -> (Graph, [ComponentId; 4]) {
    let mut graph = Graph::new();
    let members = [
        graph.add("source", &ours::SOURCE),
        graph.add("first", &WORKER),
        graph.add("second", &WORKER),
        graph.add("sink", &ours::SINK),
    ];
    graph.set(members[0], "count", count.cast_signed()).pipeline(&members);
    (graph, members)
}

fn one(count: u64) -> f64 {
    let mut scheduler = chain(count).0.scheduler(|_| {}).expect("all start");
    ours::run(&mut scheduler, count * HOPS)
}

fn two(count: u64) -> f64 {
    let (graph, [_, _, second, sink]) = chain(count);
    let cluster = ClusterBuilder::new(graph.registry().clone()).schedulers(2).topology(graph.topology().clone());
    let begun = Instant::now();
    let mut cluster = cluster.place(second, 1).place(sink, 1).spawn().expect("all start");
    let ends = cluster.wait();
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(ends, [RunEnd::Ended, RunEnd::Ended]);
    let arrived = cluster.snapshot().component(sink).map(|view| view.received);
    assert_eq!(arrived, Some(count), "no message is lost");
    seconds
}
