//! Interest: whether an observer wants a snapshot, and whether there is a change to show.
//!
//! Both flags are in one atomic value, so that when an observer and the scheduler each set one at the same time, one of
//! them sees both: an observer that asks after a change wakes the scheduler, and a scheduler whose state changes after
//! an observer has asked publishes a snapshot. Modelled in package `compose_models`.

use crate::sync::{AtomicU8, Ordering};

/// An observer has asked for a snapshot since the last one.
const WANTED: u8 = 1;
/// Something has happened since the last snapshot.
const STALE: u8 = 2;

/// The flags that observers and the scheduler share.
pub(crate) struct Interest {
    state: AtomicU8,
}

impl Interest {
    pub fn new() -> Self {
        Self { state: AtomicU8::new(0) }
    }

    /// Asks for the next snapshot, on behalf of an observer. True if the scheduler may have gone to sleep before this call, so
    /// that the observer must wake it.
    pub fn ask(&self) -> bool {
        self.state.fetch_or(WANTED, Ordering::AcqRel) == STALE
    }

    /// Notes that there is a change to show. The scheduler checks [`Interest::is_wanted`] after this.
    pub fn note_change(&self) {
        self.state.fetch_or(STALE, Ordering::AcqRel);
    }

    /// Whether an observer has asked since the last snapshot.
    pub fn is_wanted(&self) -> bool {
        self.state.load(Ordering::Acquire) & WANTED != 0
    }

    /// Notes that the current state was published.
    pub fn note_published(&self) {
        self.state.store(0, Ordering::Release);
    }
}
