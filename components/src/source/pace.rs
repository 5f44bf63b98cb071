//! Waiting a span that a live setting may change meanwhile.
//!
//! Scheduler thread only. Not here: catching up after a delay; whoever paces decides that.

use std::time::Duration;

use compose_runtime::dev::*;

/// Longest time until a changed setting is noticed.
const GLANCE: Duration = Duration::from_millis(250);

/// Waits until `span` of the settings in force has passed since `start`, and gives the moment it waited for. Looks at
/// the settings again every quarter of a second, so that a shorter span takes effect while a longer one is waited for.
pub(crate) async fn rest(io: &BoxIo, start: Duration, span: impl Fn(&Params) -> Duration) -> Duration {
    loop {
        let moment = start.saturating_add(span(&io.params()));
        let before = io.now();
        if before >= moment {
            return moment;
        }
        io.sleep_until(moment.min(before.saturating_add(GLANCE))).await;
        if io.now() <= before {
            // The component was told to end now: the clock does not wait for it any more.
            return moment;
        }
    }
}
