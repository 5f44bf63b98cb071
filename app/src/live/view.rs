//! LiveView: the data of the running system that the canvas and the panels show.
//!
//! It has the newest snapshot, accessible by document ids, with rates and the console. `Live` updates it once per
//! frame; drawing code only reads it. After the run ends, the last values stay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::{
    ComponentView, DeliverySample, LinkageView, RunState, Snapshot, TAP_LIMIT,
};
use compose_runtime::introspect::stall_watch::Sign;
use compose_runtime::surface::Surface;
use compose_runtime::turn_watch::TurnHolder;

use super::console::Console;
use super::link_history::LinkHistory;
use super::rates::{ComponentRate, Rates};
use crate::document::{COMPOSITE, NodeId, Wire};

/// The newest snapshot, and data derived from earlier ones.
#[derive(Debug, Clone, Default)]
pub struct LiveView {
    /// The newest snapshot. It is kept after the run ends, so that the last values stay visible.
    pub snapshot: Option<Arc<Snapshot>>,
    pub(super) console: Console,
    pub(super) is_running: bool,
    pub(super) is_paused: bool,
    /// The component that has kept its turn for more than a second.
    pub(super) held: Option<TurnHolder>,
    rates: Rates,
    now: Duration,
    /// When the snapshot arrived, on the same clock as `now`.
    came: Duration,
    /// The number of running instances of each chassis.
    instances: BTreeMap<NodeId, usize>,
    /// The messages of each link that appeared in snapshots.
    history: LinkHistory,
    /// The indices of linkages in the snapshot; empty if the linkages are sorted there.
    index_of: BTreeMap<Wire, usize>,
}

impl LiveView {
    /// A view of this snapshot, as if it were running.
    #[cfg(test)]
    pub fn of_snapshot(snapshot: Snapshot) -> Self {
        let mut view = Self { is_running: true, ..Self::default() };
        view.take(Arc::new(snapshot), Duration::ZERO);
        view
    }

    /// The state of a component; `None` if it is not in the snapshot.
    pub fn component(&self, id: NodeId) -> Option<&ComponentView> {
        self.snapshot.as_ref()?.component(id.into())
    }

    /// The component that has kept its turn for more than a second, if there is one. Everything else waits for it.
    pub fn held(&self) -> Option<&TurnHolder> {
        self.held.as_ref()
    }

    /// The number of running instances of a chassis.
    pub fn instances_of(&self, chassis: NodeId) -> usize {
        self.instances.get(&chassis).copied().unwrap_or_default()
    }

    /// The state of a wire; `None` if it is not in the snapshot.
    pub fn linkage(&self, wire: &Wire) -> Option<&LinkageView> {
        let linkages = &self.snapshot.as_ref()?.linkages;
        if self.index_of.is_empty() {
            let desc = wire.linkage();
            let index = linkages.binary_search_by(|view| view.desc.cmp(&desc)).ok()?;
            return linkages.get(index);
        }
        linkages.get(*self.index_of.get(wire)?)
    }

    /// The last messages on a wire, oldest first: those recorded by its tap, and before them those that appeared in
    /// snapshots. `None` if there are none.
    pub fn messages(&self, wire: &Wire) -> Option<Arc<Vec<DeliverySample>>> {
        let linkage = self.linkage(wire)?;
        let tap = linkage.tap.as_ref().filter(|tap| !tap.is_empty());
        if let Some(tap) = tap.filter(|tap| tap.len() == TAP_LIMIT) {
            return Some(Arc::clone(tap));
        }
        let first = tap.and_then(|tap| tap.first()).map_or(u64::MAX, |sample| sample.sequence);
        let before = self.history.before(&linkage.desc, first).cloned();
        let all: Vec<DeliverySample> = before.chain(tap.into_iter().flat_map(|tap| tap.iter().cloned())).collect();
        (!all.is_empty()).then(|| Arc::new(all))
    }

