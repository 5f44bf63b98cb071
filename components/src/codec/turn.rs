//! What the marshallers share: one message in, one out, what cannot be turned rejected.

use compose_runtime::dev::*;

use crate::refuse::reject;

pub(super) const VALUES: &str = "Values";
pub(super) const WIRE: &[Kind] = &[Kind::Text, Kind::Bytes];

/// From `inbox` to `outbox`, rejecting what cannot be turned.
pub(super) async fn turn(io: &BoxIo, turn: impl Fn(&Message) -> Result<Message, String>) -> Outcome {
    while let Some(message) = io.recv("inbox").await {
        match turn(&message) {
            Ok(turned) => io.send("outbox", turned).await,
            Err(why) => reject(io, "inbox", message, &why).await,
        }
    }
    Ok(())
}
