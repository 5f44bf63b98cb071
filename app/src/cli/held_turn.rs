//! HeldTurn: reports a component that does not return from its turn.
//!
//! Such a component stops the whole run, and the scheduler cannot report it, because it waits for the component. The
//! thread `compose-watch` looks instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use compose_runtime::handle::RuntimeHandle;

use super::terminal::tell;

/// How often the thread looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// How long a turn may last before it is reported, and before Ctrl-C ends the process without it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit code after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Watches a run until it is dropped.
pub struct HeldTurn {
    is_over: Arc<AtomicBool>,
}

impl HeldTurn {
    /// Starts to watch the scheduler of this handle. `presses` counts how often Ctrl-C was pressed.
    pub fn watch(handle: RuntimeHandle, presses: Arc<AtomicU32>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        let watch = move || {
            let mut is_told = false;
            while !over.load(Ordering::Acquire) {
                std::thread::park_timeout(INTERVAL);
                let Some(holder) = handle.turn_holder().filter(|holder| holder.held_for >= PATIENCE) else {
                    is_told = false;
                    continue;
                };
                let seconds = holder.held_for.as_secs_f64();
                if !is_told {
                    is_told = true;
                    tell(format!(
                        "{} has held the turn for {seconds:.1} s; all other components wait until it waits or returns",
                        holder.component
                    ));
                }
                if presses.load(Ordering::Relaxed) > 0 {
                    tell(format!("ending the process even though {} has not returned", holder.component));
                    std::process::exit(INTERRUPTED);
                }
            }
        };
        // Not joined: it ends soon after the run, or with the process. Without it, the run is only less talkative.
        if let Err(error) = std::thread::Builder::new().name("compose-watch".to_owned()).spawn(watch) {
            tell(format!("components that do not return will not be reported: {error}"));
        }
        Self { is_over }
    }
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}
