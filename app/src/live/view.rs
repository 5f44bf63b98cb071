//! LiveView: what the canvas and the panels may show of the running system.
//!
//! The newest snapshot, joined to the ids of the document, with rates and console. Written by `Live` once a frame,
//! read-only for everyone who draws. After the end the last values stay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::{
    ComponentView, DeliverySample, LinkageView, RunState, Snapshot, TAP_LIMIT,
};
use compose_runtime::introspect::stall_watch::Sign;
use compose_runtime::surface::Surface;

use super::console::Console;
use super::rates::{ComponentRate, Rates};
use super::seen::Seen;
use crate::document::{COMPOSITE, NodeId, Wire};

/// The newest snapshot and what follows from the ones before it.
#[derive(Debug, Clone, Default)]
pub struct LiveView {
    /// The newest snapshot; kept after the end, so that the last values stay visible.
    pub snapshot: Option<Arc<Snapshot>>,
    pub(super) console: Console,
    pub(super) is_running: bool,
    pub(super) is_paused: bool,
    rates: Rates,
    now: Duration,
    /// When the snapshot came, on the same clock.
    came: Duration,
    /// How many instances every chassis has going.
    instances: BTreeMap<NodeId, usize>,
    /// What went over each link, as far as snapshots showed it.
    seen: Seen,
    /// Places of linkages in the snapshot, if they are not in order there.
    places: BTreeMap<Wire, usize>,
}

impl LiveView {
    /// A view of this snapshot, as if it were running.
    #[cfg(test)]
    pub fn of_snapshot(snapshot: Snapshot) -> Self {
        let mut view = Self { is_running: true, ..Self::default() };
        view.take(Arc::new(snapshot), Duration::ZERO);
        view
    }

    /// What a component does; `None` if it does not run.
    pub fn component(&self, id: NodeId) -> Option<&ComponentView> {
        self.snapshot.as_ref()?.component(id.into())
    }

    /// How many instances of a template a chassis has going.
    pub fn instances_of(&self, chassis: NodeId) -> usize {
        self.instances.get(&chassis).copied().unwrap_or_default()
    }

    /// What went over a wire; `None` if it does not run.
    pub fn linkage(&self, wire: &Wire) -> Option<&LinkageView> {
        let linkages = &self.snapshot.as_ref()?.linkages;
        if self.places.is_empty() {
            let desc = wire.linkage();
            let place = linkages.binary_search_by(|view| view.desc.cmp(&desc)).ok()?;
            return linkages.get(place);
        }
        linkages.get(*self.places.get(wire)?)
    }

    /// The last messages over a wire, oldest first: all that were kept since it was tapped, and before them those that
    /// snapshots happened to show. `None` if nothing went over it.
    pub fn messages(&self, wire: &Wire) -> Option<Arc<Vec<DeliverySample>>> {
        let linkage = self.linkage(wire)?;
        let tap = linkage.tap.as_ref().filter(|tap| !tap.is_empty());
        if let Some(tap) = tap.filter(|tap| tap.len() == TAP_LIMIT) {
            return Some(Arc::clone(tap));
        }
        let first = tap.and_then(|tap| tap.first()).map_or(u64::MAX, |sample| sample.sequence);
        let before = self.seen.before(&linkage.desc, first).cloned();
        let all: Vec<DeliverySample> = before.chain(tap.into_iter().flat_map(|tap| tap.iter().cloned())).collect();
        (!all.is_empty()).then(|| Arc::new(all))
    }

    /// Messages a second over a wire, in the last second or so.
    pub fn wire_rate(&self, wire: &Wire) -> f64 {
        if self.is_running { self.rates.of_link(&wire.linkage(), self.now) } else { 0.0 }
    }

    /// Messages a second over a wire at even moments of the last ten seconds, oldest first; empty if it does not run.
    pub fn wire_curve(&self, wire: &Wire) -> Vec<f32> {
        if self.is_running { self.rates.curve_of_link(&wire.linkage(), self.now) } else { Vec::new() }
    }

    /// Deliveries a second of the whole system, lately.
    pub fn delivery_rate(&self) -> f64 {
        if self.is_running { self.rates.of_all(self.now) } else { 0.0 }
    }

    /// How fast a component works; `None` if that is not known yet. Kept after the end.
    pub fn component_rate(&self, id: NodeId) -> Option<&ComponentRate> {
        self.rates.of_component(id)
    }

    /// The lines of the console. They stay when another run begins.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// How long ago a moment of the runtime's clock was. The clock goes on while nothing happens and no snapshot comes.
    pub fn age(&self, moment: Duration) -> Duration {
        let Some(snapshot) = &self.snapshot else { return Duration::ZERO };
        let goes_on = self.is_running && !self.is_paused && snapshot.run != RunState::Ended;
        let since = if goes_on { self.now.saturating_sub(self.came) } else { Duration::ZERO };
        snapshot.clock.saturating_sub(moment) + since
    }

