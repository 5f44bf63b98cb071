//! LinkCheck: which wire joins two boxes, and whether it is allowed. Pure.

use compose_runtime::ids::Direction;
use compose_runtime::registry::Registry;

use crate::document::{Document, EditError, NodeId, Port, Wire};

/// Why two boxes cannot be linked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// Messages come out of both boxes.
    #[error("{0} and {1} both send messages; link to an inbox")]
    BothSend(String, String),
    /// Messages go into both boxes.
    #[error("{0} and {1} both receive messages; link from an outbox")]
    BothReceive(String, String),
    /// The document does not allow the wire.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Checks links while the user drags one.
#[derive(Clone, Copy)]
pub struct LinkCheck<'a> {
    /// The document that gets the link.
    pub document: &'a Document,
    /// The available component types.
    pub registry: &'a Registry,
    /// The open composite; `None` for the top level.
    pub scope: Option<NodeId>,
}

impl LinkCheck<'_> {
    /// Whether messages come out of this box, seen from inside the scope. True for outboxes of members and inboxes of
    /// the scope.
    pub fn is_source(&self, port: &Port) -> bool {
        let is_edge = Some(port.node) == self.scope;
        (port.direction == Direction::Outbox) != is_edge
    }

    /// The wire between two boxes, in the direction of the messages.
    fn wire_between(&self, one: &Port, other: &Port) -> Result<Wire, LinkRefusal> {
        match (self.is_source(one), self.is_source(other)) {
            (true, false) => Ok(Wire { from: one.clone(), to: other.clone() }),
            (false, true) => Ok(Wire { from: other.clone(), to: one.clone() }),
            (true, true) => Err(LinkRefusal::BothSend(one.name.to_string(), other.name.to_string())),
            (false, false) => Err(LinkRefusal::BothReceive(one.name.to_string(), other.name.to_string())),
        }
    }

    /// The wire between two boxes if it is allowed; otherwise the reason why not. `instead` is an existing wire that
    /// the new one replaces.
    pub fn verdict(&self, one: &Port, other: &Port, instead: Option<&Wire>) -> Result<Wire, LinkRefusal> {
        let wire = self.wire_between(one, other)?;
        if instead == Some(&wire) {
            return Ok(wire);
        }
        self.document.can_link(&wire, self.registry)?;
        Ok(wire)
    }
}
