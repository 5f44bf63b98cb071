//! The chain of ractor's actors, of kameo's actors, and of plain tokio tasks, on a runtime with a thread for every core.

use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::hops::{ROOM, STAGES};

/// Runs something on a runtime with a thread for every core; gives the seconds it took.
pub fn on_tokio<F: Future<Output = ()>>(work: F) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("tokio starts");
    let begun = Instant::now();
    runtime.block_on(work);
    begun.elapsed().as_secs_f64()
}

/// The last of a chain: says when it has counted them all.
pub struct Counter {
    pub missing: u64,
    pub done: Option<oneshot::Sender<()>>,
}

impl Counter {
    fn count(&mut self) {
        self.missing -= 1;
        if self.missing == 0
            && let Some(done) = self.done.take()
        {
            // Nobody waits any more: that is no concern of the chain.
            let _ = done.send(());
        }
    }
}

/// A stage of the chain.
pub struct RactorStage;

/// What a stage of ractor's does.
pub enum RactorState {
    Pass(ractor::ActorRef<i64>),
    Count(Counter),
}

impl ractor::Actor for RactorStage {
    type Msg = i64;
    type State = RactorState;
    type Arguments = RactorState;

    async fn pre_start(
        &self,
        _: ractor::ActorRef<i64>,
        state: RactorState,
    ) -> Result<RactorState, ractor::ActorProcessingErr> {
        Ok(state)
    }

    async fn handle(
        &self,
        _: ractor::ActorRef<i64>,
        message: i64,
        state: &mut RactorState,
    ) -> Result<(), ractor::ActorProcessingErr> {
        match state {
            RactorState::Pass(next) => next.cast(message)?,
            RactorState::Count(counter) => counter.count(),
        }
        Ok(())
    }
}

/// ractor: mailboxes without a limit, as it has no others.
pub fn ractor_pipeline(count: u64) -> f64 {
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let counter = RactorState::Count(Counter { missing: count, done: Some(done) });
        let (mut next, _) = ractor::Actor::spawn(None, RactorStage, counter).await.expect("an actor starts");
        let mut all = vec![next.clone()];
        for _ in 0..STAGES - 2 {
            let (actor, _) =
                ractor::Actor::spawn(None, RactorStage, RactorState::Pass(next)).await.expect("an actor starts");
            all.push(actor.clone());
            next = actor;
        }
        tokio::spawn(async move {
            for number in 0..count {
                next.cast(number.cast_signed()).expect("the first actor lives");
                if number.is_multiple_of(ROOM as u64) {
                    tokio::task::yield_now().await;
                }
            }
        });
        finished.await.expect("the last actor counts them all");
        for actor in all {
            actor.stop(None);
        }
    })
}

/// A stage of kameo's chain.
pub enum KameoStage {
    Pass(kameo::actor::ActorRef<KameoStage>),
    Count(Counter),
}

impl kameo::Actor for KameoStage {
    type Args = Self;
    type Error = std::convert::Infallible;

    async fn on_start(args: Self, _: kameo::actor::ActorRef<Self>) -> Result<Self, Self::Error> {
        Ok(args)
    }
}

impl kameo::message::Message<i64> for KameoStage {
    type Reply = ();

    async fn handle(&mut self, message: i64, _: &mut kameo::message::Context<Self, ()>) {
        match self {
            Self::Pass(next) => drop(next.tell(message).await),
            Self::Count(counter) => counter.count(),
        }
    }
}

/// kameo: mailboxes with a limit.
pub fn kameo_pipeline(count: u64) -> f64 {
    use kameo::actor::Spawn as _;
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let counter = KameoStage::Count(Counter { missing: count, done: Some(done) });
        let mut next = KameoStage::spawn_with_mailbox(counter, kameo::mailbox::bounded(ROOM));
        for _ in 0..STAGES - 2 {
            next = KameoStage::spawn_with_mailbox(KameoStage::Pass(next), kameo::mailbox::bounded(ROOM));
        }
        tokio::spawn(async move {
            for number in 0..count {
                next.tell(number.cast_signed()).await.expect("the first actor lives");
            }
        });
        finished.await.expect("the last actor counts them all");
    })
}

/// Plain tokio tasks and bounded channels.
pub fn tokio_pipeline(count: u64) -> f64 {
    on_tokio(async {
        let (first, mut previous) = mpsc::channel::<i64>(ROOM);
        tokio::spawn(async move {
            for number in 0..count {
                first.send(number.cast_signed()).await.expect("the chain lives");
            }
        });
        for _ in 0..STAGES - 2 {
            let (sender, receiver) = mpsc::channel::<i64>(ROOM);
            let mut input = std::mem::replace(&mut previous, receiver);
            tokio::spawn(async move {
                while let Some(number) = input.recv().await {
                    sender.send(number).await.expect("the chain lives");
                }
            });
        }
        let mut counted = 0;
        while previous.recv().await.is_some() {
            counted += 1;
        }
        assert_eq!(counted, count, "nothing is lost");
    })
}
