//! One message that goes back and forth between two components: the cost of a wake. A round trip counts once.

use std::time::Instant;

use compose_runtime::dev::*;
use compose_runtime::system::System as Graph;
use crossbeam::channel::bounded;
use tokio::sync::{mpsc, oneshot};

use crate::actors::on_tokio;
use crate::report::Report;
use crate::rounds::{System, compare};
use crate::{ours, threads};

/// Measures all systems.
pub fn measure(report: &mut Report) {
    let systems = [
        System::new("pingpong_per_s", 1_000_000, ours),
        System::new("crossbeam_pingpong_per_s", 20_000, crossbeam),
        System::new("ractor_pingpong_per_s", 50_000, ractor),
        System::new("kameo_pingpong_per_s", 50_000, kameo),
        System::new("tokio_pingpong_per_s", 50_000, tokio),
    ];
    compare(report, &systems, 1.0);
}

static PING: ComponentSpec = ComponentSpec {
    type_name: "BenchPing",
    summary: "Sends a message and waits for the answer",
    inboxes: &[BoxSpec::new("inbox", "The answers")],
    outboxes: &[BoxSpec::new("outbox", "The questions")],
    params: &[ParamSpec::count("count", 0, "How often")],
    build: build::<Ping>,
    ..ComponentSpec::EMPTY
};

struct Ping {
    count: i64,
}

impl Component for Ping {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.int("count") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 0..self.count {
            io.send("outbox", number).await;
            io.recv("inbox").await;
        }
        Ok(())
    }
}

fn ours(count: u64) -> f64 {
    let mut graph = Graph::new();
    let (ping, pong) = (graph.add("ping", &PING), graph.add("pong", ours::pass_through()));
    graph.set(ping, "count", count.cast_signed()).pipeline(&[ping, pong, ping]);
    let mut scheduler = graph.scheduler(|_| {}).expect("both start");
    ours::run(&mut scheduler, count * 2)
}

fn crossbeam(count: u64) -> f64 {
    let begun = Instant::now();
    let (to_pong, at_pong) = bounded(1);
    let (to_ping, at_ping) = bounded(1);
    let pong = threads::spawn(move || at_pong.iter().all(|number: u64| to_ping.send(number).is_ok()));
    for number in 0..count {
        to_pong.send(number).expect("the other side is running");
        at_ping.recv().expect("the other side is running");
    }
    drop(to_pong);
    assert!(pong.join().expect("the other side ends"), "every message was sent");
    begun.elapsed().as_secs_f64()
}

/// One of two players: the number of outstanding answers, and the channel on which to report the last answer. The
/// player that answers never finishes.
struct Player {
    missing: u64,
    done: Option<oneshot::Sender<()>>,
}

impl Player {
    fn answering() -> Self {
        Self { missing: u64::MAX, done: None }
    }

    /// Whether to send the message back.
    fn plays_on(&mut self) -> bool {
        self.missing -= 1;
        if self.missing == 0
            && let Some(done) = self.done.take()
        {
            done.send(()).expect("the measurement waits for the end");
        }
        self.missing > 0
    }
}

struct RactorPlayer;

struct RactorBall(ractor::ActorRef<RactorBall>);

impl ractor::Actor for RactorPlayer {
    type Msg = RactorBall;
    type State = Player;
    type Arguments = Player;

    async fn pre_start(
        &self,
        _: ractor::ActorRef<RactorBall>,
        player: Player,
    ) -> Result<Player, ractor::ActorProcessingErr> {
        Ok(player)
    }

    async fn handle(
        &self,
        own: ractor::ActorRef<RactorBall>,
        RactorBall(from): RactorBall,
        player: &mut Player,
    ) -> Result<(), ractor::ActorProcessingErr> {
        if player.plays_on() {
            from.cast(RactorBall(own))?;
        }
        Ok(())
    }
}

fn ractor(count: u64) -> f64 {
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let ping = Player { missing: count, done: Some(done) };
        let (ping, _) = ractor::Actor::spawn(None, RactorPlayer, ping).await.expect("an actor starts");
        let (pong, _) = ractor::Actor::spawn(None, RactorPlayer, Player::answering()).await.expect("an actor starts");
        pong.cast(RactorBall(ping.clone())).expect("the other side is running");
        finished.await.expect("the first actor counts all answers");
        ping.stop(None);
        pong.stop(None);
    })
}

impl kameo::Actor for Player {
    type Args = Self;
    type Error = std::convert::Infallible;

    async fn on_start(args: Self, _: kameo::actor::ActorRef<Self>) -> Result<Self, Self::Error> {
        Ok(args)
    }
}

struct KameoBall(kameo::actor::ActorRef<Player>);

impl kameo::message::Message<KameoBall> for Player {
    type Reply = ();

    async fn handle(&mut self, KameoBall(from): KameoBall, context: &mut kameo::message::Context<Self, ()>) {
        if self.plays_on() {
            from.tell(KameoBall(context.actor_ref().clone())).await.expect("the other side is running");
        }
    }
}

fn kameo(count: u64) -> f64 {
    use kameo::actor::Spawn as _;
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let ping = Player { missing: count, done: Some(done) };
        let ping = Player::spawn_with_mailbox(ping, kameo::mailbox::bounded(1));
        let pong = Player::spawn_with_mailbox(Player::answering(), kameo::mailbox::bounded(1));
        pong.tell(KameoBall(ping.clone())).await.expect("the other side is running");
        finished.await.expect("the first actor counts all answers");
        ping.kill();
        pong.kill();
    })
}

fn tokio(count: u64) -> f64 {
    on_tokio(async {
        let (to_pong, mut at_pong) = mpsc::channel(1);
        let (to_ping, mut at_ping) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(number) = at_pong.recv().await {
                to_ping.send(number).await.expect("the other side is running");
            }
        });
        let ping = tokio::spawn(async move {
            for number in 0..count {
                to_pong.send(number).await.expect("the other side is running");
                at_ping.recv().await.expect("the other side is running");
            }
        });
        ping.await.expect("the first task counts all answers");
    })
}
