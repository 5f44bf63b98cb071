//! Orders: the control messages of a chassis, and helpers that wait for its children to end.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::template::Instance;

/// An instruction received on `control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Process the waiting messages, then end.
    Finish,
    /// End immediately.
    Stop,
}

/// Receives the control messages of one chassis. Returns each order once.
#[derive(Default)]
pub struct Orders {
    has_received_order: Cell<bool>,
}

impl Orders {
    /// The next order; stays pending if no further order can arrive.
    pub async fn next(&self, io: &BoxIo) -> Order {
        while !self.has_received_order.get() {
            let message = io.recv("control").await;
            match message {
                Some(Message::ProducerFinished | Message::Shutdown) | None => self.has_received_order.set(true),
                Some(_) => continue,
            }
            return if io.is_shutting_down() { Order::Stop } else { Order::Finish };
        }
        // A message on `control` wakes every component.
        poll_fn(|_| if io.is_shutting_down() { Poll::Ready(Order::Stop) } else { Poll::Pending }).await
    }
}

/// The next child to end; stays pending while there are no children.
pub async fn next_end(io: &BoxIo) -> (ComponentId, Outcome) {
    match io.child_ended().await {
        Some(end) => end,
        None => std::future::pending().await,
    }
}

/// Stops an instance after the chassis itself was asked to stop. Waits for the instance to end, as long as the
/// scheduler allows.
pub async fn stop_in_order(io: &BoxIo, instance: &Instance) {
    io.send_control(instance.id, Message::Shutdown).await;
    while io.child_outcome(instance.id).is_none() {
        io.sync().await;
    }
}
