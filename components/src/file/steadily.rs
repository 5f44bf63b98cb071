//! Reads at a steady rate; shared by the two readers that have a rate.

use std::time::Duration;

use compose_runtime::dev::*;

use super::pacer::Pacer;
use crate::source::wait;

/// The amount per tick and the tick length, computed from the current settings.
pub(super) struct Rate<A, T> {
    /// Average amount per tick.
    pub per_tick: A,
    /// Time between two ticks.
    pub tick: T,
    /// Whether late amounts are merged into one larger piece.
    pub aggregates: bool,
}

/// Calls `take` with whole amounts at this rate until it returns false.
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
        due = wait(io, due, &tick).await;
    }
}
