//! One message for every request: what PromptedTurnstile and OnDemandLimit share.

use compose_runtime::dev::*;

/// One message for every request that counts; what is not asked for stays in the inbox, where it can be seen.
pub(super) async fn turn(io: &BoxIo, requests: &'static str, counts: impl Fn(&Message) -> bool) -> Outcome {
    while let Some(request) = io.recv(requests).await {
        if !counts(&request) {
            continue;
        }
        let Some(message) = io.recv("inbox").await else { return Ok(()) };
        io.send("outbox", message).await;
    }
    Ok(())
}
