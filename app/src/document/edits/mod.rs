//! Edits: the larger changes a user makes, built as batches of small ones.
//!
//! Pure: these functions read the document and return an `EditCommand`, which the caller applies.

use std::collections::BTreeSet;

use compose_runtime::ids::Direction;

use super::command::components;
use super::fragment::{Inserted, extract, insert};
use super::{Document, EditCommand, FrameId, Node, NodeBody, NodeId, Port, Wire};

mod nesting;

pub use nesting::{expand, group};

/// Distance of a duplicate from its original.
const DUPLICATE_OFFSET: [f32; 2] = [40.0, 40.0];

/// Removes nodes with their members and all their wires, and also these wires and frames.
pub fn remove(
    document: &Document,
    nodes: &BTreeSet<NodeId>,
    wires: &BTreeSet<Wire>,
    frames: &BTreeSet<FrameId>,
) -> EditCommand {
    let all = document.with_members(nodes.iter().copied());
    let mut gone: BTreeSet<Wire> = document.wires_touching(&all).into_iter().collect();
    gone.extend(wires.iter().filter(|wire| document.has_wire(wire)).cloned());
    let label = match (nodes.len(), wires.len(), frames.len()) {
        (0, 1, 0) => "Remove link".to_owned(),
        (0, count, 0) => format!("Remove {count} links"),
        (0, _, 1) => "Remove frame".to_owned(),
        (0, _, count) => format!("Remove {count} frames"),
        (1, ..) => {
            let only = nodes.first().and_then(|id| document.node(*id));
            only.map_or_else(|| "Remove component".to_owned(), |node| format!("Remove {}", node.name))
        }
        (count, ..) => format!("Remove {}", components(count)),
    };
    let mut commands: Vec<EditCommand> = gone.into_iter().map(|wire| EditCommand::Disconnect { wire }).collect();
    let inside = all.iter().flat_map(|id| document.frames_in(Some(*id)).map(|frame| frame.id));
    let gone: BTreeSet<FrameId> =
        inside.chain(frames.iter().copied().filter(|id| document.frame(*id).is_some())).collect();
    commands.extend(gone.into_iter().map(|id| EditCommand::RemoveFrame { id }));
    let mut innermost_first: Vec<NodeId> = all.into_iter().collect();
    innermost_first.sort_by_cached_key(|id| std::cmp::Reverse(document.scopes_around(*id).len()));
    commands.extend(innermost_first.into_iter().map(|id| EditCommand::RemoveNode { id }));
    EditCommand::batch(label, commands)
}

/// Copies nodes and frames with the wires among them, slightly offset, in the same graph.
pub fn duplicate(
    document: &Document,
    scope: Option<NodeId>,
    nodes: &BTreeSet<NodeId>,
    frames: &BTreeSet<FrameId>,
) -> Inserted {
    let fragment = extract(document, nodes, frames);
    let count = fragment.nodes_in(None).count();
    insert(document, &fragment, scope, DUPLICATE_OFFSET, format!("Duplicate {}", components(count)))
}

/// Changes the boxes of a composite, and removes the wires of boxes that no longer exist.
pub fn set_boxes(document: &Document, id: NodeId, inboxes: Vec<String>, outboxes: Vec<String>) -> EditCommand {
    let gone = |port: &Port| {
        let (names, always) =
            if is_inbox(port) { (&inboxes, ["inbox", "control"]) } else { (&outboxes, ["outbox", "signal"]) };
        port.node == id && !always.contains(&&*port.name) && !names.iter().any(|name| **name == *port.name)
    };
    let wires = document.wires_of(id).into_iter().filter(|wire| gone(&wire.from) || gone(&wire.to));
    let mut commands: Vec<EditCommand> = wires.map(|wire| EditCommand::Disconnect { wire }).collect();
    commands.push(EditCommand::SetBoxes { id, inboxes, outboxes });
    EditCommand::batch("Change boxes", commands)
}

/// Renames a box of a composite. Its wires, inside and outside, are kept.
pub fn rename_box(document: &Document, node: &Node, direction: Direction, old: &str, new: &str) -> EditCommand {
    let NodeBody::Composite { inboxes, outboxes, .. } = &node.body else {
        return EditCommand::batch("Change boxes", vec![]);
    };
    let is_it = |port: &Port| port.node == node.id && port.direction == direction && &*port.name == old;
    let renamed = |port: &Port| if is_it(port) { Port { name: new.into(), ..port.clone() } } else { port.clone() };
    let names = |names: &[String], of: Direction| {
        let new_name = |name: &String| if of == direction && name == old { new.to_owned() } else { name.clone() };
        names.iter().map(new_name).collect()
    };
    let (inboxes, outboxes) = (names(inboxes, Direction::Inbox), names(outboxes, Direction::Outbox));
    let wires = document.wires_of(node.id).into_iter().filter(|wire| is_it(&wire.from) || is_it(&wire.to));
    let (gone, new_wires): (Vec<_>, Vec<_>) = wires
        .map(|wire| {
            let wire_then = Wire::new(renamed(&wire.from), renamed(&wire.to));
            (EditCommand::Disconnect { wire }, EditCommand::Connect { wire: wire_then })
        })
        .unzip();
    let change = EditCommand::SetBoxes { id: node.id, inboxes, outboxes };
    let commands = gone.into_iter().chain([change]).chain(new_wires).collect();
    EditCommand::batch(format!("Rename box {old} to {new}"), commands)
}

fn is_inbox(port: &Port) -> bool {
    port.direction == Direction::Inbox
}

#[cfg(test)]
mod tests;
