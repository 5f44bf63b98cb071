//! RunLimit and RunEnd: when a run stops, and why it stopped.

use std::time::Duration;

/// When to stop running.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimit {
    /// Stop when the runtime's clock reaches this time.
    pub clock: Option<Duration>,
    /// Stop after this many passes.
    pub passes: Option<u64>,
    /// Continue when every component has ended or the run has stalled, because a command may change something; stop when a
    /// command shuts the run down.
    pub wait_for_commands: bool,
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every component has ended.
    Ended,
    /// No component can continue; the text names the components that wait and what they wait for.
    Stalled(String),
    /// The limit of the clock or of the passes is reached.
    LimitReached,
    /// A command stopped the run, or the last handle was dropped.
    Quit,
}
