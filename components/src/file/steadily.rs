//! Reading at a steady rate, as both readers do that have one.

use std::time::Duration;

use compose_runtime::dev::*;

use super::pacer::Pacer;
use crate::source::rest;

/// How much and how often, by the settings in force.
pub(super) struct Rate<A, T> {
    /// What is due at each tick, on average.
    pub per_tick: A,
    /// Time between two ticks.
    pub tick: T,
    /// Whether what is late comes in one larger piece.
    pub aggregates: bool,
}

/// Takes whole amounts at this rate until `take` says that there is no more.
pub(super) async fn steadily<A, T>(
    io: &BoxIo,
    rate: Rate<A, T>,
    mut take: impl AsyncFnMut(usize) -> Result<bool, Fault>,
) -> Outcome
where
    A: Fn(&Params) -> f64,
    T: Fn(&Params) -> Duration,
{
    let Rate { per_tick, tick, aggregates } = rate;
    let (mut pacer, mut due) = (Pacer::default(), io.now());
    loop {
        let mut amount = pacer.next(per_tick(&io.params()));
        while aggregates && due.saturating_add(tick(&io.params())) <= io.now() {
            due += tick(&io.params());
            amount += pacer.next(per_tick(&io.params()));
        }
        if amount > 0 && !take(amount).await? {
            return Ok(());
        }
        due = rest(io, due, &tick).await;
    }
}
