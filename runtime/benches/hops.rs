//! The cost of a hop, for use with a profiler; `make bench` compares it with other systems.
//!
//! A source, four components that pass messages on, and a sink on one scheduler: five hops per message.
//!
//! ```text
//! cargo bench -p compose_runtime --bench hops -- 2000000 10 [observed]
//! valgrind --tool=callgrind target/release/deps/hops-<hash> 20000
//! ```
//!
//! The number of instructions per hop is that for 40 000 messages minus that for 20 000, divided by 100 000. The time
//! is the processor time of the fastest round, because other programs on the machine can only make a round slower.
#![allow(clippy::print_stdout, missing_docs)]

use std::error::Error;

use compose_runtime::dev::*;
use compose_runtime::prelude::*;

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
        Ok(())
    }
}

static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "BenchSource",
    summary: "Emits whole numbers",
    outboxes: &[BoxSpec::new("outbox", "The numbers")],
    params: &[ParamSpec::count("count", 0, "How many")],
    build: build::<Source>,
    ..ComponentSpec::EMPTY
};

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

static PASS: ComponentSpec = ComponentSpec {
    type_name: "BenchPass",
    summary: "Passes everything on",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    outboxes: &[BoxSpec::new("outbox", "The same")],
    build: build::<Pass>,
    ..ComponentSpec::EMPTY
};

struct Sink;

impl Component for Sink {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {}
        Ok(())
    }
}

static SINK: ComponentSpec = ComponentSpec {
    type_name: "BenchSink",
    summary: "Takes everything",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    build: build::<Sink>,
    ..ComponentSpec::EMPTY
};

/// Number of components between source and sink.
const PASSING: usize = 4;

/// Processor time of this thread in nanoseconds; 0 if the kernel does not report it.
fn processor_time() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    times.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn main() -> Result<(), Box<dyn Error>> {
    // Messages, rounds, and `observed` for 30 snapshots a second; Cargo adds `--bench`.
    let mut numbers = std::env::args().filter_map(|arg| arg.parse::<u32>().ok());
    let count = numbers.next().unwrap_or(1_000_000);
    let rounds = numbers.next().unwrap_or(1);
    let is_observed = std::env::args().any(|arg| arg == "observed");
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let mut system = System::new();
        let source = system.add("source", &SOURCE);
        let passing = (0..PASSING).map(|number| system.add(&format!("pass {number}"), &PASS)).collect::<Vec<_>>();
        let sink = system.add("sink", &SINK);
        system.set(source, "count", i64::from(count)).pipeline(&[&[source], &*passing, &[sink]].concat());
        let mut scheduler = system.scheduler(|config| {
            if is_observed {
                config.on_snapshot = Some(Box::new(|| {}));
            }
        })?;
        let begun = processor_time();
        let end = scheduler.run(RunLimit::default());
        best = best.min(processor_time() - begun);
        let delivered = scheduler.snapshot().deliveries;
        assert_eq!((end, delivered), (RunEnd::Ended, u64::from(count) * (PASSING as u64 + 1)));
    }
    let hops = f64::from(count) * (PASSING as f64 + 1.0);
    println!("{:.1} ns of processor time per hop, {:.1} million hops per second", best / hops, hops / best * 1e3);
    Ok(())
}
