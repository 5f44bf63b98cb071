//! Stalls in words: who waits for whom when nothing can move.
//!
//! Pure functions of a snapshot.

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::snapshot::{ComponentView, Snapshot, State, WaitReason};
use crate::ids::{ComponentId, Direction};

/// One sentence that names the components and boxes, for a system in which nothing can move.
pub fn explain(snapshot: &Snapshot) -> String {
    let waits: Vec<(&ComponentView, Vec<ComponentId>, String)> =
        snapshot.components.iter().filter_map(|view| wait_of(snapshot, view)).collect();
    let mut graph: DiGraphMap<ComponentId, ()> = DiGraphMap::new();
    for (view, on, _) in &waits {
        for other in on {
            graph.add_edge(view.id, *other, ());
        }
    }
    let mut ring: Vec<ComponentId> = tarjan_scc(&graph)
        .into_iter()
        .find(|group| group.len() > 1 || group.first().is_some_and(|only| graph.contains_edge(*only, *only)))
        .unwrap_or_default();
    ring.sort_unstable();
    let is_ring = !ring.is_empty();
    let told: Vec<&String> =
        waits.iter().filter(|(view, ..)| !is_ring || ring.contains(&view.id)).map(|(.., words)| words).collect();
    let head =
        if is_ring { "nothing can move, because components wait for each other in a ring" } else { "nothing can move" };
    match told.as_slice() {
        [] => head.to_owned(),
        [first @ .., last] if first.len() < 4 => {
            let mut parts: Vec<&str> = first.iter().map(|words| words.as_str()).collect();
            parts.push(last);
            format!("{head}: {}", parts.join("; "))
        }
        all => {
            let parts: Vec<&str> = all.iter().take(4).map(|words| words.as_str()).collect();
            format!("{head}: {}; and {} more wait", parts.join("; "), all.len() - 4)
        }
    }
}

/// What one component waits for: on whom, and in words.
fn wait_of<'a>(
    snapshot: &'a Snapshot,
    view: &'a ComponentView,
) -> Option<(&'a ComponentView, Vec<ComponentId>, String)> {
    let State::Waiting(reason) = &view.state else { return None };
    let name = |id: ComponentId| snapshot.component(id).map_or_else(|| id.to_string(), |view| view.name.to_string());
    match reason {
        WaitReason::Message(boxes) => {
            let mut sources = Vec::new();
            for link in &snapshot.linkages {
                let to = &link.desc.to;
                if to.component == view.id && to.direction == Direction::Inbox && boxes.contains(&to.name) {
                    sources.push(link.desc.from.component);
                }
            }
            sources.sort_unstable();
            sources.dedup();
            let boxes = boxes.join(" or ");
            let words = if sources.is_empty() {
                format!("{} waits for a message on {boxes}, which nothing feeds", view.name)
            } else {
                let names: Vec<String> = sources.iter().map(|id| name(*id)).collect();
                format!("{} waits for a message on {boxes} from {}", view.name, names.join(" or "))
            };
            Some((view, sources, words))
        }
        WaitReason::Room { outbox, full } => {
            let depth = snapshot
                .component(full.component)
                .and_then(|view| view.inboxes.iter().find(|inbox| inbox.name == full.name))
                .map(|inbox| match inbox.capacity {
                    Some(capacity) => format!(" ({} of {capacity})", inbox.depth),
                    None => String::new(),
                })
                .unwrap_or_default();
            let words =
                format!("{} waits on {outbox} for room in {}.{}{depth}", view.name, name(full.component), full.name);
            Some((view, vec![full.component], words))
        }
        WaitReason::Time(moment) => {
            Some((view, Vec::new(), format!("{} waits until {:.3} s", view.name, moment.as_secs_f64())))
        }
        WaitReason::Outside(label) => Some((view, Vec::new(), format!("{} waits for {label}", view.name))),
        // The members say it themselves.
        WaitReason::Members => None,
    }
}
