//! How a scheduler is set up, and what it reports to whoever set it up.

use std::path::PathBuf;
use std::time::Duration;

use super::clock::ClockKind;
use super::output::{ConsoleFn, note_on_stderr};
use super::policy::Policy;
use crate::delivery::traffic::TraceFn;
use crate::introspect::record::{RecordFn, Recorded};
use crate::registry::Registry;

/// What the user of a run can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum User {
    /// Nothing: nobody is there.
    #[default]
    Absent,
    /// Type lines for components that ask for them.
    AtConsole,
    /// Use every surface.
    AtWindow,
}

/// How a scheduler is set up.
pub struct SchedulerConfig {
    /// The types of component that can be started.
    pub registry: Registry,
    /// Which clock the components see.
    pub clock: ClockKind,
    /// Seed of everything that is chosen by chance.
    pub seed: u64,
    /// Folder that relative paths in settings start from.
    pub base_folder: PathBuf,
    /// How turns are given out.
    pub policy: Policy,
    /// Called for everything that enters from outside.
    pub record: Option<RecordFn>,
    /// What enters from outside, instead of the outside: a recording of the same project.
    pub replay: Option<Vec<Recorded>>,
    /// How fast a replay goes: 1 as recorded, 2 twice as fast; `None` as fast as it can.
    pub replay_speed: Option<f64>,
    /// Called for every delivery.
    pub trace: Option<TraceFn>,
    /// Called for every console line.
    pub console: ConsoleFn,
    /// Called for every note: what a component has to say about itself, apart from its work.
    pub note: ConsoleFn,
    /// What the user can do; waiting for it is not a stall.
    pub user: User,
    /// Types that wait for what nobody will do. One that another component starts, as a chassis does, is told so at once, by
    /// `ProducerFinished` in its `_events`; whoever starts one from outside puts in what there is for it.
    pub unattended: &'static [&'static str],
    /// Whether somebody may start again what has crashed. Then a crash is a pause for those it feeds and not the end of
    /// their streams (R9, R10).
    pub awaits_repair: bool,
    /// Whether the first failure ends everything, in order: for development (FAIL-7).
    pub stop_at_failure: bool,
    /// Shortest time between two published snapshots.
    pub snapshot_interval: Duration,
    /// Called when a new snapshot is there.
    pub on_snapshot: Option<Box<dyn Fn()>>,
}

impl SchedulerConfig {
    /// Real clock, seed 0, no trace, console thrown away, notes to standard error, nobody present, 30 snapshots a second at
    /// most.
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
