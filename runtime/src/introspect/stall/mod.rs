//! Stalls in words: who waits for whom when nothing can move.
//!
//! Pure functions of a snapshot. What only shows over time (starving, growing, slow) is in `stall_watch`.

use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use smallvec::SmallVec;

use crate::component::spec::EVENTS;
use crate::ids::{ComponentId, Direction};
use crate::introspect::snapshot::{ComponentView, Snapshot, State, WaitReason};
use crate::topology::LinkageDesc;

/// One sentence that names the components and boxes, for a system in which nothing can move.
pub fn explain(snapshot: &Snapshot) -> String {
    let feeders = Feeders::of(snapshot);
    let waits: Vec<Wait<'_>> = snapshot.components.iter().filter_map(|view| Wait::of(&feeders, view)).collect();
    let ring = ring(&waits);
    let is_ring = !ring.is_empty();
    let told: Vec<&Wait<'_>> =
        if is_ring { ring.iter().filter_map(|place| waits.get(*place)).collect() } else { waits.iter().collect() };
    let head =
        if is_ring { "nothing can move, because components wait for each other in a ring" } else { "nothing can move" };
    let parts = told.iter().take(TOLD).map(|wait| wait.words(snapshot)).collect::<Vec<_>>().join("; ");
    match told.len() {
        0 => head.to_owned(),
        1..=TOLD => format!("{head}: {parts}"),
        all => format!("{head}: {parts}; and {} more wait", all - TOLD),
    }
}

/// Places of components that wait for each other in a ring, in order; none if there is no ring.
fn ring(waits: &[Wait<'_>]) -> Vec<usize> {
    // Whoever waits for nobody is in no ring: only those who wait are looked at. They are in order of id.
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(waits.len(), waits.len());
    for _ in waits {
        graph.add_node(());
    }
    for (place, wait) in waits.iter().enumerate() {
        for other in &wait.on {
            if let Ok(other) = waits.binary_search_by_key(other, |wait| wait.view.id) {
                graph.add_edge(NodeIndex::new(place), NodeIndex::new(other), ());
            }
        }
    }
    let is_ring = |group: &Vec<NodeIndex>| match group.as_slice() {
        [only] => graph.contains_edge(*only, *only),
        _ => true,
    };
    let group = kosaraju_scc(&graph).into_iter().find(is_ring).unwrap_or_default();
    let mut places: Vec<usize> = group.into_iter().map(NodeIndex::index).collect();
    places.sort_unstable();
    places
}

/// So many waits are told one by one; of the others it is told how many they are.
const TOLD: usize = 4;

/// For every component that waits, what it waits for, in order of id.
pub fn waits(snapshot: &Snapshot) -> Vec<String> {
    let feeders = Feeders::of(snapshot);
    let waits = snapshot.components.iter().filter_map(|view| Wait::of(&feeders, view));
    waits.map(|wait| wait.words(snapshot)).collect()
}

/// What one component waits for, in words; `None` if it does not wait.
pub fn wait_in_words(snapshot: &Snapshot, id: ComponentId) -> Option<String> {
    let wait = Wait::of(&Feeders::of(snapshot), snapshot.component(id)?)?;
    Some(wait.words(snapshot))
}

/// The linkages into inboxes, in order of the component that they feed: found once for all components of a snapshot.
struct Feeders<'a>(Vec<&'a LinkageDesc>);

impl<'a> Feeders<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let links = snapshot.linkages.iter().map(|link| &link.desc);
        let mut links: Vec<_> = links.filter(|link| link.to.direction == Direction::Inbox).collect();
        links.sort_by_key(|link| link.to.component);
        Self(links)
    }

    /// The components that feed these inboxes of one, in order of id.
    fn sources(&self, id: ComponentId, boxes: &[Arc<str>]) -> Sources {
        let begin = self.0.partition_point(|link| link.to.component < id);
        let links = self.0.iter().skip(begin).take_while(|link| link.to.component == id);
        let mut sources: Sources =
            links.filter(|link| boxes.contains(&link.to.name)).map(|link| link.from.component).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

/// One component that waits.
struct Wait<'a> {
    view: &'a ComponentView,
    reason: &'a WaitReason,
    /// The components that could put an end to it, as far as it is for components to do so.
    on: Sources,
    /// The components that feed the boxes it waits at.
    sources: Sources,
}

/// Components that feed another: nearly always one or two.
type Sources = SmallVec<[ComponentId; 2]>;

impl<'a> Wait<'a> {
    /// `None` if it does not wait.
    fn of(feeders: &Feeders<'_>, view: &'a ComponentView) -> Option<Self> {
        let State::Waiting(reason) = &view.state else { return None };
        let (on, sources) = match reason {
            // The members say it themselves.
            WaitReason::Members => return None,
            WaitReason::Message(boxes) => {
                let sources = feeders.sources(view.id, boxes);
                // Whoever waits for the user as well is no part of a ring that nobody can break.
                (if boxes.iter().any(is_user) { Sources::new() } else { sources.clone() }, sources)
            }
            WaitReason::Room { full, .. } => (Sources::from_slice(&[full.component]), Sources::new()),
            WaitReason::Time(_) | WaitReason::Outside(_) => (Sources::new(), Sources::new()),
        };
        Some(Self { view, reason, on, sources })
    }

    fn words(&self, snapshot: &Snapshot) -> String {
        let name =
            |id: ComponentId| snapshot.component(id).map_or_else(|| id.to_string(), |view| view.name.to_string());
        let waiter = &self.view.name;
        match self.reason {
            WaitReason::Message(boxes) => {
                let (user, boxes): (Vec<_>, Vec<_>) = boxes.iter().cloned().partition(is_user);
                let names: Vec<String> = self.sources.iter().map(|id| name(*id)).collect();
                let (boxes, names) = (boxes.join(" or "), names.join(" or "));
                match (boxes.is_empty(), user.is_empty(), names.is_empty()) {
                    (true, false, _) => format!("{waiter} waits for the user"),
                    (true, true, _) => format!("{waiter} waits to be told to end"),
                    (false, false, true) => format!("{waiter} waits for the user; nothing feeds its {boxes}"),
                    (false, false, false) => {
                        format!("{waiter} waits for the user or a message on {boxes} from {names}")
                    }
                    (false, true, true) => format!("{waiter} waits for a message on {boxes}, which nothing feeds"),
                    (false, true, false) => format!("{waiter} waits for a message on {boxes} from {names}"),
                }
            }
            WaitReason::Room { outbox, full } => {
                let depth = snapshot
                    .component(full.component)
                    .and_then(|view| view.inboxes.iter().find(|inbox| inbox.name == full.name))
                    .and_then(|inbox| Some(format!(" ({} of {})", inbox.depth, inbox.capacity?)))
                    .unwrap_or_default();
                format!("{waiter} waits on {outbox} for room in {}.{}{depth}", name(full.component), full.name)
            }
            WaitReason::Time(moment) => format!("{waiter} waits until {:.3} s", moment.as_secs_f64()),
            WaitReason::Outside(label) => format!("{waiter} waits for {label}"),
            WaitReason::Members => format!("{waiter} waits for its members"),
        }
    }
}

/// Whether this is the box in which what the user does arrives.
fn is_user(inbox: &Arc<str>) -> bool {
    **inbox == *EVENTS.name
}

#[cfg(test)]
pub(crate) mod tests;
