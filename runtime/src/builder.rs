//! RuntimeBuilder: a scheduler on a thread of its own, in one call.

use std::time::Duration;

use crate::handle::RuntimeHandle;
use crate::registry::Registry;

/// Settings of a background runtime.
pub struct RuntimeBuilder {}

/// Which clock the components see (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockKind {
    /// Follows the wall clock, minus pauses.
    #[default]
    Real,
    /// Jumps to the next timer when all sleep.
    Virtual,
}

impl RuntimeBuilder {
    /// Defaults: real clock, seed 0, snapshots every 33 ms at most.
    pub fn new(_registry: Registry) -> Self {
        unimplemented!()
    }
    /// Which clock.
    #[must_use]
    pub fn clock(self, _clock: ClockKind) -> Self {
        self
    }
    /// Folder that relative paths in settings start from.
    #[must_use]
    pub fn base_folder(self, _folder: impl Into<std::path::PathBuf>) -> Self {
        self
    }
    /// Shortest time between two snapshots.
    #[must_use]
    pub fn snapshot_interval(self, _interval: Duration) -> Self {
        self
    }
    /// Called on the scheduler thread when a new snapshot or console line is there.
    #[must_use]
    pub fn on_snapshot(self, _hook: impl Fn() + Send + 'static) -> Self {
        self
    }
    /// Starts the thread `compose-scheduler`, paused or not.
    pub fn spawn(self) -> std::io::Result<RuntimeHandle> {
        unimplemented!()
    }
}
