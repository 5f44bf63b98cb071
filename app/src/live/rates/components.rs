//! ComponentRates: how fast each component takes, sends and works, and what it did in the last minute.
//!
//! Pure: the caller gives snapshots and the time. Counters of a snapshot only grow, so a rate is a difference.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::Snapshot;

use super::stretch::{self, Stretch};
use crate::document::NodeId;

/// How many seconds of history are kept for the curves.
const HISTORY: usize = 60;

/// How much of the past is kept, on the runtime's clock.
pub const SPAN: Duration = Duration::from_mins(1);

/// Up to this many components the past is taken from every snapshot, else only as often as rates.
const MOST_LANES: usize = 300;

/// How often rates are taken.
const INTERVAL: Duration = Duration::from_millis(500);

/// The rates of one component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComponentRate {
    /// Messages taken a second.
    pub taken: f64,
    /// Messages sent a second.
    pub sent: f64,
    /// Share of one processor, 0 to 1.
    pub busy: f64,
    /// Messages taken and sent a second, oldest first.
    pub history: Vec<f32>,
    /// What it did in the last [`SPAN`], oldest first.
    pub past: Vec<Stretch>,
}

/// The rates of all components.
#[derive(Debug, Clone, Default)]
pub struct ComponentRates {
    components: BTreeMap<NodeId, ComponentRate>,
    before: Option<(Duration, Arc<Snapshot>)>,
    /// The last snapshot that the past was taken from.
    looked: Option<Arc<Snapshot>>,
}

impl ComponentRates {
    /// Takes in the newest snapshot at this moment of the wall clock.
    pub fn take(&mut self, snapshot: &Arc<Snapshot>, now: Duration) {
        let has_changed = self.take_rates(snapshot, now);
        if snapshot.components.len() <= MOST_LANES || has_changed {
            self.take_past(snapshot);
        }
    }

    /// What each component did since the last look.
    fn take_past(&mut self, snapshot: &Arc<Snapshot>) {
        let before = self.looked.replace(Arc::clone(snapshot));
        let Some(before) = before.filter(|before| snapshot.clock > before.clock) else { return };
        let span = (before.clock, snapshot.clock);
        for now in &snapshot.components {
            if let Some(then) = before.component(now.id) {
                let past = &mut self.components.entry(NodeId::from(now.id)).or_default().past;
                stretch::note(past, (then, now), span, snapshot.clock.saturating_sub(SPAN));
            }
        }
    }

    fn take_rates(&mut self, snapshot: &Arc<Snapshot>, now: Duration) -> bool {
        let Some((then, before)) = &self.before else {
            self.before = Some((now, Arc::clone(snapshot)));
            return true;
        };
        if snapshot.number < before.number || snapshot.deliveries < before.deliveries {
            *self = Self { before: Some((now, Arc::clone(snapshot))), ..Self::default() };
            return true;
        }
        let elapsed = now.saturating_sub(*then);
        if elapsed < INTERVAL {
            return false;
        }
        let seconds = elapsed.as_secs_f64();
        let mut components = BTreeMap::new();
        for view in &snapshot.components {
            let id = NodeId::from(view.id);
            let mut rates = self.components.remove(&id).unwrap_or_default();
            let (taken, sent, busy) = before
                .component(view.id)
                .map_or((0, 0, Duration::ZERO), |before| (before.received, before.sent, before.busy));
            rates.taken = view.received.saturating_sub(taken) as f64 / seconds;
            rates.sent = view.sent.saturating_sub(sent) as f64 / seconds;
            rates.busy = (view.busy.saturating_sub(busy).as_secs_f64() / seconds).min(1.0);
            push(&mut rates.history, (rates.taken + rates.sent) as f32);
            components.insert(id, rates);
        }
        self.components = components;
        self.before = Some((now, Arc::clone(snapshot)));
        true
    }

    /// The rates of a component.
    pub fn of(&self, id: NodeId) -> Option<&ComponentRate> {
        self.components.get(&id)
    }
}

fn push(history: &mut Vec<f32>, value: f32) {
    history.push(value);
    let surplus = history.len().saturating_sub(HISTORY * 2);
    history.drain(..surplus);
}
