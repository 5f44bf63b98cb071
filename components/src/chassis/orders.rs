//! Orders: what a chassis is told on `control`, and what it waits for while instances run.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::template::Instance;

/// What a chassis is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Finish what is there.
    Finish,
    /// End now.
    Stop,
}

/// The control messages of one chassis. Each order is given once.
#[derive(Default)]
pub struct Orders {
    was_told: Cell<bool>,
}

impl Orders {
    /// The next order; never ready if there is none to come.
    pub async fn next(&self, io: &BoxIo) -> Order {
        while !self.was_told.get() {
            let message = io.recv("control").await;
            match message {
                Some(Message::ProducerFinished | Message::Shutdown) | None => self.was_told.set(true),
                Some(_) => continue,
            }
            return if io.is_shutting_down() { Order::Stop } else { Order::Finish };
        }
        // A message on `control` wakes every component.
        poll_fn(|_| if io.is_shutting_down() { Poll::Ready(Order::Stop) } else { Poll::Pending }).await
    }
}

/// The next child to end; never ready while none is going.
pub async fn next_end(io: &BoxIo) -> (ComponentId, Outcome) {
    match io.child_ended().await {
        Some(end) => end,
        None => std::future::pending().await,
    }
}

/// Stops an instance in order, as a chassis does that has been stopped itself: waits for its end as long as the
/// scheduler allows.
pub async fn stop_in_order(io: &BoxIo, instance: &Instance) {
    io.tell(instance.id, Message::Shutdown).await;
    while io.child_outcome(instance.id).is_none() {
        io.sync().await;
    }
}
