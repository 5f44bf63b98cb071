//! Stalls in words: who waits for whom when nothing can move.
//!
//! Pure functions of a snapshot. What only shows over time (starving, growing, slow) is in `stall_watch`.

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::snapshot::{ComponentView, Snapshot, State, WaitReason};
use crate::component::spec::EVENTS;
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
    let mut ring: Vec<ComponentId> = kosaraju_scc(&graph)
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

/// For every component that waits, what it waits for, in order of id.
pub fn waits(snapshot: &Snapshot) -> Vec<String> {
    snapshot.components.iter().filter_map(|view| wait_of(snapshot, view)).map(|(.., words)| words).collect()
}

/// What one component waits for, in words; `None` if it does not wait.
pub fn wait_in_words(snapshot: &Snapshot, id: ComponentId) -> Option<String> {
    wait_of(snapshot, snapshot.component(id)?).map(|(.., words)| words)
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
            let (user, boxes): (Vec<_>, Vec<_>) = boxes.iter().cloned().partition(|name| &**name == EVENTS.name);
            let mut sources = Vec::new();
            for link in &snapshot.linkages {
                let to = &link.desc.to;
                if to.component == view.id && to.direction == Direction::Inbox && boxes.contains(&to.name) {
                    sources.push(link.desc.from.component);
                }
            }
            sources.sort_unstable();
            sources.dedup();
            let names: Vec<String> = sources.iter().map(|id| name(*id)).collect();
            let (boxes, names) = (boxes.join(" or "), names.join(" or "));
            let words = match (boxes.is_empty(), user.is_empty(), names.is_empty()) {
                (true, false, _) => format!("{} waits for the user", view.name),
                (true, true, _) => format!("{} waits to be told to end", view.name),
                (false, false, true) => format!("{} waits for the user; nothing feeds its {boxes}", view.name),
                (false, false, false) => {
                    format!("{} waits for the user or a message on {boxes} from {names}", view.name)
                }
                (false, true, true) => {
                    format!("{} waits for a message on {boxes}, which nothing feeds", view.name)
                }
                (false, true, false) => format!("{} waits for a message on {boxes} from {names}", view.name),
            };
            // Whoever waits for the user as well is no part of a ring that nobody can break.
            Some((view, if user.is_empty() { sources } else { Vec::new() }, words))
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

#[cfg(test)]
#[path = "stall_tests.rs"]
pub(crate) mod tests;
