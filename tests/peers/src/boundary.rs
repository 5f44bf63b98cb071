//! Integers sent one by one from an ordinary thread to a component, an actor or a task, through a bounded queue.

use std::time::Instant;

use compose_runtime::dev::*;
use compose_runtime::system::System as Graph;
use crossbeam::channel::bounded;
use tokio::sync::{mpsc, oneshot};

use crate::actors::{Counter, KameoStage, RactorStage, RactorState, on_tokio};
use crate::chain::CAPACITY;
use crate::report::Report;
use crate::rounds::{System, compare};
use crate::{ours, threads};

/// Measures all systems.
pub fn measure(report: &mut Report) {
    let systems = [
        System::new("thread_boundary_msgs_per_s", 300_000, ours),
        System::new("crossbeam_thread_boundary_msgs_per_s", 300_000, crossbeam),
        System::new("ractor_thread_boundary_msgs_per_s", 300_000, ractor),
        System::new("kameo_thread_boundary_msgs_per_s", 300_000, kameo),
        System::new("tokio_thread_boundary_msgs_per_s", 300_000, tokio),
    ];
    compare(report, &systems, 1.0);
    let ratio = report.get("thread_boundary_msgs_per_s") / report.get("crossbeam_thread_boundary_msgs_per_s");
    report.set("thread_boundary_over_crossbeam", ratio);
}

static THREAD: ComponentSpec = ComponentSpec {
    type_name: "BenchThread",
    summary: "Sends whole numbers from a thread",
    outboxes: &[BoxSpec::new("outbox", "The numbers")],
    params: &[ParamSpec::count("count", 0, "How many")],
    build: build_threaded::<Thread>,
    ..ComponentSpec::EMPTY
};

struct Thread {
    count: i64,
}

impl ThreadedComponent for Thread {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.int("count") })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        for number in 0..self.count {
            if !io.send("outbox", number) {
                return Err(Fault::new("stopped before all numbers were sent"));
            }
        }
        Ok(())
    }
}

fn ours(count: u64) -> f64 {
    let mut graph = Graph::new();
    let (thread, sink) = (graph.add("thread", &THREAD), graph.add("sink", &ours::SINK));
    graph.set(thread, "count", count.cast_signed()).pipeline(&[thread, sink]);
    let mut scheduler = graph.scheduler(|_| {}).expect("both start");
    ours::run(&mut scheduler, count)
}

/// Two threads with a channel: the closest equivalent with crossbeam.
fn crossbeam(count: u64) -> f64 {
    let begun = Instant::now();
    let (sender, receiver) = bounded::<i64>(CAPACITY);
    let thread = threads::spawn(move || (0..count).all(|number| sender.send(number.cast_signed()).is_ok()));
    assert_eq!(receiver.iter().count() as u64, count, "no message is lost");
    assert!(thread.join().expect("the thread ends"), "every message was sent");
    begun.elapsed().as_secs_f64()
}

fn ractor(count: u64) -> f64 {
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let counter = RactorState::Count(Counter { missing: count, done: Some(done) });
        let (sink, _) = ractor::Actor::spawn(None, RactorStage, counter).await.expect("an actor starts");
        let target = sink.clone();
        let thread = threads::spawn(move || (0..count).all(|number| target.cast(number.cast_signed()).is_ok()));
        finished.await.expect("the actor counts all messages");
        assert!(thread.join().expect("the thread ends"), "every message was sent");
        sink.stop(None);
    })
}

fn kameo(count: u64) -> f64 {
    use kameo::actor::Spawn as _;
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let counter = KameoStage::Count(Counter { missing: count, done: Some(done) });
        let sink = KameoStage::spawn_with_mailbox(counter, kameo::mailbox::bounded(CAPACITY));
        let target = sink.clone();
        let thread =
            threads::spawn(move || (0..count).all(|number| target.tell(number.cast_signed()).blocking_send().is_ok()));
        finished.await.expect("the actor counts all messages");
        assert!(thread.join().expect("the thread ends"), "every message was sent");
        sink.kill();
    })
}

fn tokio(count: u64) -> f64 {
    on_tokio(async {
        let (sender, mut receiver) = mpsc::channel::<i64>(CAPACITY);
        let thread =
            threads::spawn(move || (0..count).all(|number| sender.blocking_send(number.cast_signed()).is_ok()));
        let mut counted = 0;
        while receiver.recv().await.is_some() {
            counted += 1;
        }
        assert_eq!(counted, count, "no message is lost");
        assert!(thread.join().expect("the thread ends"), "every message was sent");
    })
}
