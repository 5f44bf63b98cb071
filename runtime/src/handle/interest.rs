//! Interest: who has to act for a snapshot to be built: whoever wants to look, or the scheduler.
//!
//! One word, so that of two who come at the same moment one sees the other: a reader that asks after something changed
//! nudges, a scheduler whose system changes after somebody asked publishes. Modelled in package `compose_models`.

use crate::sync::{AtomicU8, Ordering};

/// Somebody has asked for a snapshot since the last one.
const WANTED: u8 = 1;
/// Something has happened since the last snapshot.
const STALE: u8 = 2;

/// Interest in snapshots, and whether there is anything new to show.
pub(crate) struct Interest {
    state: AtomicU8,
}

impl Interest {
    pub fn new() -> Self {
        Self { state: AtomicU8::new(0) }
    }

    /// A reader asks for the next snapshot. True if the scheduler may have gone to sleep before it knew: nudge it.
    pub fn ask(&self) -> bool {
        self.state.fetch_or(WANTED, Ordering::AcqRel) == STALE
    }

    /// The scheduler has something new to show. Whether somebody wants to see it is asked after this.
    pub fn note_change(&self) {
        self.state.fetch_or(STALE, Ordering::AcqRel);
    }

    /// Whether somebody has asked since the last snapshot.
    pub fn is_wanted(&self) -> bool {
        self.state.load(Ordering::Acquire) & WANTED != 0
    }

    /// The newest state is there to be read.
    pub fn note_published(&self) {
        self.state.store(0, Ordering::Release);
    }
}
