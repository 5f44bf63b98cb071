//! Emits one message per request; shared by PromptedTurnstile and OnDemandLimit.

use compose_runtime::dev::*;

/// Emits one message for every request that `counts` accepts. Messages that are not yet requested stay in the inbox,
/// where the user can see them.
pub(super) async fn emit_on_request(io: &BoxIo, requests: &'static str, counts: impl Fn(&Message) -> bool) -> Outcome {
    while let Some(request) = io.recv(requests).await {
        if !counts(&request) {
            continue;
        }
        let Some(message) = io.recv("inbox").await else { return Ok(()) };
        io.send("outbox", message).await;
    }
    Ok(())
}
