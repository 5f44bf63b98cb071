//! Our own runtime: the components used in the measurements, and the chain of six.

use std::time::Instant;

use compose_runtime::dev::*;
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler};
use compose_runtime::system::System;

use crate::chain::STAGES;

/// Sends whole numbers.
pub static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "BenchSource",
    summary: "Sends whole numbers",
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
        Ok(())
    }
}

/// Takes all messages.
pub static SINK: ComponentSpec = ComponentSpec {
    type_name: "BenchSink",
    summary: "Takes all messages",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    build: build::<Sink>,
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

/// PassThrough from the component library.
pub fn pass_through() -> &'static ComponentSpec {
    compose_components::registry().get("PassThrough").expect("the library has PassThrough")
}

/// The chain of six, ready to run.
pub fn chain(count: u64) -> System {
    let mut system = System::new();
    let mut members = vec![system.add("source", &SOURCE)];
    members.extend((0..STAGES - 2).map(|number| system.add(&format!("pass {number}"), pass_through())));
    members.push(system.add("sink", &SINK));
    system.set(members[0], "count", count.cast_signed()).pipeline(&members);
    system
}

/// Runs a scheduler to its end and checks the number of deliveries. Returns the seconds it took.
pub fn run(scheduler: &mut Scheduler, deliveries: u64) -> f64 {
    let begun = Instant::now();
    let end = scheduler.run(RunLimit::default());
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!((end, scheduler.snapshot().deliveries), (RunEnd::Ended, deliveries), "no message is lost");
    seconds
}

/// Sends `count` integers through the chain. Returns the seconds it took.
pub fn pipeline(count: u64) -> f64 {
    let mut scheduler = chain(count).scheduler(|_| {}).expect("the chain starts");
    run(&mut scheduler, count * (STAGES as u64 - 1))
}
