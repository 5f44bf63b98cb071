//! Tape: the part of a recording that has not been replayed yet. Not here: when events enter (see `replay`).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::introspect::record::{Event, Recorded};

/// The events that have not been replayed yet.
pub(crate) struct Tape {
    events: VecDeque<Recorded>,
    /// How fast to replay, relative to the recording; `None` for as fast as possible.
    speed: Option<f64>,
    began: Instant,
}

impl Tape {
    pub fn new(events: Vec<Recorded>, speed: Option<f64>) -> Self {
        Self { events: events.into(), speed: speed.filter(|speed| *speed > 0.0), began: Instant::now() }
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

    /// How long to wait until a moment of the recording is reached; zero if it is due.
    pub fn until(&self, moment: Duration) -> Duration {
        self.speed.map_or(Duration::ZERO, |speed| moment.div_f64(speed).saturating_sub(self.began.elapsed()))
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
        let mut tape = Tape::new(vec![clock(1), clock(3)], None);
        assert_eq!(tape.next(0, |_| true), None);
        assert_eq!(tape.next(1, |_| false), None);
        assert_eq!(tape.next(2, |_| true), Some(clock(1).event));
        assert_eq!((tape.next_pass(), tape.next(2, |_| true)), (Some(3), None));
        assert_eq!(tape.next(3, |_| true), Some(clock(3).event));
        assert!(tape.is_empty());
    }
}
