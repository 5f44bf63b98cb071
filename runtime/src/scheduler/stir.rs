//! Stir: one bit by which other threads make a scheduler look, told at most once until it has looked.
//!
//! Modelled in package `compose_models`.

use super::intake::{Entrance, Intake};
use crate::sync::{AtomicBool, Ordering};

/// Whether something has stirred since the scheduler last looked.
pub(crate) struct Stir {
    stirred: AtomicBool,
    intake: Entrance,
}

impl Stir {
    pub fn new(intake: Entrance) -> Self {
        Self { stirred: AtomicBool::new(false), intake }
    }

    /// From any thread: makes the scheduler look. Never waits: a full queue means that it is awake, and this may be its
    /// own thread.
    pub fn stir(&self) {
        if !self.stirred.swap(true, Ordering::AcqRel) {
            // A scheduler that is gone has nobody to tell.
            let _ = self.intake.try_send(Intake::Nudge);
        }
    }

    pub fn is_stirred(&self) -> bool {
        self.stirred.load(Ordering::Acquire)
    }

    /// Whether it was stirred since the last time.
    pub fn take(&self) -> bool {
        self.stirred.swap(false, Ordering::AcqRel)
    }
}
