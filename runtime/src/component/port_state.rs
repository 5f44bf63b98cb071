//! The state that the two ends of a port share: counters and flags, no messages.
//!
//! Both ends write it, so everything is atomic. The scheduler reads it to decide whether a far end may still answer. Where each
//! end writes one value and then reads another, both use a swap, so that at least one of them sees the write of the other.
//! Modelled in package `compose_models`.

use super::fault::Outcome;
use crate::ready_ports::ReadyPorts;
use crate::sync::{Arc, AtomicBool, AtomicUsize, Mutex, Ordering, PoisonError};

/// The shared state of a port.
pub(crate) struct Shared {
    /// Number of the near end on its scheduler; 0 until it is open.
    number: AtomicUsize,
    /// The scheduler was asked to drain this port, and has not done so yet.
    is_marked: AtomicBool,
    /// Messages that the far end has taken since the last drain.
    taken: AtomicUsize,
    /// Messages that the far end has taken in total.
    taken_in_all: AtomicUsize,
    /// The near end has no space left and waits for more.
    near_waits: AtomicBool,
    /// The far end waits for the near end.
    far_idle: AtomicBool,
    /// The scheduler has found the port idle, and does not check it again until one of its ends has done something.
    is_settled: AtomicBool,
    /// The far end may wait for something outside at any time, so it is never idle.
    stays_open: AtomicBool,
    /// The far end has ended.
    ended: AtomicBool,
    /// How the far end ended, until the near end takes it.
    outcome: Mutex<Option<Outcome>>,
    ready: Arc<ReadyPorts>,
}

impl Shared {
    /// The state of a port whose far end has done nothing. `stays_open`: the far end may wait for something outside.
    pub fn new(ready: Arc<ReadyPorts>, stays_open: bool) -> Self {
        Self {
            number: AtomicUsize::new(0),
            is_marked: AtomicBool::new(false),
            taken: AtomicUsize::new(0),
            taken_in_all: AtomicUsize::new(0),
            near_waits: AtomicBool::new(false),
            far_idle: AtomicBool::new(false),
            is_settled: AtomicBool::new(false),
            stays_open: AtomicBool::new(stays_open),
            ended: AtomicBool::new(false),
            outcome: Mutex::new(None),
            ready,
        }
    }

    /// Sets the number of the near end when it opens. The scheduler drains a new port at the next safe point, so
    /// earlier marks are not lost.
    pub fn open(&self, number: u64) {
        self.number.store(number as usize, Ordering::SeqCst);
    }

    /// Notes that the far end may wait for something outside from now on.
    pub fn stay_open(&self) {
        self.stays_open.store(true, Ordering::SeqCst);
        self.mark();
    }

    /// Whether the far end may wait for something outside.
    pub fn stays_open(&self) -> bool {
        self.stays_open.load(Ordering::SeqCst)
    }

    /// Notes that the far end begins to wait for the near end, and wakes a scheduler that waits for that.
    pub fn begin_idling(&self) -> Idling<'_> {
        self.far_idle.store(true, Ordering::SeqCst);
        self.ready.note_idle();
        Idling(self)
    }

    /// Notes that the far end has taken `count` messages, and marks the port if the near end waits for space.
    pub fn take(&self, count: usize) {
        self.taken.fetch_add(count, Ordering::SeqCst);
        self.taken_in_all.fetch_add(count, Ordering::SeqCst);
        if self.near_waits.swap(false, Ordering::SeqCst) {
            self.mark();
        }
    }

    /// Requests a mark after the far end has taken a message. True if it has taken one since the last drain.
    pub fn want_space(&self) -> bool {
        self.near_waits.swap(true, Ordering::SeqCst);
        self.taken.load(Ordering::SeqCst) > 0
    }

    /// Begins a drain: clears the mark and returns whether the far end has ended, and how many messages it has taken since the
    /// last drain. Messages that were sent before are in the queue by now.
    pub fn look(&self) -> (bool, usize) {
        self.is_marked.swap(false, Ordering::AcqRel);
        self.unsettle();
        (self.has_ended(), self.taken.swap(0, Ordering::SeqCst))
    }

    /// Whether the scheduler was asked to drain this port, and has not done so yet.
    pub fn is_marked(&self) -> bool {
        self.is_marked.load(Ordering::Acquire)
    }

    /// Requests a mark if the far end stops waiting for the near end. The near end must check once more after this whether
    /// the far end waits.
    pub fn settle(&self) {
        self.is_settled.swap(true, Ordering::SeqCst);
    }

    /// Withdraws the request, because the near end has done something. True if there was a request that the far end has not
    /// carried out. Only the near end calls this.
    pub fn unsettle(&self) -> bool {
        // Only the near end sets it, so it sees its own request.
        self.is_settled.load(Ordering::Relaxed) && self.is_settled.swap(false, Ordering::SeqCst)
    }

    /// Whether the far end waits for the near end, which has sent `sent_in_all` messages in total.
    pub fn waits_for_near(&self, sent_in_all: usize) -> bool {
        // Read before `far_idle`, because `far_idle` is cleared before this is increased. So a far end that has just received
        // a message does not seem idle.
        let has_taken_all = self.taken_in_all.load(Ordering::SeqCst) == sent_in_all;
        has_taken_all && self.far_idle.load(Ordering::SeqCst)
    }

    /// Whether the far end has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// How the far end ended; `None` if it runs, or if this was called before.
    pub fn take_outcome(&self) -> Option<Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Notes the end of the far end. Only the first call has an effect.
    pub fn note_end(&self, outcome: Outcome) {
        let mut noted = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.has_ended() {
            *noted = Some(outcome);
            self.ended.store(true, Ordering::Release);
        }
    }

    /// Notes the end of the far end and marks the port.
    pub fn end(&self, outcome: Outcome) {
        self.note_end(outcome);
        self.mark();
    }

    /// Asks the scheduler to drain this port. Never blocks.
    pub fn mark(&self) {
        // The caller has made its change before this swap, and the number is read after it. So either the drain that
        // cleared the mark sees the change, or the number has been set by now.
        if !self.is_marked.swap(true, Ordering::AcqRel) {
            self.ready.mark(self.number.load(Ordering::SeqCst) as u64);
        }
    }
}

/// The far end is idle while this exists; dropping it, including when a wait is cancelled, ends that.
pub(crate) struct Idling<'a>(&'a Shared);

impl Drop for Idling<'_> {
    fn drop(&mut self) {
        self.0.far_idle.store(false, Ordering::SeqCst);
        // False if the near end has caused this, for example by sending a message.
        if self.0.is_settled.swap(false, Ordering::SeqCst) {
            self.0.mark();
        }
    }
}
