//! Waits for a duration that a live setting may change during the wait.
//!
//! Scheduler thread only. Not here: catching up after a delay, which each caller decides for itself.

use std::time::Duration;

use compose_runtime::dev::*;

/// Longest time before a changed setting is noticed.
const RECHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Waits until `span`, computed from the current settings, has passed since `start`, and returns the time it waited
/// for. Reads the settings again every quarter of a second, so a shorter span takes effect during the wait.
pub(crate) async fn wait(io: &BoxIo, start: Duration, span: impl Fn(&Params) -> Duration) -> Duration {
    loop {
        let moment = start.saturating_add(span(&io.params()));
        let before = io.now();
        if before >= moment {
            return moment;
        }
        io.sleep_until(moment.min(before.saturating_add(RECHECK_INTERVAL))).await;
        if io.now() <= before {
            // The component is shutting down, so sleeping returns immediately.
            return moment;
        }
    }
}
