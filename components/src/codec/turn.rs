//! Converts messages one by one and rejects those that cannot be converted; shared by the marshallers.

use compose_runtime::dev::*;

use super::error::CodecError;
use crate::refuse::reject;

pub(super) const VALUES: &str = "Values";
pub(super) const WIRE: &[Kind] = &[Kind::Text, Kind::Bytes];

/// Converts each message from `inbox` and sends it to `outbox`. Rejects messages that cannot be converted.
pub(super) async fn convert(io: &BoxIo, convert: impl Fn(&Message) -> Result<Message, CodecError>) -> Outcome {
    while let Some(message) = io.recv("inbox").await {
        match convert(&message) {
            Ok(converted) => io.send("outbox", converted).await,
            Err(why) => reject(io, "inbox", message, &why).await,
        }
    }
    Ok(())
}