    /// Whether there is a running system, paused or not.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Whether the running system is paused.
    pub fn is_paused(&self) -> bool {
        self.is_running && self.is_paused
    }

    /// Whether every component of the running system has ended.
    pub fn has_ended(&self) -> bool {
        self.is_running && self.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == RunState::Ended)
    }

    /// What starves or only grows, and what holds up the others, as seen in the last seconds.
    pub fn signs(&self) -> &[Sign] {
        match &self.snapshot {
            Some(snapshot) if self.is_running => &snapshot.signs,
            _ => &[],
        }
    }

    /// The components that ask for lines on the console, with their prompt.
    pub fn prompts(&self) -> impl Iterator<Item = (&ComponentView, &str)> {
        let snapshot = self.snapshot.iter().filter(|_| self.is_running);
        let components = snapshot.flat_map(|snapshot| &snapshot.components);
        components.filter(|view| !view.state.has_ended()).filter_map(|view| match view.surface.as_deref() {
            Some(Surface::Prompt { prompt }) => Some((view, prompt.as_str())),
            _ => None,
        })
    }

    /// When to look again although nothing new happens: while a rate comes down. `None` if everything stands still.
    pub fn look_again_in(&self) -> Option<Duration> {
        (self.is_running && self.rates.are_moving()).then_some(Duration::from_millis(200))
    }

    /// Takes in the newest snapshot at this moment of the wall clock.
    pub(super) fn take(&mut self, snapshot: Arc<Snapshot>, now: Duration) {
        self.now = now;
        let is_new = self.snapshot.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &snapshot));
        self.rates.take(&snapshot, is_new, now);
        if is_new {
            self.came = now;
            self.seen.note(&snapshot.linkages);
            self.instances = instances(&snapshot);
            let is_sorted = snapshot.linkages.is_sorted_by(|one, other| one.desc <= other.desc);
            let places = snapshot.linkages.iter().enumerate().filter(|_| !is_sorted);
            self.places = places.map(|(place, view)| (Wire::from(&view.desc), place)).collect();
        }
        self.snapshot = Some(snapshot);
    }

    /// A new run begins.
    pub(super) fn begin(&mut self) {
        *self = Self { is_running: true, console: std::mem::take(&mut self.console), ..Self::default() };
    }

    /// The run is over; the last values stay.
    pub(super) fn end(&mut self) {
        self.is_running = false;
        self.is_paused = false;
        self.rates.end();
    }
}

/// Composites below a component that is none are instances of templates: documents have no such thing.
fn instances(snapshot: &Snapshot) -> BTreeMap<NodeId, usize> {
    let mut counts = BTreeMap::new();
    for view in &snapshot.components {
        if let Some(parent) = view.parent.and_then(|parent| snapshot.component(parent))
            && &*view.type_name == COMPOSITE
            && &*parent.type_name != COMPOSITE
            && !view.state.has_ended()
        {
            *counts.entry(NodeId::from(parent.id)).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use compose_runtime::command::Step;
    use compose_runtime::dev::Message;
    use compose_runtime::ids::{BoxAddr, ComponentId};
    use compose_runtime::scheduler::{ClockKind, RunLimit, Scheduler, SchedulerConfig};

    use super::*;
    use crate::live::topology_of::topology_of;
    use crate::project::format::from_text;

    #[test]
    fn the_instances_of_a_chassis_are_counted_and_do_not_confuse_the_document() {
        let (document, problems) = from_text(
            r#"{"format": "kamaelia-compose/1", "components": {
                "T": {"template": true, "graph": {"components": {"a": {"type": "PassThrough"}},
                                                  "links": ["self.inbox -> a.inbox"]}},
                "c": {"type": "Carousel", "params": {"child": "T"}},
                "p": {"graph": {"components": {"a": {"type": "PassThrough"}}, "links": []}}
            }, "links": []}"#,
        );
        assert_eq!(problems, []);
        let registry = compose_components::registry();
        let topology = topology_of(&document, &registry, &document.meta().defaults());
        let mut config = SchedulerConfig::new(registry);
        config.clock = ClockKind::Virtual;
        let mut scheduler = Scheduler::new(config);
        scheduler.reconfigure(1, Step::start_all(&topology));
        let chassis = document.find(None, "c").unwrap_or(NodeId(0));
        scheduler.put(&BoxAddr::inbox(ComponentId(chassis.0), "next"), Message::text("x"));
        scheduler.run(RunLimit::default());
        let live = LiveView::of_snapshot(scheduler.snapshot());
        let others = document.all_nodes().filter(|node| node.id != chassis);
        assert_eq!((live.instances_of(chassis), others.map(|node| live.instances_of(node.id)).sum::<usize>()), (1, 0));
        assert_eq!(live.component(chassis).map(|view| &*view.type_name), Some("Carousel"));
    }
}
