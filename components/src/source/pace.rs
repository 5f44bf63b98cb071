//! Waits for a duration that a live setting may change during the wait.
//!
//! Scheduler thread only. Each caller decides how to catch up after a delay.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use compose_runtime::dev::*;

/// Waits until `span`, computed from the current settings, has passed since `start`, and returns the time at which it
/// was due to end. A change of the settings wakes the component, so a shorter span takes effect during the wait.
pub(crate) async fn wait(io: &BoxIo, start: Duration, span: impl Fn(&Params) -> Duration) -> Duration {
    loop {
        let moment = start.saturating_add(span(&io.params()));
        let before = io.now();
        if before >= moment {
            return moment;
        }
        let mut sleep = pin!(io.sleep_until(moment));
        let is_over = poll_fn(|task| {
            let is_changed = start.saturating_add(span(&io.params())) != moment;
            if is_changed { Poll::Ready(false) } else { sleep.as_mut().poll(task).map(|()| true) }
        });
        if is_over.await && io.now() <= before {
            // The component is shutting down, so sleeping returns immediately.
            return moment;
        }
    }
}
