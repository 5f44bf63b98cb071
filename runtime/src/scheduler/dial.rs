//! Dial: pause, speed and single steps (R11).
//!
//! At a speed below full, each delivery uses up credit, and credit grows with real time. Not here: how a step or a slow
//! run stops inside a turn (see `pace`). The caller reads the wall clock.

use std::time::{Duration, Instant};

use crate::command::{Speed, StepSize};

/// Slowest speed, in deliveries per second.
const SLOWEST: f64 = 0.01;

/// How far and how fast a run may go.
pub(crate) struct Dial {
    is_paused: bool,
    speed: Speed,
    step: Option<StepSize>,
    credit: f64,
    credited_at: Instant,
}

/// The progress that the dial currently allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Allowed {
    /// Nothing: the run is paused.
    Nothing,
    /// One step of this size.
    Step(StepSize),
    /// Any number of deliveries.
    Everything,
    /// Deliveries at this rate per second.
    Rate(f64),
}

impl Dial {
    /// Full speed from `now` on.
    pub fn new(now: Instant) -> Self {
        Self { is_paused: false, speed: Speed::Full, step: None, credit: 0.0, credited_at: now }
    }

    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// The progress currently allowed.
    pub fn allowed(&self) -> Allowed {
        match (self.step, self.is_paused, self.speed) {
            (Some(size), ..) => Allowed::Step(size),
            (None, true, _) => Allowed::Nothing,
            (None, false, Speed::Full) => Allowed::Everything,
            (None, false, Speed::DeliveriesPerSecond(rate)) => Allowed::Rate(rate),
        }
    }

    pub fn pause(&mut self) {
        self.is_paused = true;
        self.step = None;
    }

    /// Continues. Time spent paused earns no credit.
    pub fn resume(&mut self, now: Instant) {
        self.is_paused = false;
        self.step = None;
        self.credited_at = now;
    }

    /// Allows one step and stays paused.
    pub fn advance(&mut self, size: StepSize) {
        self.is_paused = true;
        self.step = Some(size);
    }

    /// Whether a step was allowed and is not finished yet.
    pub fn is_stepping(&self) -> bool {
        self.step.is_some()
    }

    pub fn finish_step(&mut self) {
        self.step = None;
    }

    /// Sets the speed from `now` on; a rate that is not a number means full speed.
    pub fn set_speed(&mut self, speed: Speed, now: Instant) {
        self.speed = match speed {
            Speed::DeliveriesPerSecond(rate) if rate.is_finite() => Speed::DeliveriesPerSecond(rate.max(SLOWEST)),
            Speed::DeliveriesPerSecond(_) | Speed::Full => Speed::Full,
        };
        self.credit = 0.0;
        self.credited_at = now;
    }

    /// Adds the credit for the time from the last call until `now`, and returns the number of deliveries that the credit
    /// allows. Credit for more than a twentieth of a second is lost, except for one delivery.
    pub fn earn(&mut self, rate: f64, now: Instant) -> u64 {
        let elapsed = now.saturating_duration_since(self.credited_at).as_secs_f64();
        self.credited_at = now;
        self.credit = (self.credit + elapsed * rate).min((rate / 20.0).max(1.0));
        self.credit.floor().max(0.0) as u64
    }

    /// Uses up the credit for this many deliveries.
    pub fn spend(&mut self, deliveries: u64) {
        self.credit -= deliveries as f64;
    }

    /// How long until there is credit for the next delivery.
    pub fn until_next(&self, rate: f64) -> Duration {
        Duration::from_secs_f64(((1.0 - self.credit) / rate).clamp(0.000_1, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn a_step_is_allowed_while_paused_and_only_once() {
        let mut dial = Dial::new(Instant::now());
        assert_eq!(dial.allowed(), Allowed::Everything);
        dial.advance(StepSize::Turn);
        assert!(dial.is_paused() && dial.is_stepping());
        assert_eq!(dial.allowed(), Allowed::Step(StepSize::Turn));
        dial.finish_step();
        assert_eq!(dial.allowed(), Allowed::Nothing);
        dial.resume(Instant::now());
        assert_eq!(dial.allowed(), Allowed::Everything);
    }

    #[test]
    fn speeds_that_are_not_numbers_mean_full_speed() {
        let (mut dial, now) = (Dial::new(Instant::now()), Instant::now());
        dial.set_speed(Speed::DeliveriesPerSecond(-3.0), now);
        assert_eq!(dial.allowed(), Allowed::Rate(SLOWEST));
        for rate in [f64::NAN, f64::INFINITY] {
            dial.set_speed(Speed::DeliveriesPerSecond(rate), now);
            assert_eq!(dial.allowed(), Allowed::Everything);
        }
    }

    #[test]
    fn credit_grows_with_time_and_every_delivery_uses_it_up() {
        let began = Instant::now();
        let mut dial = Dial::new(began);
        // One delivery every 25 ms.
        assert_eq!(dial.earn(40.0, began + millis(10)), 0);
        assert_eq!(dial.until_next(40.0), millis(15));
        assert_eq!(dial.earn(40.0, began + millis(25)), 1);
        dial.spend(1);
        assert_eq!(dial.until_next(40.0), millis(25));
        assert_eq!(dial.earn(40.0, began + millis(25)), 0, "the same time is not credited twice");
        assert_eq!(dial.earn(40.0, began), 0, "time does not go backwards");
    }

    #[test]
    fn credit_for_a_long_time_is_lost() {
        let began = Instant::now();
        for (rate, most) in [(1000.0, 50), (100.0, 5), (20.0, 1), (0.5, 1)] {
            let mut dial = Dial::new(began);
            assert_eq!(dial.earn(rate, began + Duration::from_hours(1)), most, "{rate} deliveries a second");
        }
        let mut dial = Dial::new(began);
        assert!(dial.earn(f64::MAX, began + Duration::from_hours(1)) > 0);
        dial.spend(u64::MAX);
        assert_eq!(dial.until_next(f64::MAX), Duration::from_micros(100), "the shortest wait");
    }

    #[test]
    fn a_pause_and_a_new_speed_earn_no_credit() {
        let began = Instant::now();
        let mut dial = Dial::new(began);
        dial.pause();
        dial.resume(began + Duration::from_hours(1));
        assert_eq!(dial.earn(100.0, began + Duration::from_hours(1) + millis(20)), 2);
        dial.set_speed(Speed::DeliveriesPerSecond(100.0), began + Duration::from_hours(2));
        assert_eq!(dial.earn(100.0, began + Duration::from_hours(2)), 0);
    }

    #[test]
    fn the_wait_for_the_next_delivery_is_at_most_a_second() {
        let mut dial = Dial::new(Instant::now());
        assert_eq!(dial.until_next(SLOWEST), Duration::from_secs(1));
        dial.spend(1000);
        assert_eq!(dial.until_next(10.0), Duration::from_secs(1));
    }
}
