//! Watch: looks at a run twice a second of its clock, for what only shows over time.
//!
//! Fed with every snapshot that is published; what it sees is in the next one.

use std::sync::Arc;
use std::time::Duration;

use super::sign::Sign;
use super::snapshot::{RunState, Snapshot};
use super::stall_watch::Watcher;

/// Time between two looks on the runtime's clock.
const INTERVAL: Duration = Duration::from_millis(500);

/// Looks before anything is said: a short burst is no sign of anything.
const ENOUGH: usize = 4;

/// Larger systems are not watched: the last few pictures of one would be many times what the system itself holds.
const MOST: usize = 20_000;

/// The last few looks and what they show.
#[derive(Default)]
pub(crate) struct Watch {
    watcher: Watcher,
    looks: usize,
    next: Duration,
    signs: Arc<Vec<Sign>>,
}

impl Watch {
    /// Takes a look if it is time for one.
    pub fn look(&mut self, snapshot: &Arc<Snapshot>) {
        if snapshot.run != RunState::Running || snapshot.components.len() > MOST {
            // Who stands still because all do is told by the stall.
            *self = Self::default();
            return;
        }
        if snapshot.clock < self.next {
            return;
        }
        self.next = snapshot.clock + INTERVAL;
        self.watcher.add(snapshot.clone());
        self.looks += 1;
        if self.looks >= ENOUGH {
            self.signs = Arc::new(self.watcher.signs());
        }
    }

    /// What can be seen now.
    pub fn signs(&self) -> Arc<Vec<Sign>> {
        self.signs.clone()
    }
}
