//! Stall: explains which components wait for which when no component can proceed.
//!
//! Pure functions of a snapshot. Problems that show only over time (starving, growing, slow) are in `stall_watch`.

use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use smallvec::SmallVec;

use crate::component::spec::EVENTS;
use crate::ids::{ComponentId, Direction};
use crate::introspect::snapshot::{ComponentView, Snapshot, State, WaitReason};
use crate::topology::LinkageDesc;

/// One sentence that names the components and boxes, for a system in which no component can proceed.
pub fn explain(snapshot: &Snapshot) -> String {
    let feeders = Feeders::of(snapshot);
    let waits: Vec<Wait<'_>> = snapshot.components.iter().filter_map(|view| Wait::of(&feeders, view)).collect();
    let ring = ring(&waits);
    let is_ring = !ring.is_empty();
    let shown: Vec<&Wait<'_>> =
        if is_ring { ring.iter().filter_map(|index| waits.get(*index)).collect() } else { waits.iter().collect() };
    let head = if is_ring {
        "nothing can move, because components are waiting for each other in a ring"
    } else {
        "nothing can move"
    };
    let parts = shown.iter().take(SHOWN).map(|wait| wait.text(snapshot)).collect::<Vec<_>>().join("; ");
    match shown.len() {
        0 => head.to_owned(),
        1..=SHOWN => format!("{head}: {parts}"),
        all => format!("{head}: {parts}; and {} more are waiting", all - SHOWN),
    }
}

/// Indices in `waits` of components that wait for each other in a ring, in order; empty if there is no ring.
fn ring(waits: &[Wait<'_>]) -> Vec<usize> {
    // Only components that wait can be in a ring. `waits` is in order of id.
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(waits.len(), waits.len());
    for _ in waits {
        graph.add_node(());
    }
    for (index, wait) in waits.iter().enumerate() {
        for other in &wait.on {
            if let Ok(other) = waits.binary_search_by_key(other, |wait| wait.view.id) {
                graph.add_edge(NodeIndex::new(index), NodeIndex::new(other), ());
            }
        }
    }
    let is_ring = |group: &Vec<NodeIndex>| match group.as_slice() {
        [only] => graph.contains_edge(*only, *only),
        _ => true,
    };
    let group = kosaraju_scc(&graph).into_iter().find(is_ring).unwrap_or_default();
    let mut indices: Vec<usize> = group.into_iter().map(NodeIndex::index).collect();
    indices.sort_unstable();
    indices
}

/// Number of waits described individually; the others are only counted.
const SHOWN: usize = 4;

/// For every waiting component, in order of id, a sentence that describes its wait.
pub fn waits(snapshot: &Snapshot) -> Vec<String> {
    let feeders = Feeders::of(snapshot);
    let waits = snapshot.components.iter().filter_map(|view| Wait::of(&feeders, view));
    waits.map(|wait| wait.text(snapshot)).collect()
}

/// A sentence that describes one component's wait; `None` if it does not wait.
pub fn wait_text(snapshot: &Snapshot, id: ComponentId) -> Option<String> {
    let wait = Wait::of(&Feeders::of(snapshot), snapshot.component(id)?)?;
    Some(wait.text(snapshot))
}

/// The linkages into inboxes, sorted by the component that they feed; computed once per snapshot.
struct Feeders<'a>(Vec<&'a LinkageDesc>);

impl<'a> Feeders<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let links = snapshot.linkages.iter().map(|link| &link.desc);
        let mut links: Vec<_> = links.filter(|link| link.to.direction == Direction::Inbox).collect();
        links.sort_by_key(|link| link.to.component);
        Self(links)
    }

    /// The components that feed these inboxes of a component, in order of id.
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
    /// The components that could end the wait; empty if the user or an outside event can end it.
    on: Sources,
    /// The components that feed the boxes on which it waits.
    sources: Sources,
}

/// Components that feed another one: nearly always one or two.
type Sources = SmallVec<[ComponentId; 2]>;

impl<'a> Wait<'a> {
    /// `None` if it does not wait.
    fn of(feeders: &Feeders<'_>, view: &'a ComponentView) -> Option<Self> {
        let State::Waiting(reason) = &view.state else { return None };
        let (on, sources) = match reason {
            // The waits of its members are listed separately.
            WaitReason::Members => return None,
            WaitReason::Message(boxes) => {
                let sources = feeders.sources(view.id, boxes);
                // A component that also waits for the user is not part of a deadlock: the user can break the ring.
                (if boxes.iter().any(is_user) { Sources::new() } else { sources.clone() }, sources)
            }
            WaitReason::Space { full, .. } => (Sources::from_slice(&[full.component]), Sources::new()),
            WaitReason::Time(_) | WaitReason::Outside(_) => (Sources::new(), Sources::new()),
        };
        Some(Self { view, reason, on, sources })
    }

    fn text(&self, snapshot: &Snapshot) -> String {
        let name =
            |id: ComponentId| snapshot.component(id).map_or_else(|| id.to_string(), |view| view.name.to_string());
        let waiter = &self.view.name;
        match self.reason {
            WaitReason::Message(boxes) => {
                let (user, boxes): (Vec<_>, Vec<_>) = boxes.iter().cloned().partition(is_user);
                let names: Vec<String> = self.sources.iter().map(|id| name(*id)).collect();
                let (boxes, names) = (boxes.join(" or "), names.join(" or "));
                match (boxes.is_empty(), user.is_empty(), names.is_empty()) {
                    (true, false, _) => format!("{waiter} is waiting for the user"),
                    (true, true, _) => format!("{waiter} is waiting for a control message"),
                    (false, false, true) => format!("{waiter} is waiting for the user; nothing feeds its {boxes}"),
                    (false, false, false) => {
                        format!("{waiter} is waiting for the user or a message on {boxes} from {names}")
                    }
                    (false, true, true) => format!("{waiter} is waiting for a message on {boxes}, which nothing feeds"),
                    (false, true, false) => format!("{waiter} is waiting for a message on {boxes} from {names}"),
                }
            }
            WaitReason::Space { outbox, full } => {
                let depth = snapshot
                    .component(full.component)
                    .and_then(|view| view.inboxes.iter().find(|inbox| inbox.name == full.name))
                    .and_then(|inbox| Some(format!(" ({} of {})", inbox.depth, inbox.capacity?)))
                    .unwrap_or_default();
                format!("{waiter} is waiting on {outbox} for space in {}.{}{depth}", name(full.component), full.name)
            }
            WaitReason::Time(moment) => format!("{waiter} is waiting until {:.3} s", moment.as_secs_f64()),
            WaitReason::Outside(label) => format!("{waiter} is waiting for {label}"),
            WaitReason::Members => format!("{waiter} is waiting for its members"),
        }
    }
}

/// Whether this is the inbox for actions of the user.
fn is_user(inbox: &Arc<str>) -> bool {
    **inbox == *EVENTS.name
}

#[cfg(test)]
pub(crate) mod tests;
