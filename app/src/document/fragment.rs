//! Fragments: part of a document as a separate document, for copy, paste and duplicate.
//!
//! Pure. A fragment keeps its identities; inserting it assigns fresh identities and free names. As text it has the format
//! of a project file, see `project::clipboard`.

use std::collections::{BTreeMap, BTreeSet};

use super::storable::FARTHEST;
use super::{Document, EditCommand, Frame, FrameId, Node, NodeId, Wire};

/// The edit that inserts a fragment, and what it adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Inserted {
    /// The edit.
    pub command: EditCommand,
    /// The new nodes in the scope itself, without nested ones. The caller selects them.
    pub nodes: Vec<NodeId>,
    /// The new frames in the scope itself.
    pub frames: Vec<FrameId>,
}

/// Copies these nodes with their members and the wires among them, and these frames, into a separate document.
pub fn extract(document: &Document, nodes: &BTreeSet<NodeId>, frames: &BTreeSet<FrameId>) -> Document {
    let mut fragment = Document::new();
    let all = document.with_members(nodes.iter().copied());
    // A node whose composite is not copied moves to the top level of the fragment.
    let scope_of = |scope: Option<NodeId>| scope.filter(|scope| all.contains(scope));
    let mut commands = Vec::new();
    for node in outermost_first(document, &all) {
        let scope = scope_of(node.scope);
        commands.push(EditCommand::AddNode { node: node.clone().inside(scope) });
    }
    for wire in document.wires_among(&all) {
        commands.push(EditCommand::Connect { wire });
    }
    let members = all.iter().flat_map(|id| document.frames_in(Some(*id)));
    let chosen = frames.iter().filter_map(|id| document.frame(*id)).filter(|frame| scope_of(frame.scope).is_none());
    for frame in members.chain(chosen) {
        commands.push(EditCommand::AddFrame { frame: Frame { scope: scope_of(frame.scope), ..frame.clone() } });
    }
    for command in commands {
        // Only names can clash, if the nodes come from several graphs. Such a node gets another name.
        if let EditCommand::AddNode { node } = command {
            let name = fragment.free_name(node.scope, &node.name);
            let _ = fragment.apply(EditCommand::AddNode { node: Node { name, ..node } });
        } else {
            let _ = fragment.apply(command);
        }
    }
    fragment
}

/// The edit that inserts a copy of `fragment` into a scope, moved by `offset`, with fresh identities and free names.
pub fn insert(
    document: &Document,
    fragment: &Document,
    scope: Option<NodeId>,
    offset: [f32; 2],
    label: impl Into<String>,
) -> Inserted {
    let mut next = document.next_id;
    let mut fresh = || {
        next += 1;
        next
    };
    let new_ids: BTreeMap<NodeId, NodeId> = fragment.all_nodes().map(|node| (node.id, NodeId(fresh()))).collect();
    let new_id = |id: NodeId| new_ids.get(&id).copied().unwrap_or(id);
    let mut names = BTreeSet::new();
    let mut inserted = Inserted { command: EditCommand::batch("", Vec::new()), nodes: Vec::new(), frames: Vec::new() };
    let mut commands = Vec::new();
    let everything = fragment.all_nodes().map(|node| node.id).collect();
    for node in outermost_first(fragment, &everything) {
        let mut copy = node.clone();
        copy.id = new_id(node.id);
        if let Some(inside) = node.scope {
            copy.scope = Some(new_id(inside));
        } else {
            copy.scope = scope;
            copy.pos_in_canvas = moved(node.pos_in_canvas, offset);
            copy.name = document.free_name_beyond(scope, &node.name, &names);
            names.insert(copy.name.clone());
            inserted.nodes.push(copy.id);
        }
        commands.push(EditCommand::AddNode { node: copy });
    }
    for wire in fragment.all_wires() {
        let mut copy: Wire = wire.clone();
        copy.from.node = new_id(wire.from.node);
        copy.to.node = new_id(wire.to.node);
        commands.push(EditCommand::Connect { wire: copy });
    }
    for frame in fragment.frames.values() {
        let mut copy = frame.clone();
        copy.id = FrameId(fresh());
        if let Some(inside) = frame.scope {
            copy.scope = Some(new_id(inside));
        } else {
            copy.scope = scope;
            let [x, y, width, height] = frame.rect_in_canvas;
            let [x, y] = moved([x, y], offset);
            copy.rect_in_canvas = [x, y, width, height];
            inserted.frames.push(copy.id);
        }
        commands.push(EditCommand::AddFrame { frame: copy });
    }
    inserted.command = EditCommand::batch(label, commands);
    inserted
}

