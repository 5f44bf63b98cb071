//! SafePoint: the operations that handles can carry out on a scheduler between two passes.
//!
//! A trait, so that the queue into the scheduler does not depend on the scheduler itself.

use super::graph::error::GraphError;
use crate::command::{Step, StepOutcome};
use crate::handle::wiring::{HandleError, Wiring};
use crate::ids::ComponentId;
use crate::introspect::snapshot::Snapshot;

/// The state of a scheduler on which no component can continue except through a bridge.
pub(crate) struct Quiet {
    /// Number of passes so far; while it stays the same, no component has had a turn.
    pub pass: u64,
    /// Whether a component is still running.
    pub lives: bool,
    pub snapshot: Snapshot,
}

/// A scheduler at a safe point. Changes made here are recorded.
pub(crate) trait SafePoint {
    /// Carries out steps; `refused` is called with the error of each refused step.
    fn enter_steps(&mut self, batch: u64, steps: Vec<Step>, refused: &mut dyn FnMut(GraphError)) -> Vec<StepOutcome>;

    /// Stops a component.
    fn enter_stop(&mut self, id: ComponentId) -> Result<(), GraphError>;

    /// Makes the port of a handle.
    fn enter_attach(
        &mut self,
        target: ComponentId,
        inboxes: Vec<String>,
        outboxes: Vec<String>,
    ) -> Result<Wiring, HandleError>;

    /// The state now, if no component here can continue except through a bridge.
    fn quiet(&self) -> Option<Quiet>;
}
