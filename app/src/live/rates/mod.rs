//! Rates: how fast messages go over links, and how fast components work. The one owner of everything that is a
//! difference between snapshots.

pub mod components;
pub mod links;
pub mod stretch;

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::Snapshot;
use compose_runtime::topology::LinkageDesc;

use self::components::ComponentRates;
use self::links::{LinkRates, Rate, SPACING};
use crate::document::NodeId;

pub use self::components::{ComponentRate, SPAN};

/// The rates of a run.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    links: LinkRates,
    /// The rate of all deliveries together.
    deliveries: Rate,
    components: ComponentRates,
    /// When counts were taken in for the links.
    noted: Duration,
}

impl Rates {
    /// Takes in the newest snapshot at this moment of the wall clock. It may be the same snapshot as before.
    pub fn take(&mut self, snapshot: &Arc<Snapshot>, is_new: bool, now: Duration) {
        // Old counts slide out of the window although nothing new comes, but not in every frame.
        if is_new || now.saturating_sub(self.noted) >= SPACING / 2 {
            self.noted = now;
            self.links.note(now, &snapshot.linkages);
            self.deliveries.note(now, snapshot.deliveries);
        }
        self.components.take(snapshot, now);
    }

    /// Messages a second over a linkage.
    pub fn of_link(&self, desc: &LinkageDesc, now: Duration) -> f64 {
        self.links.of(desc, now)
    }

    /// Messages a second over a linkage in the last ten seconds, oldest first; empty if it is not known.
    pub fn curve_of_link(&self, desc: &LinkageDesc, now: Duration) -> Vec<f32> {
        self.links.curve(desc, now)
    }

    /// Deliveries a second of the whole system.
    pub fn of_all(&self, now: Duration) -> f64 {
        self.deliveries.per_second(now)
    }

    /// The rates of a component.
    pub fn of_component(&self, id: NodeId) -> Option<&ComponentRate> {
        self.components.of(id)
    }

    /// Whether the rate of a link is still above zero, so that it must be looked at again although nothing moves.
    pub fn are_moving(&self) -> bool {
        self.links.are_moving()
    }

    /// The run is over: nothing goes over links any more. The last values of components stay.
    pub fn end(&mut self) {
        self.links.clear();
    }
}
