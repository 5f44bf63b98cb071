//! ComponentRates: the message rates and load of each component, and its activity in the last minute.
//!
//! Pure: the caller passes snapshots and the time. The counters of a snapshot never decrease, so a rate is a
//! difference.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::Snapshot;

use super::period::{self, Period};
use crate::document::NodeId;

/// How many seconds of history the curves show.
const HISTORY: usize = 60;

/// How much of the past is kept, in the time of the runtime's clock.
pub const SPAN: Duration = Duration::from_mins(1);

/// With more components than this, the past is updated only as often as the rates, not with every snapshot.
const MOST_LANES: usize = 300;

/// How often rates are calculated.
const INTERVAL: Duration = Duration::from_millis(500);

/// The rates of one component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComponentRate {
    /// Messages received per second.
    pub taken: f64,
    /// Messages sent per second.
    pub sent: f64,
    /// The share of one processor, from 0 to 1.
    pub busy: f64,
    /// Messages received and sent per second, oldest first.
    pub history: Vec<f32>,
    /// Its activity in the last [`SPAN`], oldest first.
    pub past: Vec<Period>,
}

/// The rates of all components.
#[derive(Debug, Clone, Default)]
pub struct ComponentRates {
    components: BTreeMap<NodeId, ComponentRate>,
    before: Option<(Duration, Arc<Snapshot>)>,
    /// The last snapshot used to update the past.
    past_of: Option<Arc<Snapshot>>,
}

impl ComponentRates {
    /// Adds the newest snapshot. `now` is the time of the wall clock.
    pub fn take(&mut self, snapshot: &Arc<Snapshot>, now: Duration) {
        let has_changed = self.take_rates(snapshot, now);
        if snapshot.components.len() <= MOST_LANES || has_changed {
            self.take_past(snapshot);
        }
    }

    /// Records what each component did since the last call.
    fn take_past(&mut self, snapshot: &Arc<Snapshot>) {
        let before = self.past_of.replace(Arc::clone(snapshot));
        let Some(before) = before.filter(|before| snapshot.clock > before.clock) else { return };
        let span = (before.clock, snapshot.clock);
        for now in &snapshot.components {
            if let Some(then) = before.component(now.id) {
                let past = &mut self.components.entry(NodeId::from(now.id)).or_default().past;
                period::note(past, (then, now), span, snapshot.clock.saturating_sub(SPAN));
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
