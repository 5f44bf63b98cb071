//! Nesting: grouping components into a composite, and expanding a composite. The flow of messages stays the same.

use std::collections::{BTreeMap, BTreeSet};

use compose_runtime::ids::Direction;

use super::super::command::components;
use super::super::fragment::moved;
use super::super::{Document, EditCommand, EditError, Frame, Node, NodeBody, NodeId, Port, Wire};

/// Groups nodes of one graph into a new composite. Wires that cross its boundary pass through its boxes. Returns the
/// edit and the identity of the composite.
pub fn group(document: &Document, nodes: &BTreeSet<NodeId>, name: &str) -> Result<(EditCommand, NodeId), EditError> {
    let members: Vec<&Node> = nodes.iter().filter_map(|id| document.node(*id)).collect();
    let Some(first) = members.first() else {
        return Err(EditError::NothingSelected);
    };
    let scope = first.scope;
    if members.iter().any(|node| node.scope != scope) {
        return Err(EditError::SeveralGraphs);
    }
    let id = document.next_free_id();
    let wires: Vec<Wire> = document.wires_in(scope).filter(|wire| touches(nodes, wire)).cloned().collect();
    let mut boundary = BoundaryBoxes::new(id);
    let mut links = BTreeSet::new();
    for wire in &wires {
        let (from_inside, to_inside) = (nodes.contains(&wire.from.node), nodes.contains(&wire.to.node));
        if from_inside && to_inside {
            links.insert(wire.clone());
        } else if from_inside {
            let outer = boundary.for_port(document, &wire.from);
            links.insert(Wire::new(wire.from.clone(), outer.clone()));
            links.insert(Wire::new(outer, wire.to.clone()));
        } else {
            let outer = boundary.for_port(document, &wire.to);
            links.insert(Wire::new(outer.clone(), wire.to.clone()));
            links.insert(Wire::new(wire.from.clone(), outer));
        }
    }
    let corner = members.iter().fold([f32::MAX, f32::MAX], |corner, node| {
        [corner[0].min(node.pos_in_canvas[0]), corner[1].min(node.pos_in_canvas[1])]
    });
    let mut composite =
        Node::composite(id, document.free_name(scope, name)).inside(scope).at(moved([0.0, 0.0], corner));
    composite.body = NodeBody::Composite { inboxes: boundary.inboxes, outboxes: boundary.outboxes, is_template: false };
    let mut commands: Vec<EditCommand> = wires.into_iter().map(|wire| EditCommand::Disconnect { wire }).collect();
    commands.push(EditCommand::AddNode { node: composite });
    commands.extend(members.iter().map(|node| EditCommand::Reparent { id: node.id, scope: Some(id) }));
    let offset = [-corner[0], -corner[1]];
    let moves = members.iter().map(|node| (node.id, moved(node.pos_in_canvas, offset))).collect();
    commands.push(EditCommand::MoveNodes { moves });
    commands.extend(links.into_iter().map(|wire| EditCommand::Connect { wire }));
    Ok((EditCommand::batch(format!("Group {}", components(members.len())), commands), id))
}