    /// Messages per second on a wire, over about the last second.
    pub fn wire_rate(&self, wire: &Wire) -> f64 {
        if self.is_running { self.rates.of_link(&wire.linkage(), self.now) } else { 0.0 }
    }

    /// Messages per second on a wire at regular moments of the last ten seconds, oldest first; empty if nothing runs.
    pub fn wire_curve(&self, wire: &Wire) -> Vec<f32> {
        if self.is_running { self.rates.curve_of_link(&wire.linkage(), self.now) } else { Vec::new() }
    }

    /// Current deliveries per second of the whole system.
    pub fn delivery_rate(&self) -> f64 {
        if self.is_running { self.rates.of_all(self.now) } else { 0.0 }
    }

    /// The rates of a component; `None` if they are not known yet. They are kept after the run ends.
    pub fn component_rate(&self, id: NodeId) -> Option<&ComponentRate> {
        self.rates.of_component(id)
    }

    /// The console. Its lines are kept when another run starts.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// How long ago a moment of the runtime's clock was. The clock advances even if no new snapshot arrives.
    pub fn age(&self, moment: Duration) -> Duration {
        let Some(snapshot) = &self.snapshot else { return Duration::ZERO };
        let is_advancing = self.is_running && !self.is_paused && snapshot.run != RunState::Ended;
        let since = if is_advancing { self.now.saturating_sub(self.came) } else { Duration::ZERO };
        snapshot.clock.saturating_sub(moment) + since
    }

    /// Whether a system is running, paused or not.
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

    /// The signs of starvation, growth and bottlenecks over the last few seconds.
    pub fn signs(&self) -> &[Sign] {
        match &self.snapshot {
            Some(snapshot) if self.is_running => &snapshot.signs,
            _ => &[],
        }
    }

    /// The running components that ask for input on the console, with their prompts.
    pub fn prompts(&self) -> impl Iterator<Item = (&ComponentView, &str)> {
        let snapshot = self.snapshot.iter().filter(|_| self.is_running);
        let components = snapshot.flat_map(|snapshot| &snapshot.components);
        components.filter(|view| !view.state.has_ended()).filter_map(|view| match view.surface.as_deref() {
            Some(Surface::Prompt { prompt }) => Some((view, prompt.as_str())),
            _ => None,
        })
    }

    /// When to draw again even if no new snapshot arrives, because a rate is falling. `None` if nothing changes.
    pub fn redraw_after(&self) -> Option<Duration> {
        (self.is_running && self.rates.are_moving()).then_some(Duration::from_millis(200))
    }

    /// Takes the newest snapshot. `now` is the time of the wall clock.
    pub(super) fn take(&mut self, snapshot: Arc<Snapshot>, now: Duration) {
        self.now = now;
        let is_new = self.snapshot.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &snapshot));
        self.rates.take(&snapshot, is_new, now);
        if is_new {
            self.came = now;
            self.history.note(&snapshot.linkages);
            self.instances = instances(&snapshot);
            let is_sorted = snapshot.linkages.is_sorted_by(|one, other| one.desc <= other.desc);
            let unsorted = snapshot.linkages.iter().enumerate().filter(|_| !is_sorted);
            self.index_of = unsorted.map(|(index, view)| (Wire::from(&view.desc), index)).collect();
        }
        self.snapshot = Some(snapshot);
    }

    /// Starts a new run.
    pub(super) fn begin(&mut self) {
        *self = Self { is_running: true, console: std::mem::take(&mut self.console), ..Self::default() };
    }

    /// Ends the run. The last values stay.
    pub(super) fn end(&mut self) {
        self.is_running = false;
        self.is_paused = false;
        self.rates.end();
    }
}

/// Counts the composites inside components that are not composites. They are instances of templates, because a document
/// cannot contain such composites.
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
    fn the_instances_of_a_chassis_are_counted_apart_from_the_document() {
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
