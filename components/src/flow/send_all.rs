//! Sending one message to several outboxes at the same time.
//!
//! Scheduler thread only. Each outbox gets the message as soon as there is room behind it; a full one does not hold up
//! the others. The call is over when all have it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use compose_runtime::dev::*;

/// Sends a copy of `message` to every outbox, in whatever order they have room.
pub(crate) async fn send_all<'a>(io: &BoxIo, outboxes: impl IntoIterator<Item = &'a str>, message: &Message) {
    let mut sends: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for outbox in outboxes {
        sends.push(Box::pin(io.send(outbox, message.clone())));
    }
    poll_fn(|context| {
        sends.retain_mut(|send| send.as_mut().poll(context).is_pending());
        if sends.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
