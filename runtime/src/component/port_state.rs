//! What the two ends of a port share: counters and flags, no messages.
//!
//! Written from both sides, so everything is atomic; the scheduler reads it to know whether a far end may still answer.
//! Where both sides write one thing and read another, both swap: then one of them sees what the other did before.
//! Modelled in package `compose_models`.

use super::fault::Outcome;
use crate::ready_ports::ReadyPorts;
use crate::sync::{Arc, AtomicBool, AtomicUsize, Mutex, Ordering, PoisonError};

/// What both ends share.
pub(crate) struct Shared {
    /// Number of the near end on its scheduler; 0 until it is open.
    number: AtomicUsize,
    /// The scheduler has been told to drain this port, and has not done so yet.
    pub is_marked: AtomicBool,
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
    ready: Arc<ReadyPorts>,
}

impl Shared {
    pub fn new(ready: Arc<ReadyPorts>) -> Self {
        Self {
            number: AtomicUsize::new(0),
            is_marked: AtomicBool::new(false),
            taken: AtomicUsize::new(0),
            taken_in_all: AtomicUsize::new(0),
            near_waits: AtomicBool::new(false),
            far_idle: AtomicBool::new(false),
            stays_open: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            outcome: Mutex::new(None),
            ready,
        }
    }

    /// The near end is open under this number. The scheduler drains it at the next safe point, so nothing that happened
    /// before is lost.
    pub fn open(&self, number: u64) {
        self.number.store(number as usize, Ordering::SeqCst);
    }

    /// The far end may wait for something outside from now on.
    pub fn stay_open(&self) {
        self.stays_open.store(true, Ordering::SeqCst);
        self.mark();
    }

    /// The far end begins to wait for the near end; wakes a scheduler that waits for that.
    pub fn begin_idling(&self) -> Idling<'_> {
        self.far_idle.store(true, Ordering::SeqCst);
        self.ready.note_idle();
        Idling(self)
    }

    /// The far end has taken so many messages: tells a near end that waits for room that there is some.
    pub fn take(&self, count: usize) {
        self.taken.fetch_add(count, Ordering::SeqCst);
        self.taken_in_all.fetch_add(count, Ordering::SeqCst);
        if self.near_waits.swap(false, Ordering::SeqCst) {
            self.mark();
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
        self.is_marked.swap(false, Ordering::AcqRel);
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
        self.mark();
    }

    /// Has the scheduler drain this port. Never blocks.
    pub fn mark(&self) {
        // The swap comes after what the drain must see, and the number is read after the swap: either the drain that
        // cleared the mark sees the change, or the number is known by now.
        if !self.is_marked.swap(true, Ordering::AcqRel) {
            self.ready.mark(self.number.load(Ordering::SeqCst) as u64);
        }
    }
}

/// The far end is idle for as long as this lives; a wait that is given up ends it too.
pub(crate) struct Idling<'a>(&'a Shared);

impl Drop for Idling<'_> {
    fn drop(&mut self) {
        self.0.far_idle.store(false, Ordering::SeqCst);
    }
}
