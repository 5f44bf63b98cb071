//! RunContext: the part of a scheduler that components use during their turns.
//!
//! One per scheduler, behind `Rc`, touched only on its thread. Each field keeps its own invariants; the scheduler makes its
//! decisions between turns.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::clock::Timers;
use super::output::Output;
use super::ports::Ports;
use super::recorder::Recorder;
use super::request::Requests;
use super::threads::LeavingThreads;
use crate::delivery::run_queue::RunQueue;
use crate::delivery::traffic::Traffic;
use crate::introspect::record::{Event, PortEvent};
use crate::template::Template;
use crate::tracker::Tracker;
use crate::turn_watch::TurnWatch;

/// The state that components share with their scheduler.
pub(crate) struct RunContext {
    pub run_queue: RunQueue,
    pub traffic: Traffic,
    pub timers: RefCell<Timers>,
    pub tracker: RefCell<Tracker>,
    /// Templates of the project, by name.
    pub templates: RefCell<BTreeMap<Arc<str>, Arc<Template>>>,
    pub requests: Requests,
    pub ports: Ports,
    pub threads: LeavingThreads,
    pub output: Output,
    pub turn_watch: Arc<TurnWatch>,
    pub recorder: Recorder,
    /// Events come from a recording instead of from outside.
    pub is_replay: bool,
    /// Seed of all random choices of the run.
    pub seed: u64,
    /// Base folder for relative paths in settings.
    pub base_folder: PathBuf,
    /// Increases with every change of components, boxes and links.
    pub revision: Revision,
}

/// The revision of the running topology.
pub(crate) struct Revision(Cell<u64>);

impl Default for Revision {
    fn default() -> Self {
        Self(Cell::new(1))
    }
}

impl Revision {
    pub fn get(&self) -> u64 {
        self.0.get()
    }

    /// Notes a change of components, boxes or links.
    pub fn increase(&self) {
        self.0.set(self.0.get() + 1);
    }
}

impl RunContext {
    /// Records an event that entered at this safe point, if the run is recorded.
    pub fn record(&self, event: impl FnOnce() -> Event) {
        self.recorder.record(self.traffic.pass(), event);
    }

    /// Records an event that became visible at the near end of a port.
    pub fn record_port(&self, number: u64, event: PortEvent) {
        self.record(|| Event::Port(number, event));
    }
}
