//! HeldTurn: checks regularly whether a component keeps its turn for too long.
//!
//! Such a component stops the whole run, and the scheduler cannot report it, because it waits for the component. A thread
//! checks instead, for the window and for the command line.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use compose_runtime::handle::RuntimeHandle;
use compose_runtime::turn_watch::TurnHolder;

/// How often the thread checks.
const INTERVAL: Duration = Duration::from_millis(100);

/// How long a turn may last before it is reported.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Watches a run until it is dropped.
#[derive(Debug)]
pub struct HeldTurn {
    is_over: Arc<AtomicBool>,
}

impl HeldTurn {
    /// Starts to watch the scheduler of this handle. Ten times a second, `on_held` is called on another thread with the
    /// component that has kept its turn for more than a second, if there is one.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn watch(
        handle: RuntimeHandle,
        mut on_held: impl FnMut(Option<TurnHolder>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        let watch = move || {
            while !over.load(Ordering::Acquire) {
                std::thread::park_timeout(INTERVAL);
                on_held(handle.turn_holder().filter(|holder| holder.held_for >= TIMEOUT));
            }
        };
        // Not joined: it ends soon after the run, or with the process.
        std::thread::Builder::new().name("compose-watch".to_owned()).spawn(watch)?;
        Ok(Self { is_over })
    }
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}
