//! Rounds: the compared systems take turns, so a busy machine slows all of them equally.

use crate::report::{Report, median};

/// Number of rounds of each comparison.
pub const ROUNDS: usize = 5;

/// One system: the name of its figure, the number of messages, and a function that runs it and returns the seconds it
/// took.
pub struct System {
    pub figure: &'static str,
    pub messages: u64,
    pub run: fn(u64) -> f64,
}

impl System {
    pub const fn new(figure: &'static str, messages: u64, run: fn(u64) -> f64) -> Self {
        Self { figure, messages, run }
    }
}

/// Runs all systems round by round and sets the figure of each to its median rate; a message counts as `weight`.
pub fn compare(report: &mut Report, systems: &[System], weight: f64) {
    let mut rates: Vec<Vec<f64>> = systems.iter().map(|_| Vec::new()).collect();
    for round in 0..=ROUNDS {
        for (system, rates) in systems.iter().zip(&mut rates) {
            let rate = system.messages as f64 * weight / (system.run)(system.messages);
            // The first round only warms up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    for (system, rates) in systems.iter().zip(rates) {
        report.set(system.figure, median(rates));
    }
}
