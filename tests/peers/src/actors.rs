//! The chain built from ractor actors, from kameo actors and from plain tokio tasks, on a runtime with a thread per
//! core.

use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::chain::{CAPACITY, STAGES};

/// Runs a future on a runtime with a thread per core. Returns the seconds it took.
pub fn on_tokio<F: Future<Output = ()>>(work: F) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("tokio starts");
    let begun = Instant::now();
    runtime.block_on(work);
    begun.elapsed().as_secs_f64()
}

/// The last stage of a chain: reports when it has counted all messages.
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
            // The receiver may have been dropped; the chain does not depend on it.
            let _ = done.send(());
        }
    }
}

/// A stage of the ractor chain.
pub struct RactorStage;

/// The work of a stage of the ractor chain.
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

/// ractor: unbounded mailboxes, the only kind it has.
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
                next.cast(number.cast_signed()).expect("the first actor is running");
                if number.is_multiple_of(CAPACITY as u64) {
                    tokio::task::yield_now().await;
                }
            }
        });
        finished.await.expect("the last actor counts all messages");
        for actor in all {
            actor.stop(None);
        }
    })
}

/// A stage of the kameo chain.
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

/// kameo: bounded mailboxes.
pub fn kameo_pipeline(count: u64) -> f64 {
    use kameo::actor::Spawn as _;
    on_tokio(async {
        let (done, finished) = oneshot::channel();
        let counter = KameoStage::Count(Counter { missing: count, done: Some(done) });
        let mut next = KameoStage::spawn_with_mailbox(counter, kameo::mailbox::bounded(CAPACITY));
        for _ in 0..STAGES - 2 {
            next = KameoStage::spawn_with_mailbox(KameoStage::Pass(next), kameo::mailbox::bounded(CAPACITY));
        }
        tokio::spawn(async move {
            for number in 0..count {
                next.tell(number.cast_signed()).await.expect("the first actor is running");
            }
        });
        finished.await.expect("the last actor counts all messages");
    })
}

/// Plain tokio tasks and bounded channels.
pub fn tokio_pipeline(count: u64) -> f64 {
    on_tokio(async {
        let (first, mut previous) = mpsc::channel::<i64>(CAPACITY);
        tokio::spawn(async move {
            for number in 0..count {
                first.send(number.cast_signed()).await.expect("the chain is running");
            }
        });
        for _ in 0..STAGES - 2 {
            let (sender, receiver) = mpsc::channel::<i64>(CAPACITY);
            let mut input = std::mem::replace(&mut previous, receiver);
            tokio::spawn(async move {
                while let Some(number) = input.recv().await {
                    sender.send(number).await.expect("the chain is running");
                }
            });
        }
        let mut counted = 0;
        while previous.recv().await.is_some() {
            counted += 1;
        }
        assert_eq!(counted, count, "no message is lost");
    })
}
