//! Sends one message to several outboxes concurrently.
//!
//! Scheduler thread only. Each outbox sends the message as soon as its receiver has space; a blocked outbox does not
//! delay the others. The call returns when all outboxes have sent the message.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use compose_runtime::dev::*;

/// Sends a copy of `message` to every outbox, in the order in which their receivers have space.
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
