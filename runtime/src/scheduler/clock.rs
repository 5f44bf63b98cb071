//! Clock and timers: components see the runtime's time, not the wall clock (R11).
//!
//! A real clock follows the wall clock and stops during pauses. A virtual clock jumps to the next timer when no component is
//! ready. Owned by the scheduler; components see only the moment at which the current pass began (SCHED-20).
//! Invariant: neither the clock nor a timer is ever later than [`LATEST`].

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::delivery::wake_state::WakeState;

/// The latest time that the clock can show: half the maximum duration. A component that adds a span to the time
/// therefore does not overflow, even if a recording, a step or an endless timer has moved the clock to this limit.
pub(crate) const LATEST: Duration = Duration::from_secs(u64::MAX / 2);

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
    made: Instant,
}

impl Clock {
    pub fn new(kind: ClockKind) -> Self {
        let started = (kind == ClockKind::Real).then(Instant::now);
        Self { kind, shown: Duration::ZERO, started, made: Instant::now() }
    }

    pub fn is_virtual(&self) -> bool {
        self.kind == ClockKind::Virtual
    }

    pub fn read(&self) -> Duration {
        self.read_at(Instant::now())
    }

    /// The time at a moment of the wall clock. For callers that have already read the wall clock, because reading it
    /// has a cost.
    pub fn read_at(&self, moment: Instant) -> Duration {
        let since = self.started.map_or(Duration::ZERO, |started| moment.saturating_duration_since(started));
        self.shown.saturating_add(since).min(LATEST)
    }

    /// How far a virtual clock is behind the wall clock, both counted from the beginning; zero for a real clock.
    pub fn lag(&self) -> Duration {
        if self.is_virtual() { self.made.elapsed().saturating_sub(self.shown) } else { Duration::ZERO }
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
        self.shown = self.shown.max(moment.min(LATEST));
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
    /// Sets a timer that wakes `target` at `due`, or at [`LATEST`] if that is earlier.
    pub fn set(&mut self, due: Duration, target: Rc<WakeState>) -> TimerKey {
        self.sequence += 1;
        let key = TimerKey { due: due.min(LATEST), sequence: self.sequence };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ComponentId;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    fn target(slot: u32) -> Rc<WakeState> {
        Rc::new(WakeState::new(ComponentId(0), slot))
    }

    /// The slots that are woken at `now`, in order.
    fn woken(timers: &mut Timers, now: Duration) -> Vec<u32> {
        std::iter::from_fn(|| timers.take_due(now)).map(|target| target.slot).collect()
    }

    #[test]
    fn timers_are_due_in_the_order_of_time_and_then_of_setting() {
        let mut timers = Timers::default();
        for (slot, due) in [(1, 5), (2, 3), (3, 5), (4, 3), (5, 9)] {
            timers.set(seconds(due), target(slot));
        }
        assert_eq!(timers.next_due(), Some(seconds(3)));
        assert_eq!(woken(&mut timers, seconds(2)), [0; 0]);
        assert_eq!(woken(&mut timers, seconds(5)), [2, 4, 1, 3]);
        assert_eq!(timers.next_due(), Some(seconds(9)));
        assert_eq!(woken(&mut timers, seconds(9)), [5]);
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn a_cancelled_timer_wakes_no_component_and_others_of_the_same_moment_stay() {
        let mut timers = Timers::default();
        let first = timers.set(seconds(1), target(1));
        timers.set(seconds(1), target(2));
        timers.cancel(first);
        timers.cancel(first);
        assert_eq!(woken(&mut timers, seconds(1)), [2]);
    }

    #[test]
    fn a_real_clock_follows_the_wall_clock_and_stops_during_pauses() {
        let mut clock = Clock::new(ClockKind::Real);
        let started = clock.started.unwrap_or_else(Instant::now);
        assert_eq!(clock.read_at(started + seconds(5)), seconds(5));
        assert_eq!(clock.read_at(started.checked_sub(seconds(1)).unwrap_or(started)), Duration::ZERO);
        clock.jump_to(seconds(100));
        assert_eq!(clock.read_at(started), Duration::ZERO, "a real clock does not jump");
        clock.stop();
        let stopped = clock.shown;
        assert_eq!(clock.read_at(started + seconds(100)), stopped);
        clock.set(stopped + seconds(7));
        clock.go();
        let again = clock.started.unwrap_or(started);
        assert_eq!(clock.read_at(again + seconds(1)), stopped + seconds(8));
    }

    #[test]
    fn a_virtual_clock_jumps_forward_only() {
        let mut clock = Clock::new(ClockKind::Virtual);
        clock.go();
        clock.jump_to(seconds(5));
        clock.jump_to(seconds(3));
        assert_eq!((clock.is_virtual(), clock.read()), (true, seconds(5)));
    }

    #[test]
    fn no_time_is_so_late_that_a_span_cannot_be_added() {
        let mut timers = Timers::default();
        timers.set(Duration::MAX, target(1));
        for kind in [ClockKind::Real, ClockKind::Virtual] {
            let mut clock = Clock::new(kind);
            clock.set(Duration::MAX);
            let now = clock.read_at(Instant::now() + seconds(5));
            assert_eq!((now, timers.next_due()), (LATEST, Some(LATEST)));
            assert!(now.checked_add(LATEST).is_some());
        }
        assert_eq!(woken(&mut timers, LATEST), [1], "a timer without end is due at the end of the clock");
    }
}
