//! Queries: neighbours, what is reachable, and what a selection brings along. Pure; petgraph stays inside.

use std::collections::BTreeSet;

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::visit::Bfs;

use super::{Document, NodeId, Wire};

impl Document {
    /// The nodes that feed this one directly, in order.
    pub fn sources_of(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Incoming)
    }

    /// The nodes that this one feeds directly, in order.
    pub fn sinks_of(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Outgoing)
    }

    /// Every node that messages from this one can come to, itself included, in order.
    pub fn reachable_from(&self, id: NodeId) -> Vec<NodeId> {
        let Some(start) = self.index_of.get(&id) else { return Vec::new() };
        let mut search = Bfs::new(&self.graph, *start);
        let mut found = BTreeSet::new();
        while let Some(index) = search.next(&self.graph) {
            found.extend(self.graph.node_weight(index).map(|node| node.id));
        }
        found.into_iter().collect()
    }

    /// The innermost template that a node is inside of, or is itself.
    pub fn template_of(&self, id: NodeId) -> Option<NodeId> {
        let mut around = std::iter::successors(self.node(id), |node| node.scope.and_then(|scope| self.node(scope)));
        around.find(|node| node.is_template()).map(|node| node.id)
    }

    /// The names under which chassis find the templates, in order.
    pub fn template_names(&self) -> Vec<String> {
        let templates = self.all_nodes().filter(|node| node.is_template());
        let mut names: Vec<String> = templates.map(|node| self.path_name(node.id)).collect();
        names.sort();
        names
    }

    /// These nodes and everything inside them, in order; identities that are not there are left out.
    pub fn with_members(&self, ids: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut all = BTreeSet::new();
        let mut to_visit: Vec<NodeId> = ids.into_iter().filter(|id| self.node(*id).is_some()).collect();
        while let Some(id) = to_visit.pop() {
            if all.insert(id) {
                to_visit.extend(self.nodes_in(Some(id)).map(|node| node.id));
            }
        }
        all
    }

    /// The wires of which both ends are among these nodes, in order.
    pub fn wires_among(&self, ids: &BTreeSet<NodeId>) -> Vec<Wire> {
        self.wires_touching(ids)
            .into_iter()
            .filter(|wire| ids.contains(&wire.to.node) && ids.contains(&wire.from.node))
            .collect()
    }

    /// The wires of which at least one end is among these nodes, in order, each once.
    pub fn wires_touching(&self, ids: &BTreeSet<NodeId>) -> Vec<Wire> {
        let wires: BTreeSet<Wire> = ids.iter().flat_map(|id| self.wires_of(*id)).collect();
        wires.into_iter().collect()
    }

    fn neighbours(&self, id: NodeId, direction: petgraph::Direction) -> Vec<NodeId> {
        let Some(index) = self.index_of.get(&id) else { return Vec::new() };
        let nodes = self.graph.neighbors_directed(*index, direction);
        let found: BTreeSet<NodeId> = nodes.filter_map(|index| Some(self.graph.node_weight(index)?.id)).collect();
        found.into_iter().collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::{EditCommand, Node, Port};

    /// a -> c{ m -> n } -> a
    fn sample() -> Document {
        let mut document = Document::new();
        let (a, c, m, n) = (NodeId(1), NodeId(2), NodeId(3), NodeId(4));
        for node in [
            Node::leaf(a, "a", "X"),
            Node::composite(c, "c"),
            Node::leaf(m, "m", "X").inside(Some(c)),
            Node::leaf(n, "n", "X").inside(Some(c)),
        ] {
            document.apply(EditCommand::AddNode { node }).unwrap();
        }
        for wire in [
            Wire::data(a, "outbox", c, "inbox"),
            Wire::new(Port::inbox(c, "inbox"), Port::inbox(m, "inbox")),
            Wire::data(m, "outbox", n, "inbox"),
            Wire::data(c, "outbox", a, "inbox"),
        ] {
            document.apply(EditCommand::Connect { wire }).unwrap();
        }
        document
    }

    #[test]
    fn neighbours_are_told_apart_by_direction() {
        let document = sample();
        assert_eq!(document.sources_of(NodeId(4)), [NodeId(3)]);
        assert_eq!(document.sinks_of(NodeId(2)), [NodeId(1), NodeId(3)]);
    }

    #[test]
    fn what_is_reachable_follows_passthrough() {
        assert_eq!(sample().reachable_from(NodeId(3)), [NodeId(3), NodeId(4)]);
        assert_eq!(sample().reachable_from(NodeId(1)).len(), 4);
    }

    #[test]
    fn a_composite_brings_its_members_and_the_wires_among_them() {
        let document = sample();
        let closure = document.with_members([NodeId(2), NodeId(77)]);
        assert_eq!(closure, BTreeSet::from([NodeId(2), NodeId(3), NodeId(4)]));
        assert_eq!((document.wires_among(&closure).len(), document.wires_touching(&closure).len()), (2, 4));
    }
}
