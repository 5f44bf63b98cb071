//! SafePoint: what handles may do with a scheduler between two passes.
//!
//! An interface, so that the queue into the scheduler does not depend on the scheduler itself.

use crate::command::{Step, StepOutcome};
use crate::component::Fault;
use crate::handle::wiring::{HandleError, Wiring};
use crate::ids::ComponentId;
use crate::introspect::snapshot::Snapshot;

/// A scheduler on which nothing can move, except through a bridge.
pub(crate) struct Quiet {
    /// Passes so far; while the number stays the same, no component has moved.
    pub pass: u64,
    /// Whether a component is still running.
    pub lives: bool,
    pub snapshot: Snapshot,
}

/// A scheduler at a safe point. Everything asked here is part of a recording.
pub(crate) trait SafePoint {
    /// Carries out steps; `refused` is called with the fault of each refused step.
    fn enter_steps(&mut self, batch: u64, steps: Vec<Step>, refused: &mut dyn FnMut(Fault)) -> Vec<StepOutcome>;

    /// Stops a component.
    fn enter_stop(&mut self, id: ComponentId) -> Result<(), Fault>;

    /// Makes the port of a handle.
    fn enter_attach(
        &mut self,
        target: ComponentId,
        inboxes: Vec<String>,
        outboxes: Vec<String>,
    ) -> Result<Wiring, HandleError>;

    /// The state now, if nothing can move here except through a bridge.
    fn quiet(&self) -> Option<Quiet>;
}
