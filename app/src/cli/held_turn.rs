//! Reports a component that does not return from its turn, and lets Ctrl-C end the process without waiting for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use compose_runtime::handle::RuntimeHandle;

use super::terminal::report;
use crate::live::HeldTurn;

/// The exit code after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Watches the scheduler of this handle until the result is dropped. `presses` counts how often Ctrl-C was pressed.
pub fn watch(handle: RuntimeHandle, presses: Arc<AtomicU32>) -> Option<HeldTurn> {
    let mut is_reported = false;
    let watch = HeldTurn::watch(handle, move |holder| {
        let Some(holder) = holder else {
            is_reported = false;
            return;
        };
        if !std::mem::replace(&mut is_reported, true) {
            let seconds = holder.held_for.as_secs_f64();
            report(format!(
                "{} has held the turn for {seconds:.1} s; all other components wait until it waits or returns",
                holder.component
            ));
        }
        if presses.load(Ordering::Relaxed) > 0 {
            report(format!("ending the process even though {} has not returned", holder.component));
            std::process::exit(INTERRUPTED);
        }
    });
    // Without the thread, the run only reports less.
    watch.map_err(|error| report(format!("components that do not return will not be reported: {error}"))).ok()
}
