//! Watch: checks a run twice per second of its clock for problems that show only over time.
//!
//! It receives every published snapshot; the next snapshot contains the signs it found.

use std::sync::Arc;
use std::time::Duration;

use super::sign::Sign;
use super::snapshot::{RunState, Snapshot};
use super::stall_watch::Watcher;

/// Time between two checks, on the runtime's clock.
const INTERVAL: Duration = Duration::from_millis(500);

/// Number of checks before signs are reported: a short burst of activity is not a problem.
const ENOUGH: usize = 4;

/// Larger systems are not watched, because their last few snapshots would need many times the memory of the system
/// itself.
const MOST: usize = 20_000;

/// The last few snapshots and the signs found in them.
#[derive(Default)]
pub(crate) struct Watch {
    watcher: Watcher,
    checks: usize,
    next: Duration,
    signs: Arc<Vec<Sign>>,
}

impl Watch {
    /// Checks the snapshot if a check is due.
    pub fn observe(&mut self, snapshot: &Arc<Snapshot>) {
        if snapshot.run != RunState::Running || snapshot.components.len() > MOST {
            // In a run that does not proceed, the stall text explains which components wait for which.
            *self = Self::default();
            return;
        }
        if snapshot.clock < self.next {
            return;
        }
        self.next = snapshot.clock + INTERVAL;
        self.watcher.add(snapshot.clone());
        self.checks += 1;
        if self.checks >= ENOUGH {
            self.signs = Arc::new(self.watcher.signs());
        }
    }

    /// The signs found by the last check.
    pub fn signs(&self) -> Arc<Vec<Sign>> {
        self.signs.clone()
    }
}
