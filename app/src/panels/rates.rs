//! Rates: how fast each component takes, gives and works, over the last second and the last minute.
//!
//! Fed with snapshots; pure. Counters of a snapshot only grow, so a rate is a difference.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose_runtime::introspect::snapshot::Snapshot;

use self::stretch::Stretch;
use crate::document::NodeId;

pub mod stretch;

/// How many seconds of history are kept for the curves.
const HISTORY: usize = 60;

/// How much of the past is kept, on the runtime's clock.
pub const SPAN: Duration = Duration::from_mins(1);

/// Up to this many components the past is taken from every snapshot, else only as often as rates.
const MOST_LANES: usize = 300;

/// How often rates are taken.
const INTERVAL: Duration = Duration::from_millis(500);

/// Rates of one component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComponentRates {
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

/// Rates of all components.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    components: BTreeMap<NodeId, ComponentRates>,
    total: f64,
    total_history: Vec<f32>,
    before: Option<(Instant, Arc<Snapshot>)>,
    /// The last snapshot that the past was taken from.
    looked: Option<Arc<Snapshot>>,
}

impl Rates {
    /// Takes a snapshot into account that was made at `now`. Gives whether the rates changed.
    pub fn take(&mut self, snapshot: &Arc<Snapshot>, now: Instant) -> bool {
        let has_changed = self.take_rates(snapshot, now);
        if snapshot.components.len() <= MOST_LANES || has_changed {
            self.take_past(snapshot);
        }
        has_changed
    }

    /// What everybody did since the last look.
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

    fn take_rates(&mut self, snapshot: &Arc<Snapshot>, now: Instant) -> bool {
        let Some((then, before)) = &self.before else {
            self.before = Some((now, Arc::clone(snapshot)));
            return true;
        };
        if snapshot.number < before.number || snapshot.deliveries < before.deliveries {
            *self = Self { before: Some((now, Arc::clone(snapshot))), ..Self::default() };
            return true;
        }
        let elapsed = now.duration_since(*then);
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
        self.total = snapshot.deliveries.saturating_sub(before.deliveries) as f64 / seconds;
        push(&mut self.total_history, self.total as f32);
        self.before = Some((now, Arc::clone(snapshot)));
        true
    }

    /// Forgets everything: another run begins.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The rates of a component.
    pub fn of(&self, id: NodeId) -> Option<&ComponentRates> {
        self.components.get(&id)
    }

    /// Deliveries a second, over all links.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Deliveries a second, oldest first.
    pub fn total_history(&self) -> &[f32] {
        &self.total_history
    }
}

fn push(history: &mut Vec<f32>, value: f32) {
    history.push(value);
    let surplus = history.len().saturating_sub(HISTORY * 2);
    history.drain(..surplus);
}

/// A rate in few characters, with thin spaces between thousands.
pub fn rate_text(rate: f64) -> String {
    if rate <= 0.0 {
        "0".to_owned()
    } else if rate < 10.0 {
        format!("{rate:.1}")
    } else if rate < 100_000.0 {
        count_text(rate.round() as u64)
    } else if rate < 1.0e6 {
        format!("{:.0} k", rate / 1.0e3)
    } else {
        format!("{:.1} M", rate / 1.0e6)
    }
}

/// A whole number with thin spaces between thousands.
pub fn count_text(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// A moment of the runtime's clock, as `00:12.4`.
pub fn clock_text(clock: Duration) -> String {
    let tenths = clock.as_millis() / 100;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    if minutes >= 60 {
        return format!("{}:{:02}:{:02}", minutes / 60, minutes % 60, rest / 10);
    }
    format!("{minutes:02}:{:02}.{}", rest / 10, rest % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_short() {
        for (rate, text) in [(0.0, "0"), (0.93, "0.9"), (93.2, "93"), (1204.0, "1\u{2009}204"), (2.54e6, "2.5 M")] {
            assert_eq!(rate_text(rate), text);
        }
        assert_eq!(count_text(1_234_567), "1\u{2009}234\u{2009}567");
    }

    #[test]
    fn a_clock_shows_minutes_and_tenths() {
        assert_eq!(clock_text(Duration::from_millis(12_430)), "00:12.4");
        assert_eq!(clock_text(Duration::from_secs(3725)), "1:02:05");
    }
}
