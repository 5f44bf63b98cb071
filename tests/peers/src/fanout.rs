//! One source and a thousand sinks: every message goes to all of them. The figures count deliveries.

use compose_runtime::system::System as Graph;
use tokio::sync::mpsc;

use crate::actors::on_tokio;
use crate::chain::CAPACITY;
use crate::ours;
use crate::report::Report;
use crate::rounds::{System, compare};

/// Number of sinks.
const SINKS: u64 = 1000;

/// Measures all systems. A thousand threads would be an unusual design, so crossbeam is left out.
pub fn measure(report: &mut Report) {
    let systems = [
        System::new("fanout_1000_msgs_per_s", 10_000, ours),
        System::new("ractor_fanout_1000_msgs_per_s", 500, ractor),
        System::new("kameo_fanout_1000_msgs_per_s", 500, kameo),
        System::new("tokio_fanout_1000_msgs_per_s", 1_000, tokio),
    ];
    compare(report, &systems, SINKS as f64);
}

fn ours(count: u64) -> f64 {
    let mut graph = Graph::new();
    let source = graph.add("source", &ours::SOURCE);
    graph.set(source, "count", count.cast_signed());
    for number in 0..SINKS {
        let sink = graph.add(&format!("sink {number}"), &ours::SINK);
        graph.pipeline(&[source, sink]);
    }
    let mut scheduler = graph.scheduler(|_| {}).expect("all start");
    // The scheduler counts sends; each link counts its own deliveries.
    let seconds = ours::run(&mut scheduler, count);
    let snapshot = scheduler.snapshot();
    assert!(snapshot.linkages.iter().all(|link| link.delivered == count), "no message is lost");
    seconds
}

/// A sink that reports when it has received all messages.
struct Listener {
    missing: u64,
    done: mpsc::UnboundedSender<()>,
}

impl Listener {
    fn receive(&mut self) {
        self.missing -= 1;
        if self.missing == 0 {
            self.done.send(()).expect("the measurement waits for the end");
        }
    }
}

/// A thousand sinks, and the channel on which they report that they have received all messages.
fn listeners(count: u64) -> (Vec<Listener>, mpsc::UnboundedReceiver<()>) {
    let (done, finished) = mpsc::unbounded_channel();
    ((0..SINKS).map(|_| Listener { missing: count, done: done.clone() }).collect(), finished)
}

async fn wait_for_all(mut finished: mpsc::UnboundedReceiver<()>) {
    for _ in 0..SINKS {
        finished.recv().await.expect("every sink counts all messages");
    }
}

struct RactorSink;

impl ractor::Actor for RactorSink {
    type Msg = i64;
    type State = Listener;
    type Arguments = Listener;

    async fn pre_start(
        &self,
        _: ractor::ActorRef<i64>,
        listener: Listener,
    ) -> Result<Listener, ractor::ActorProcessingErr> {
        Ok(listener)
    }

    async fn handle(
        &self,
        _: ractor::ActorRef<i64>,
        _: i64,
        listener: &mut Listener,
    ) -> Result<(), ractor::ActorProcessingErr> {
        listener.receive();
        Ok(())
    }
}

fn ractor(count: u64) -> f64 {
    on_tokio(async {
        let (listeners, finished) = listeners(count);
        let mut sinks = Vec::new();
        for listener in listeners {
            let (sink, _) = ractor::Actor::spawn(None, RactorSink, listener).await.expect("an actor starts");
            sinks.push(sink);
        }
        let source = sinks.clone();
        tokio::spawn(async move {
            for number in 0..count {
                for sink in &source {
                    sink.cast(number.cast_signed()).expect("the sink is running");
                }
                tokio::task::yield_now().await;
            }
        });
        wait_for_all(finished).await;
        for sink in sinks {
            sink.stop(None);
        }
    })
}

impl kameo::Actor for Listener {
    type Args = Self;
    type Error = std::convert::Infallible;

    async fn on_start(args: Self, _: kameo::actor::ActorRef<Self>) -> Result<Self, Self::Error> {
        Ok(args)
    }
}

impl kameo::message::Message<i64> for Listener {
    type Reply = ();

    async fn handle(&mut self, _: i64, _: &mut kameo::message::Context<Self, ()>) {
        self.receive();
    }
}

fn kameo(count: u64) -> f64 {
    use kameo::actor::Spawn as _;
    on_tokio(async {
        let (listeners, finished) = listeners(count);
        let start = |listener| Listener::spawn_with_mailbox(listener, kameo::mailbox::bounded(CAPACITY));
        let sinks = listeners.into_iter().map(start).collect::<Vec<_>>();
        tokio::spawn(async move {
            for number in 0..count {
                for sink in &sinks {
                    sink.tell(number.cast_signed()).await.expect("the sink is running");
                }
            }
        });
        wait_for_all(finished).await;
    })
}

fn tokio(count: u64) -> f64 {
    on_tokio(async {
        let (listeners, finished) = listeners(count);
        let start = |mut listener: Listener| {
            let (sink, mut input) = mpsc::channel::<i64>(CAPACITY);
            tokio::spawn(async move {
                while input.recv().await.is_some() {
                    listener.receive();
                }
            });
            sink
        };
        let sinks = listeners.into_iter().map(start).collect::<Vec<_>>();
        tokio::spawn(async move {
            for number in 0..count {
                for sink in &sinks {
                    sink.send(number.cast_signed()).await.expect("the sink is running");
                }
            }
        });
        wait_for_all(finished).await;
    })
}
