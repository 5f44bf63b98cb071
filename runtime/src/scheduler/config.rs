//! SchedulerConfig: the settings of a scheduler, and the functions to which it reports.

use std::path::PathBuf;
use std::time::Duration;

use super::clock::ClockKind;
use super::output::{ConsoleFn, note_on_stderr};
use super::policy::Policy;
use crate::delivery::traffic::TraceFn;
use crate::introspect::record::{RecordFn, Recorded};
use crate::registry::Registry;

/// How the user of a run can interact with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum User {
    /// Nothing: there is no user.
    #[default]
    Absent,
    /// Type lines for the components that ask for them.
    AtConsole,
    /// Use every surface.
    AtWindow,
}

/// The settings of a scheduler.
pub struct SchedulerConfig {
    /// The component types that can be started.
    pub registry: Registry,
    /// Which clock the components see.
    pub clock: ClockKind,
    /// Seed of all random choices.
    pub seed: u64,
    /// Base folder for relative paths in settings.
    pub base_folder: PathBuf,
    /// How turns are distributed.
    pub policy: Policy,
    /// Called for every event that enters from outside, to record the run.
    pub record: Option<RecordFn>,
    /// A recording of the same project, whose events are replayed; nothing else enters from outside.
    pub replay: Option<Vec<Recorded>>,
    /// Speed of a replay: 1 as recorded, 2 twice as fast; `None` for as fast as possible.
    pub replay_speed: Option<f64>,
    /// Called for every delivery.
    pub trace: Option<TraceFn>,
    /// Called for every line that a component prints to the console.
    pub console: ConsoleFn,
    /// Called for every note: a component's report about itself, apart from its output.
    pub note: ConsoleFn,
    /// How the user can interact. A component that waits for the user has not stalled.
    pub user: User,
    /// Types that wait for user events that will never arrive. If a component (a chassis, for example) starts a
    /// component with one of these types, the scheduler puts `ProducerFinished` into its `_events` at once. If the
    /// application starts it, the application supplies the events.
    pub unattended: &'static [&'static str],
    /// Whether a user may restart crashed components. If so, a crash does not end the streams of the component; its
    /// receivers wait (R9, R10).
    pub awaits_repair: bool,
    /// Whether the first failure shuts down all components; for development (FAIL-7).
    pub stop_at_failure: bool,
    /// Minimum time between two published snapshots.
    pub snapshot_interval: Duration,
    /// Called when a new snapshot is published.
    pub on_snapshot: Option<Box<dyn Fn()>>,
}

impl SchedulerConfig {
    /// The defaults: real clock, seed 0, no trace, console lines discarded, notes to standard error, no user, at most 30
    /// snapshots a second.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            clock: ClockKind::Real,
            seed: 0,
            base_folder: PathBuf::new(),
            policy: Policy::RoundRobin,
            record: None,
            replay: None,
            replay_speed: None,
            trace: None,
            console: Box::new(|_, _| {}),
            note: Box::new(note_on_stderr),
            user: User::Absent,
            unattended: &[],
            awaits_repair: false,
            stop_at_failure: false,
            snapshot_interval: Duration::from_millis(33),
            on_snapshot: None,
        }
    }
}
