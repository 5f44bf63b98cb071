//! LiveView: what the canvas and the panels may show of the running system.
//!
//! The newest snapshot, joined to the ids of the document. Read-only for everyone who draws.

use std::sync::Arc;

use compose_runtime::introspect::snapshot::{ComponentView, LinkageView, RunState, Snapshot};

use crate::document::{NodeId, Wire};

/// The newest snapshot and what follows from the ones before it.
#[derive(Debug, Clone, Default)]
pub struct LiveView {
    /// The newest snapshot; kept after the end, so that the last values stay visible.
    pub snapshot: Option<Arc<Snapshot>>,
    running: bool,
}

impl LiveView {
    /// What a component does; `None` if it does not run.
    pub fn component(&self, id: NodeId) -> Option<&ComponentView> {
        self.snapshot.as_ref()?.component(id.into())
    }

    /// What went over a wire; `None` if it does not run.
    pub fn linkage(&self, wire: &Wire) -> Option<&LinkageView> {
        let desc = wire.linkage();
        self.snapshot.as_ref()?.linkages.iter().find(|view| view.desc == desc)
    }

    /// Messages a second over a wire, in the last second or so.
    pub fn wire_rate(&self, _wire: &Wire) -> f64 {
        0.0
    }

    /// Whether there is a running system, paused or not.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Whether the running system is paused.
    pub fn is_paused(&self) -> bool {
        self.running && self.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == RunState::Paused)
    }
}
