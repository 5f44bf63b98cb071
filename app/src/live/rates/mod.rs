//! Rates: the message rates of links, and the rates and activity of components. All differences between snapshots are
//! calculated here.

pub mod component_rates;
pub mod links;
pub mod period;

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::Snapshot;
use compose_runtime::topology::LinkageDesc;

use self::component_rates::ComponentRates;
use self::links::{LinkRates, Rate, SPACING};
use crate::document::NodeId;

pub use self::component_rates::{ComponentRate, SPAN};

/// The rates of a run.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    links: LinkRates,
    /// The rate of all deliveries together.
    deliveries: Rate,
    components: ComponentRates,
    /// When the counts of the links were last added.
    noted: Duration,
}

impl Rates {
    /// Adds the newest snapshot, which may be the same as before. `now` is the time of the wall clock.
    pub fn take(&mut self, snapshot: &Arc<Snapshot>, is_new: bool, now: Duration) {
        // Old counts leave the window even without a new snapshot, but this need not be updated in every frame.
        if is_new || now.saturating_sub(self.noted) >= SPACING / 2 {
            self.noted = now;
            self.links.note(now, &snapshot.linkages);
            self.deliveries.note(now, snapshot.deliveries);
        }
        self.components.take(snapshot, now);
    }

    /// Messages per second on a linkage.
    pub fn of_link(&self, desc: &LinkageDesc, now: Duration) -> f64 {
        self.links.of(desc, now)
    }

    /// Messages per second on a linkage in the last ten seconds, oldest first; empty if the linkage is unknown.
    pub fn curve_of_link(&self, desc: &LinkageDesc, now: Duration) -> Vec<f32> {
        self.links.curve(desc, now)
    }

    /// Deliveries per second of the whole system.
    pub fn of_all(&self, now: Duration) -> f64 {
        self.deliveries.per_second(now)
    }

    /// The rates of a component.
    pub fn of_component(&self, id: NodeId) -> Option<&ComponentRate> {
        self.components.of(id)
    }

    /// Whether the rate of a link is above zero, so that it changes even if no new messages arrive.
    pub fn are_moving(&self) -> bool {
        self.links.are_moving()
    }

    /// Ends the run: the rates of links become zero, and the last values of components stay.
    pub fn end(&mut self) {
        self.links.clear();
    }
}
