//! Document: the graph that the user edits. A model without egui, threads or disk access.
//!
//! Owned by the window or the command line, and changed only through [`Document::apply`]. Invariants: names are unique in
//! their scope; a wire joins two nodes of one scope, or a composite and one of its members; all content can be saved.
//! petgraph indices never leave this folder: other code holds a [`NodeId`].
//! Not here: whether the settings and links suit the component types (see [`check`], which reports and never blocks), and
//! the selection.

mod apply;
#[cfg(test)]
pub mod arbitrary;
pub mod arrange;
pub mod boxes;
pub mod check;
pub mod command;
pub mod edits;
pub mod fragment;
pub mod frame;
pub mod history;
mod linking;
pub mod meta;
pub mod node;
pub mod problem;
pub mod query;
pub mod storable;
pub mod stored;
pub mod wire;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::stable_graph::{EdgeIndex, NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef as _;

pub use boxes::BoxInfo;
pub use command::{EditCommand, EditError};
pub use frame::{FRAME_COLOURS, Frame, FrameId};
pub use history::History;
pub(crate) use linking::{check_box_name, check_name};
pub use meta::{Meta, Parameter, ParameterKind, ParameterValues};
pub use node::{COMPOSITE, Node, NodeBody, NodeId};
pub use problem::{Place, Problem, Severity};
pub use wire::{Port, Wire};

/// A graph of components with its nested graphs, frames and description.
#[derive(Debug, Clone, Default)]
pub struct Document {
    graph: StableDiGraph<Node, Wire>,
    index_of: BTreeMap<NodeId, NodeIndex>,
    scopes: BTreeMap<Option<NodeId>, Scope>,
    frames: BTreeMap<FrameId, Frame>,
    meta: Meta,
    next_id: u64,
    revision: u64,
}

/// The content directly inside one composite, or at the top level.
#[derive(Debug, Clone, Default)]
struct Scope {
    members: BTreeSet<NodeId>,
    names: BTreeMap<String, NodeId>,
    wires: BTreeMap<Wire, EdgeIndex>,
    frames: BTreeSet<FrameId>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Grows with every change and is unique across all documents of the process: equal revisions mean equal content.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The node with this identity.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.index_of.get(&id).and_then(|index| self.graph.node_weight(*index))
    }

    /// The nodes directly inside a composite, or at the top level, in order of identity.
    pub fn nodes_in(&self, scope: Option<NodeId>) -> impl Iterator<Item = &Node> {
        self.scopes.get(&scope).into_iter().flat_map(|inside| &inside.members).filter_map(|id| self.node(*id))
    }

    /// All nodes, including nested ones, in order of identity.
    pub fn all_nodes(&self) -> impl Iterator<Item = &Node> {
        self.index_of.values().filter_map(|index| self.graph.node_weight(*index))
    }

    /// The number of nodes, including nested ones.
    pub fn node_count(&self) -> usize {
        self.index_of.len()
    }

    /// The wires drawn inside a composite, including passthrough wires to its own boxes, or at the top level; in order.
    pub fn wires_in(&self, scope: Option<NodeId>) -> impl Iterator<Item = &Wire> {
        self.scopes.get(&scope).into_iter().flat_map(|inside| inside.wires.keys())
    }

    /// All wires, scope by scope.
    pub fn all_wires(&self) -> impl Iterator<Item = &Wire> {
        self.scopes.values().flat_map(|inside| inside.wires.keys())
    }

    /// The wires that begin or end at a node, in order and without duplicates.
    pub fn wires_of(&self, id: NodeId) -> Vec<Wire> {
        let Some(index) = self.index_of.get(&id) else { return Vec::new() };
        let outgoing = self.graph.edges_directed(*index, Outgoing);
        let incoming = self.graph.edges_directed(*index, Incoming).filter(|edge| edge.source() != *index);
        let mut wires: Vec<Wire> = outgoing.chain(incoming).map(|edge| edge.weight().clone()).collect();
        wires.sort();
        wires
    }

    /// Whether the document contains this wire.
    pub fn has_wire(&self, wire: &Wire) -> bool {
        let inside = self.scope_of(wire).ok().and_then(|scope| self.scopes.get(&scope));
        inside.is_some_and(|inside| inside.wires.contains_key(wire))
    }

    /// The frames directly inside a composite, or at the top level, in order of identity.
    pub fn frames_in(&self, scope: Option<NodeId>) -> impl Iterator<Item = &Frame> {
        self.scopes.get(&scope).into_iter().flat_map(|inside| &inside.frames).filter_map(|id| self.frames.get(id))
    }

