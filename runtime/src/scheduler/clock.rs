//! Clock and timers: time is the runtime's (R11).
//!
//! Real time follows the wall clock minus pauses; virtual time jumps to the next timer when all sleep. Owned by the
//! scheduler; components only see the moment at which the current pass began (SCHED-20).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::delivery::wake_state::WakeState;

/// Which clock the components see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockKind {
    /// Follows the wall clock, minus pauses.
    #[default]
    Real,
    /// Jumps to the next timer when all sleep.
    Virtual,
}

/// The runtime's clock.
pub(crate) struct Clock {
    kind: ClockKind,
    /// Time shown when the clock was last started or moved.
    shown: Duration,
    /// When it was started; `None` while it is stopped or virtual.
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

    /// What it shows at a moment of the wall clock; that is not for nothing, and not to be asked twice.
    pub fn read_at(&self, moment: Instant) -> Duration {
        self.shown + self.started.map_or(Duration::ZERO, |started| moment.saturating_duration_since(started))
    }

    /// Stops it (pause, or waiting for the dial); no effect when stopped.
    pub fn stop(&mut self) {
        self.shown = self.read();
        self.started = None;
    }

    /// Lets a real clock go on; no effect when going.
    pub fn go(&mut self) {
        if self.kind == ClockKind::Real && self.started.is_none() {
            self.started = Some(Instant::now());
        }
    }

    /// Moves a stopped or virtual clock forward to `moment`, for stepping; never back.
    pub fn set(&mut self, moment: Duration) {
        self.shown = self.shown.max(moment);
    }

    /// Moves a virtual clock forward to `moment`; never back.
    pub fn jump_to(&mut self, moment: Duration) {
        if self.is_virtual() {
            self.shown = self.shown.max(moment);
        }
    }
}

/// Identity of a set timer; ordered by the moment it is due, then by the order of setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerKey {
    pub due: Duration,
    sequence: u64,
}

/// All timers that are set.
#[derive(Default)]
pub(crate) struct Timers {
    set: BTreeMap<TimerKey, Rc<WakeState>>,
    sequence: u64,
}

impl Timers {
    pub fn set(&mut self, due: Duration, target: Rc<WakeState>) -> TimerKey {
        self.sequence += 1;
        let key = TimerKey { due, sequence: self.sequence };
        self.set.insert(key, target);
        key
    }

    pub fn cancel(&mut self, key: TimerKey) {
        self.set.remove(&key);
    }

    /// The next moment at which something is due.
    pub fn next_due(&self) -> Option<Duration> {
        self.set.first_key_value().map(|(key, _)| key.due)
    }

    /// Takes one timer that is due at `now`.
    pub fn take_due(&mut self, now: Duration) -> Option<Rc<WakeState>> {
        let (key, _) = self.set.first_key_value()?;
        if key.due > now {
            return None;
        }
        self.set.pop_first().map(|(_, wake_state)| wake_state)
    }
}
