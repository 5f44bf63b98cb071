//! Dial: pause, speed and single steps (R11).
//!
//! At a speed below full, each delivery uses up credit, and credit grows with real time. Not here: how a step or a slow
//! run stops inside a turn (see `pace`).

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

/// What the dial allows now.
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
    pub fn new() -> Self {
        Self { is_paused: false, speed: Speed::Full, step: None, credit: 0.0, credited_at: Instant::now() }
    }

    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// What the run may do now.
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

    pub fn resume(&mut self) {
        self.is_paused = false;
        self.step = None;
        self.credited_at = Instant::now();
    }

    /// Allows one step and stays paused.
    pub fn advance(&mut self, size: StepSize) {
        self.is_paused = true;
        self.step = Some(size);
    }

    /// Whether a step was allowed and is not done yet.
    pub fn is_stepping(&self) -> bool {
        self.step.is_some()
    }

    pub fn finish_step(&mut self) {
        self.step = None;
    }

    /// Sets the speed; a rate that is not a number means full speed.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = match speed {
            Speed::DeliveriesPerSecond(rate) if rate.is_finite() => Speed::DeliveriesPerSecond(rate.max(SLOWEST)),
            _ => Speed::Full,
        };
        self.credit = 0.0;
        self.credited_at = Instant::now();
    }

    /// Adds the credit for the time since the last call, and returns the number of deliveries that the credit allows. Credit
    /// for more than a twentieth of a second is lost.
    pub fn earn(&mut self, rate: f64) -> u64 {
        let elapsed = self.credited_at.elapsed().as_secs_f64();
        self.credited_at = Instant::now();
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

    #[test]
    fn a_step_is_allowed_while_paused_and_only_once() {
        let mut dial = Dial::new();
        assert_eq!(dial.allowed(), Allowed::Everything);
        dial.advance(StepSize::Turn);
        assert!(dial.is_paused() && dial.is_stepping());
        assert_eq!(dial.allowed(), Allowed::Step(StepSize::Turn));
        dial.finish_step();
        assert_eq!(dial.allowed(), Allowed::Nothing);
        dial.resume();
        assert_eq!(dial.allowed(), Allowed::Everything);
    }

    #[test]
    fn speeds_that_are_not_numbers_mean_full_speed() {
        let mut dial = Dial::new();
        dial.set_speed(Speed::DeliveriesPerSecond(-3.0));
        assert_eq!(dial.allowed(), Allowed::Rate(SLOWEST));
        for rate in [f64::NAN, f64::INFINITY] {
            dial.set_speed(Speed::DeliveriesPerSecond(rate));
            assert_eq!(dial.allowed(), Allowed::Everything);
        }
    }
}
