//! Tape: the part of a recording that has not been replayed yet. Not here: when events enter (see `replay`).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::introspect::record::{Event, Recorded};

/// The events that have not been replayed yet.
pub(crate) struct Tape {
    events: VecDeque<Recorded>,
    /// How fast to replay, relative to the recording; `None` for as fast as possible.
    speed: Option<f64>,
    /// When the replay began, on the wall clock.
    began: Instant,
}

impl Tape {
    /// A replay that begins at `now`. A `speed` that is not above zero means as fast as possible.
    pub fn new(events: Vec<Recorded>, speed: Option<f64>, now: Instant) -> Self {
        Self { events: events.into(), speed: speed.filter(|speed| *speed > 0.0), began: now }
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The pass after which the next event enters; `None` at the end.
    pub fn next_pass(&self) -> Option<u64> {
        self.events.front().map(|next| next.pass)
    }

    /// Takes the next event if it enters after at most `pass` passes and is `wanted`.
    pub fn next(&mut self, pass: u64, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let next = self.events.front()?;
        if next.pass > pass || !wanted(&next.event) {
            return None;
        }
        self.events.pop_front().map(|recorded| recorded.event)
    }

    /// How long to wait at `now` until a moment of the recording is reached; zero if it is due.
    pub fn until(&self, moment: Duration, now: Instant) -> Duration {
        let Some(speed) = self.speed else { return Duration::ZERO };
        // At a very low speed, the wait exceeds the maximum duration.
        let due = Duration::try_from_secs_f64(moment.as_secs_f64() / speed).unwrap_or(Duration::MAX);
        due.saturating_sub(now.saturating_duration_since(self.began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(pass: u64) -> Recorded {
        Recorded { pass, event: Event::Clock(Duration::from_secs(pass)) }
    }

    #[test]
    fn events_enter_after_their_pass_and_in_order() {
        let mut tape = Tape::new(vec![clock(1), clock(3)], None, Instant::now());
        assert_eq!(tape.next(0, |_| true), None);
        assert_eq!(tape.next(1, |_| false), None);
        assert_eq!(tape.next(2, |_| true), Some(clock(1).event));
        assert_eq!((tape.next_pass(), tape.next(2, |_| true)), (Some(3), None));
        assert_eq!(tape.next(3, |_| true), Some(clock(3).event));
        assert!(tape.is_empty());
    }

    #[test]
    fn the_speed_determines_how_long_to_wait_for_a_moment() {
        let (began, seconds) = (Instant::now(), Duration::from_secs);
        let until = |speed, moment, after| Tape::new(Vec::new(), speed, began).until(moment, began + seconds(after));
        for (speed, moment, after, left) in [
            (Some(1.0), 10, 4, 6),
            (Some(2.0), 10, 4, 1),
            (Some(0.5), 10, 4, 16),
            (Some(1.0), 10, 10, 0),
            (Some(1.0), 10, 11, 0),
            (None, 10, 0, 0),
            (Some(0.0), 10, 0, 0),
            (Some(f64::NAN), 10, 0, 0),
            (Some(f64::INFINITY), 10, 0, 0),
        ] {
            assert_eq!(until(speed, seconds(moment), after), seconds(left), "{moment} s at {speed:?} after {after} s");
        }
    }

    #[test]
    fn a_moment_that_is_too_far_away_for_a_duration_is_never_due() {
        let began = Instant::now();
        for (speed, moment) in
            [(1.0e-20, Duration::from_secs(1)), (f64::MIN_POSITIVE, Duration::MAX), (0.5, Duration::MAX)]
        {
            let tape = Tape::new(Vec::new(), Some(speed), began);
            assert_eq!(tape.until(moment, began), Duration::MAX, "{moment:?} at {speed}");
        }
    }
}
