//! When a run stops, and why it did.

use std::time::Duration;

/// When to stop running.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimit {
    /// Stop when the runtime's clock reaches this.
    pub clock: Option<Duration>,
    /// Stop after this many passes.
    pub passes: Option<u64>,
    /// Continue when every component has ended or nothing can move, because a command may change something; stop when
    /// told to shut down.
    pub wait_for_commands: bool,
}

/// Why running stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every component has ended.
    Ended,
    /// Nothing can move; the text says which component waits for which.
    Stalled(String),
    /// The clock has reached the limit, or the passes have.
    LimitReached,
    /// A command asked for it.
    Quit,
}
