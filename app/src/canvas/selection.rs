//! Selection: the nodes, wires and frames to which the next command applies. View state: neither saved nor undone.

use std::collections::BTreeSet;

use crate::document::{Document, FrameId, NodeId, Wire};

/// The selected shapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Nodes.
    pub nodes: BTreeSet<NodeId>,
    /// Wires.
    pub wires: BTreeSet<Wire>,
    /// Frames.
    pub frames: BTreeSet<FrameId>,
}

impl Selection {
    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.wires.is_empty() && self.frames.is_empty()
    }

    /// Clears the selection.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Selects these nodes and nothing else.
    pub fn set_nodes(&mut self, nodes: impl IntoIterator<Item = NodeId>) {
        *self = Self { nodes: nodes.into_iter().collect(), ..Self::default() };
    }

    /// Selects this wire and nothing else.
    pub fn set_wire(&mut self, wire: Wire) {
        *self = Self { wires: BTreeSet::from([wire]), ..Self::default() };
    }

    /// Selects this frame and nothing else.
    pub fn set_frame(&mut self, frame: FrameId) {
        *self = Self { frames: BTreeSet::from([frame]), ..Self::default() };
    }

    /// The node, if exactly one node and nothing else is selected.
    pub fn only_node(&self) -> Option<NodeId> {
        match (self.nodes.len(), self.wires.is_empty() && self.frames.is_empty()) {
            (1, true) => self.nodes.first().copied(),
            _ => None,
        }
    }

    /// The wire, if exactly one wire and nothing else is selected.
    pub fn only_wire(&self) -> Option<&Wire> {
        match (self.wires.len(), self.nodes.is_empty() && self.frames.is_empty()) {
            (1, true) => self.wires.first(),
            _ => None,
        }
    }

    /// Adds or removes a node.
    pub fn toggle_node(&mut self, node: NodeId) {
        if !self.nodes.remove(&node) {
            self.nodes.insert(node);
        }
    }

    /// Adds or removes a wire.
    pub fn toggle_wire(&mut self, wire: &Wire) {
        if !self.wires.remove(wire) {
            self.wires.insert(wire.clone());
        }
    }

    /// Adds or removes a frame.
    pub fn toggle_frame(&mut self, frame: FrameId) {
        if !self.frames.remove(&frame) {
            self.frames.insert(frame);
        }
    }

    /// Everything that either selection contains.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.nodes.extend(&other.nodes);
        self.wires.extend(other.wires.iter().cloned());
        self.frames.extend(&other.frames);
        self
    }

    /// Removes everything that is no longer in this scope of the document.
    pub fn retain_existing(&mut self, document: &Document, scope: Option<NodeId>) {
        self.nodes.retain(|id| document.node(*id).is_some_and(|node| node.scope == scope));
        self.frames.retain(|id| document.frame(*id).is_some_and(|frame| frame.scope == scope));
        if !self.wires.is_empty() {
            let wires: BTreeSet<&Wire> = document.wires_in(scope).collect();
            self.wires.retain(|wire| wires.contains(wire));
        }
    }
}
