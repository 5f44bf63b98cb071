//! RunLimit and RunEnd: when a run stops, and why it stopped.

use std::time::Duration;

use super::clock::Clock;

/// When to stop running.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimit {
    /// Stop when the runtime's clock reaches this time.
    pub clock: Option<Duration>,
    /// Stop when a virtual clock has fallen behind the wall clock by this much. The clock does not advance while components and outside
    /// tasks keep each other busy, so without this limit, such a run may never reach the limit of the clock.
    pub lag: Option<Duration>,
    /// Stop after this many passes.
    pub passes: Option<u64>,
    /// Continue when every component has ended or the run has stalled, because a command may change something; stop when a
    /// command shuts the run down.
    pub wait_for_commands: bool,
}

impl RunLimit {
    /// Whether the run must stop now, with this clock and after this many passes.
    pub(super) fn is_reached(&self, clock: &Clock, passes: u64) -> bool {
        self.clock.is_some_and(|limit| clock.read() >= limit)
            || self.lag.is_some_and(|limit| clock.lag() >= limit)
            || self.passes.is_some_and(|limit| passes >= limit)
    }
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every component has ended.
    Ended,
    /// No component can continue; the text names the components that wait and what they wait for.
    Stalled(String),
    /// One of the limits of the run is reached.
    LimitReached,
    /// A command stopped the run, or the last handle was dropped.
    Quit,
}