/// Adds an offset, limited to the canvas.
pub(super) fn moved(position: [f32; 2], offset: [f32; 2]) -> [f32; 2] {
    let limit = FARTHEST as f32;
    let add = |at: f32, by: f32| {
        let sum = at + by;
        if sum.is_finite() { sum.clamp(-limit, limit) } else { at }
    };
    [add(position[0], offset[0]), add(position[1], offset[1])]
}

/// These nodes in order, with composites before their members.
fn outermost_first<'a>(document: &'a Document, ids: &BTreeSet<NodeId>) -> Vec<&'a Node> {
    let mut nodes: Vec<&Node> = ids.iter().filter_map(|id| document.node(*id)).collect();
    nodes.sort_by_cached_key(|node| (document.scopes_around(node.id).len(), node.id));
    nodes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::Port;

    /// a -> c{ self.inbox -> m }, and a frame around `a`.
    fn sample() -> Document {
        let mut document = Document::new();
        let (a, c, m) = (NodeId(1), NodeId(2), NodeId(3));
        for node in
            [Node::leaf(a, "a", "X").at([10.0, 20.0]), Node::composite(c, "c"), Node::leaf(m, "m", "X").inside(Some(c))]
        {
            document.apply(EditCommand::AddNode { node }).unwrap();
        }
        for wire in [Wire::data(a, "outbox", c, "inbox"), Wire::new(Port::inbox(c, "inbox"), Port::inbox(m, "inbox"))] {
            document.apply(EditCommand::Connect { wire }).unwrap();
        }
        let rect_in_canvas = [0.0, 0.0, 100.0, 100.0];
        let frame =
            Frame { id: FrameId(4), scope: None, title: "t".into(), notes: String::new(), rect_in_canvas, colour: 1 };
        document.apply(EditCommand::AddFrame { frame }).unwrap();
        document
    }

    #[test]
    fn a_copy_has_fresh_ids_free_names_and_all_its_wires() {
        let mut document = sample();
        let fragment = extract(&document, &BTreeSet::from([NodeId(1), NodeId(2)]), &BTreeSet::from([FrameId(4)]));
        let inserted = insert(&document, &fragment, None, [5.0, 5.0], "Paste");
        document.apply(inserted.command).unwrap();
        assert_eq!(inserted.nodes, [NodeId(5), NodeId(6)]);
        let names: Vec<String> = document.all_nodes().map(|node| document.path_name(node.id)).collect();
        assert_eq!(names, ["a", "c", "c/m", "a2", "c2", "c2/m"]);
        assert_eq!(document.all_wires().count(), 4);
        assert_eq!(document.node(NodeId(5)).unwrap().pos_in_canvas, [15.0, 25.0]);
        assert_eq!(document.frames_in(None).count(), 2);
    }

    #[test]
    fn pasting_twice_gives_different_names() {
        let mut document = sample();
        let fragment = extract(&document, &BTreeSet::from([NodeId(1)]), &BTreeSet::new());
        for _ in 0..2 {
            let inserted = insert(&document, &fragment, Some(NodeId(2)), [0.0, 0.0], "Paste");
            document.apply(inserted.command).unwrap();
        }
        let names: Vec<&str> = document.nodes_in(Some(NodeId(2))).map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["m", "a", "a2"]);
    }
}