/// Replaces a composite with its members. Wires that passed through its boxes are joined.
pub fn expand(document: &Document, id: NodeId) -> Result<EditCommand, EditError> {
    let composite = document.node(id).ok_or(EditError::NoSuchNode(id))?;
    if !composite.is_composite() {
        return Err(EditError::NoComposite(document.path_name(id)));
    }
    let inner: Vec<Wire> = document.wires_in(Some(id)).cloned().collect();
    let outer: Vec<Wire> = document.wires_of(id).into_iter().filter(|wire| !inner.contains(wire)).collect();
    let mut links: BTreeSet<Wire> = inner.iter().filter(|wire| !wire.touches(id)).cloned().collect();
    for wire in &outer {
        // The inner ports that the ends of the wire lead to. An end at another node stays as it is.
        let sources = behind(id, &wire.from, inner.iter().map(|wire| (&wire.to, &wire.from)));
        let sinks = behind(id, &wire.to, inner.iter().map(|wire| (&wire.from, &wire.to)));
        for source in &sources {
            links.extend(sinks.iter().map(|sink| Wire::new(source.clone(), sink.clone())));
        }
    }
    let mut commands: Vec<EditCommand> =
        inner.into_iter().chain(outer).map(|wire| EditCommand::Disconnect { wire }).collect();
    let mut taken: BTreeSet<String> = document.nodes_in(Some(id)).map(|node| node.name.clone()).collect();
    let mut moves = Vec::new();
    for member in document.nodes_in(Some(id)) {
        if document.find(composite.scope, &member.name).is_some() {
            let name = document.free_name_beyond(composite.scope, &member.name, &taken);
            taken.insert(name.clone());
            commands.push(EditCommand::Rename { id: member.id, name });
        }
        commands.push(EditCommand::Reparent { id: member.id, scope: composite.scope });
        moves.push((member.id, moved(member.pos_in_canvas, composite.pos_in_canvas)));
    }
    commands.push(EditCommand::MoveNodes { moves });
    for frame in document.frames_in(Some(id)) {
        let [x, y, width, height] = frame.rect_in_canvas;
        let [x, y] = moved([x, y], composite.pos_in_canvas);
        let frame = Frame { scope: composite.scope, rect_in_canvas: [x, y, width, height], ..frame.clone() };
        commands.push(EditCommand::EditFrame { frame });
    }
    commands.push(EditCommand::RemoveNode { id });
    commands.extend(links.into_iter().map(|wire| EditCommand::Connect { wire }));
    Ok(EditCommand::batch(format!("Expand {}", composite.name), commands))
}

fn touches(nodes: &BTreeSet<NodeId>, wire: &Wire) -> bool {
    nodes.contains(&wire.from.node) || nodes.contains(&wire.to.node)
}

fn behind<'a>(composite: NodeId, end: &Port, passthrough: impl Iterator<Item = (&'a Port, &'a Port)>) -> Vec<Port> {
    if end.node != composite {
        return vec![end.clone()];
    }
    passthrough.filter(|(outer, _)| *outer == end).map(|(_, inner)| inner.clone()).collect()
}

/// The boxes of a new composite: one for each inner box that is linked across its boundary.
struct BoundaryBoxes {
    composite: NodeId,
    by_port: BTreeMap<Port, Port>,
    inboxes: Vec<String>,
    outboxes: Vec<String>,
}

impl BoundaryBoxes {
    fn new(composite: NodeId) -> Self {
        Self { composite, by_port: BTreeMap::new(), inboxes: Vec::new(), outboxes: Vec::new() }
    }

    /// The box of the composite for this inner box. Boxes that every composite has are used first.
    fn for_port(&mut self, document: &Document, inner: &Port) -> Port {
        if let Some(outer) = self.by_port.get(inner) {
            return outer.clone();
        }
        let (always, listed) = match inner.direction {
            Direction::Inbox => (if inner.is_about_ending() { "control" } else { "inbox" }, &mut self.inboxes),
            Direction::Outbox => (if inner.is_about_ending() { "signal" } else { "outbox" }, &mut self.outboxes),
        };
        let is_taken =
            |name: &str| self.by_port.values().any(|outer| outer.direction == inner.direction && *outer.name == *name);
        let name = if is_taken(always) {
            let node = document.node(inner.node).map(|node| node.name.as_str()).unwrap_or_default();
            let base = format!("{node}_{}", inner.name);
            let numbered = (2..=u64::MAX).map(|number| format!("{base}{number}"));
            let name = std::iter::once(base.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(base);
            listed.push(name.clone());
            name
        } else {
            always.to_owned()
        };
        let outer = Port { node: self.composite, direction: inner.direction, name: name.into() };
        self.by_port.insert(inner.clone(), outer.clone());
        outer
    }
}
