//! Shutdown: whether the run was asked to end, and how long components may take to end.

use std::time::{Duration, Instant};

/// How long components may take to finish before they are asked to end at once, in real time.
const PATIENCE: Duration = Duration::from_secs(2);

/// The end of a run.
#[derive(Default)]
pub(crate) struct Shutdown {
    asked_at: Option<Instant>,
    is_quit: bool,
}

impl Shutdown {
    /// Notes that all components were asked to end; the time for them starts again.
    pub fn begin(&mut self) {
        self.asked_at = Some(Instant::now());
    }

    pub fn has_begun(&self) -> bool {
        self.asked_at.is_some()
    }

    /// How much time components have left to finish, in real time; `None` if they were not asked to.
    pub fn time_left(&self) -> Option<Duration> {
        self.asked_at.map(|asked_at| PATIENCE.saturating_sub(asked_at.elapsed()))
    }

    /// Stops the run now, whatever components are doing.
    pub fn quit(&mut self) {
        self.is_quit = true;
    }

    pub fn is_quit(&self) -> bool {
        self.is_quit
    }
}
