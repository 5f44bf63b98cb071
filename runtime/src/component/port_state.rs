//! What the two ends of a port share: counters and flags, no messages.
//!
//! Written from both sides, so everything is atomic; the scheduler reads it to know whether a far end may still answer.
//! Where both sides write one thing and read another, both swap: then one of them sees what the other did before.
//! Modelled in package `compose_models`.

use super::Outcome;
use crate::scheduler::intake::{Entrance, Intake};
use crate::sync::{Arc, AtomicBool, AtomicUsize, Mutex, Ordering, PoisonError};

/// What both ends share.
pub(crate) struct Shared {
    /// A note is on its way to the scheduler.
    pub stirred: AtomicBool,
    /// Messages the far end has taken since the near end last looked.
    pub taken: AtomicUsize,
    /// Messages the far end has taken in all.
    pub taken_in_all: AtomicUsize,
    /// The near end has used up its room and waits for more.
    pub near_waits: AtomicBool,
    /// The far end waits for the near end.
    pub far_idle: AtomicBool,
    /// The far end hears the world at all times: it is never idle.
    pub stays_open: AtomicBool,
    pub ended: AtomicBool,
    pub outcome: Mutex<Option<Outcome>>,
    waits_for_idle: Arc<AtomicBool>,
    intake: Entrance,
}

impl Shared {
    pub fn new(intake: Entrance, waits_for_idle: Arc<AtomicBool>) -> Self {
        Self {
            stirred: AtomicBool::new(false),
            taken: AtomicUsize::new(0),
            taken_in_all: AtomicUsize::new(0),
            near_waits: AtomicBool::new(false),
            far_idle: AtomicBool::new(false),
            stays_open: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            outcome: Mutex::new(None),
            waits_for_idle,
            intake,
        }
    }

    /// The far end begins to wait for the near end; a scheduler that waits for just that is told.
    pub fn begin_idling(&self) -> Idling<'_> {
        self.far_idle.store(true, Ordering::SeqCst);
        if self.waits_for_idle.swap(false, Ordering::SeqCst) {
            // A scheduler that is gone has nobody to tell.
            let _ = self.intake.send(Intake::Nudge);
        }
        Idling(self)
    }

    /// The far end has taken so many messages: tells a near end that waits for room that there is some.
    pub fn take(&self, count: usize) {
        self.taken.fetch_add(count, Ordering::SeqCst);
        self.taken_in_all.fetch_add(count, Ordering::SeqCst);
        if self.near_waits.swap(false, Ordering::SeqCst) {
            self.stir();
        }
    }

    /// The near end asks to be told when the far end has taken something. True if it has, since the near end last looked.
    pub fn want_room(&self) -> bool {
        self.near_waits.swap(true, Ordering::SeqCst);
        self.taken.load(Ordering::SeqCst) > 0
    }

    /// The near end looks: whether the far end has ended, and how much it has taken since the last time. What was sent
    /// before is in the queue by now.
    pub fn look(&self) -> (bool, usize) {
        self.stirred.swap(false, Ordering::AcqRel);
        (self.ended.load(Ordering::Acquire), self.taken.swap(0, Ordering::SeqCst))
    }

    /// Whether the far end waits for the near end, which has sent it so many messages in all.
    pub fn waits_for_near(&self, sent_in_all: usize) -> bool {
        // Read before `far_idle`, which is cleared before this counts: a far end that has just been given work is not idle.
        let has_taken_all = self.taken_in_all.load(Ordering::SeqCst) == sent_in_all;
        has_taken_all && self.far_idle.load(Ordering::SeqCst)
    }

    /// The far end is done. The first to say so counts.
    pub fn note_end(&self, outcome: Outcome) {
        let mut noted = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.ended.load(Ordering::Acquire) {
            *noted = Some(outcome);
            self.ended.store(true, Ordering::Release);
        }
    }

    /// The same, and tells the near end.
    pub fn end(&self, outcome: Outcome) {
        self.note_end(outcome);
        self.stir();
    }

    /// Makes the scheduler look at its ports. Never waits: when its queue is full, what is taken out of that makes it look.
    pub fn stir(&self) {
        if !self.stirred.swap(true, Ordering::AcqRel) {
            // A scheduler that is gone has nobody to tell.
            let _ = self.intake.try_send(Intake::Stirred);
        }
    }
}

/// From here on, a far end that becomes idle tells the scheduler; then it must be looked at once more.
pub(crate) fn wait_for_idle(waits_for_idle: &AtomicBool) {
    waits_for_idle.swap(true, Ordering::SeqCst);
}

/// The far end is idle for as long as this lives; a wait that is given up ends it too.
pub(crate) struct Idling<'a>(&'a Shared);

impl Drop for Idling<'_> {
    fn drop(&mut self) {
        self.0.far_idle.store(false, Ordering::SeqCst);
    }
}