    /// The frame with this identity.
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(&id)
    }

    /// The node with this name directly inside a scope.
    pub fn find(&self, scope: Option<NodeId>, name: &str) -> Option<NodeId> {
        self.scopes.get(&scope).and_then(|inside| inside.names.get(name)).copied()
    }

    /// The path of a node: the names of its enclosing composites and its own name, for example `server/echo`.
    pub fn path_name(&self, id: NodeId) -> String {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(node) = next.and_then(|id| self.node(id)) {
            names.push(node.name.as_str());
            next = node.scope;
        }
        names.reverse();
        if names.is_empty() { id.to_string() } else { names.join("/") }
    }

    /// The full name of a box, for example `server/echo.inbox`.
    pub fn port_name(&self, port: &Port) -> String {
        format!("{}.{}", self.path_name(port.node), port.name)
    }

    /// The full name of a wire, for example `a.outbox -> b.inbox`.
    pub fn wire_name(&self, wire: &Wire) -> String {
        format!("{} -> {}", self.port_name(&wire.from), self.port_name(&wire.to))
    }

    /// The node with this path, for example `server/echo`.
    pub fn find_path(&self, path: &str) -> Option<NodeId> {
        path.split('/').try_fold(None, |scope, name| self.find(scope, name).map(Some)).flatten()
    }

    /// The composites that enclose a node, outermost first, without the node itself.
    pub fn scopes_around(&self, id: NodeId) -> Vec<NodeId> {
        let mut around = Vec::new();
        let mut next = self.node(id).and_then(|node| node.scope);
        while let Some(scope) = next {
            around.push(scope);
            next = self.node(scope).and_then(|node| node.scope);
        }
        around.reverse();
        around
    }

    /// An identity that no node or frame of this document has ever had.
    pub fn fresh_id(&mut self) -> NodeId {
        self.next_id += 1;
        NodeId(self.next_id)
    }

    /// A frame identity that no node or frame of this document has ever had.
    pub fn fresh_frame_id(&mut self) -> FrameId {
        FrameId(self.fresh_id().0)
    }

    /// The identity that `fresh_id` would return, for building edits without changing the document.
    pub fn next_free_id(&self) -> NodeId {
        NodeId(self.next_id + 1)
    }

    /// The frame identity that `fresh_frame_id` would return.
    pub fn next_free_frame_id(&self) -> FrameId {
        FrameId(self.next_free_id().0)
    }

    /// The name of a new node of this type: the type in lower case, with a number if the name is taken.
    pub fn name_for_new(&self, scope: Option<NodeId>, type_name: &str) -> String {
        self.free_name(scope, &type_name.to_lowercase())
    }

    /// `base` if no node in the scope has this name; otherwise `base` with the first free number appended.
    pub fn free_name(&self, scope: Option<NodeId>, base: &str) -> String {
        self.free_name_beyond(scope, base, &BTreeSet::new())
    }

    /// Like [`Document::free_name`], but also avoids the names in `taken`.
    pub fn free_name_beyond(&self, scope: Option<NodeId>, base: &str, taken: &BTreeSet<String>) -> String {
        let is_free = |name: &str| name != "self" && !taken.contains(name) && self.find(scope, name).is_none();
        if is_free(base) {
            return base.to_owned();
        }
        let stem = base.trim_end_matches(|character: char| character.is_ascii_digit());
        let stem: String = if stem.is_empty() { base } else { stem }.chars().take(40).collect();
        (2..=u64::MAX).map(|number| format!("{stem}{number}")).find(|name| is_free(name)).unwrap_or_default()
    }

    /// The name of the project; may be empty.
    pub fn name(&self) -> &str {
        &self.meta.name
    }

    /// The description of the project; may be empty.
    pub fn description(&self) -> &str {
        &self.meta.description
    }

    /// Name, description and parameters of the project.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The scope in which a wire is drawn. Fails unless its ends are in one scope, or are a composite and its member.
    fn scope_of(&self, wire: &Wire) -> Result<Option<NodeId>, EditError> {
        use compose_runtime::topology::LinkageKind::{Data, InboxToInbox, OutboxToOutbox};
        let from = self.node(wire.from.node).ok_or(EditError::NoSuchNode(wire.from.node))?;
        let to = self.node(wire.to.node).ok_or(EditError::NoSuchNode(wire.to.node))?;
        match wire.kind() {
            None => Err(EditError::InboxToOutbox(self.wire_name(wire))),
            Some(Data) if from.scope == to.scope => Ok(from.scope),
            Some(Data) => Err(EditError::OtherGraph(self.wire_name(wire))),
            Some(InboxToInbox) if to.scope == Some(from.id) => Ok(to.scope),
            Some(OutboxToOutbox) if from.scope == Some(to.id) => Ok(from.scope),
            Some(InboxToInbox | OutboxToOutbox) => Err(EditError::NoPassthrough(self.wire_name(wire))),
        }
    }
}
