//! Queries: templates, members and wires of a selection. Pure; no petgraph types in the interface.

use std::collections::BTreeSet;

use super::{Document, NodeId, Wire};

impl Document {
    /// The innermost template that contains a node, or the node itself if it is a template.
    pub fn template_of(&self, id: NodeId) -> Option<NodeId> {
        let mut around = std::iter::successors(self.node(id), |node| node.scope.and_then(|scope| self.node(scope)));
        around.find(|node| node.is_template()).map(|node| node.id)
    }

    /// The names by which chassis refer to templates, in order.
    pub fn template_names(&self) -> Vec<String> {
        let templates = self.all_nodes().filter(|node| node.is_template());
        let mut names: Vec<String> = templates.map(|node| self.path_name(node.id)).collect();
        names.sort();
        names
    }

    /// These nodes and all their members, in order. Unknown identities are ignored.
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

    /// The wires with both ends among these nodes, in order.
    pub fn wires_among(&self, ids: &BTreeSet<NodeId>) -> Vec<Wire> {
        self.wires_touching(ids)
            .into_iter()
            .filter(|wire| ids.contains(&wire.to.node) && ids.contains(&wire.from.node))
            .collect()
    }

    /// The wires with at least one end among these nodes, in order and without duplicates.
    pub fn wires_touching(&self, ids: &BTreeSet<NodeId>) -> Vec<Wire> {
        let wires: BTreeSet<Wire> = ids.iter().flat_map(|id| self.wires_of(*id)).collect();
        wires.into_iter().collect()
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
    fn a_composite_includes_its_members_and_the_wires_among_them() {
        let document = sample();
        let closure = document.with_members([NodeId(2), NodeId(77)]);
        assert_eq!(closure, BTreeSet::from([NodeId(2), NodeId(3), NodeId(4)]));
        assert_eq!((document.wires_among(&closure).len(), document.wires_touching(&closure).len()), (2, 4));
    }
}
