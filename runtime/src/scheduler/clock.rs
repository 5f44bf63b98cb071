//! Clock and timers: components see the runtime's time, not the wall clock (R11).
//!
//! A real clock follows the wall clock and stops during pauses. A virtual clock jumps to the next timer when no component is
//! ready. Owned by the scheduler; components see only the moment at which the current pass began (SCHED-20).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::delivery::wake_state::WakeState;

/// Which clock the components see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockKind {
    /// Follows the wall clock, and stops during pauses.
    #[default]
    Real,
    /// Jumps to the next timer when no component is ready.
    Virtual,
}

/// The runtime's clock.
pub(crate) struct Clock {
    kind: ClockKind,
    /// The time at which the clock was last started, stopped or moved.
    shown: Duration,
    /// When it was started, on the wall clock; `None` while it is stopped, and for a virtual clock.
    started: Option<Instant>,
}

impl Clock {
    pub fn new(kind: ClockKind) -> Self {
        let started = (kind == ClockKind::Real).then(Instant::now);
        Self { kind, shown: Duration::ZERO, started }
    }

    pub fn is_virtual(&self) -> bool {
        self.kind == ClockKind::Virtual
    }

    pub fn read(&self) -> Duration {
        self.read_at(Instant::now())
    }

    /// The time at a moment of the wall clock. For callers that have read the wall clock already, because reading it has a
    /// cost.
    pub fn read_at(&self, moment: Instant) -> Duration {
        self.shown + self.started.map_or(Duration::ZERO, |started| moment.saturating_duration_since(started))
    }

    /// Stops the clock. No effect if it is stopped.
    pub fn stop(&mut self) {
        self.shown = self.read();
        self.started = None;
    }

    /// Starts a stopped real clock again. No effect if it is running or virtual.
    pub fn go(&mut self) {
        if self.kind == ClockKind::Real && self.started.is_none() {
            self.started = Some(Instant::now());
        }
    }

    /// Moves a stopped or virtual clock forward to `moment`, for stepping; never backward.
    pub fn set(&mut self, moment: Duration) {
        self.shown = self.shown.max(moment);
    }

    /// Moves a virtual clock forward to `moment`; never backward. No effect on a real clock.
    pub fn jump_to(&mut self, moment: Duration) {
        if self.is_virtual() {
            self.set(moment);
        }
    }
}

/// Identity of a timer. Sorted by when the timer is due, then by when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerKey {
    pub due: Duration,
    sequence: u64,
}

/// All pending timers.
#[derive(Default)]
pub(crate) struct Timers {
    set: BTreeMap<TimerKey, Rc<WakeState>>,
    sequence: u64,
}

impl Timers {
    /// Sets a timer that wakes `target`.
    pub fn set(&mut self, due: Duration, target: Rc<WakeState>) -> TimerKey {
        self.sequence += 1;
        let key = TimerKey { due, sequence: self.sequence };
        self.set.insert(key, target);
        key
    }

    /// Removes a timer, if it is still pending.
    pub fn cancel(&mut self, key: TimerKey) {
        self.set.remove(&key);
    }

    /// When the next timer is due.
    pub fn next_due(&self) -> Option<Duration> {
        self.set.first_key_value().map(|(key, _)| key.due)
    }

    /// Removes the next timer that is due at `now`, and returns the component to wake.
    pub fn take_due(&mut self, now: Duration) -> Option<Rc<WakeState>> {
        let (key, _) = self.set.first_key_value()?;
        if key.due > now {
            return None;
        }
        self.set.pop_first().map(|(_, wake_state)| wake_state)
    }
}
