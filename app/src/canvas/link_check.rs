//! LinkCheck: which wire two boxes would make, and whether it may be made. Pure.

use compose_runtime::ids::Direction;
use compose_runtime::registry::Registry;

use crate::document::{Document, NodeId, Port, Wire};

/// What the canvas asks about links while one is dragged.
#[derive(Clone, Copy)]
pub struct LinkCheck<'a> {
    /// The document.
    pub document: &'a Document,
    /// The components there are.
    pub registry: &'a Registry,
    /// The composite that is open.
    pub scope: Option<NodeId>,
}

impl LinkCheck<'_> {
    /// Whether messages come out of this box as seen from inside the scope: outboxes of members, inboxes of the scope.
    pub fn gives(&self, port: &Port) -> bool {
        let is_edge = Some(port.node) == self.scope;
        (port.direction == Direction::Outbox) != is_edge
    }

    /// The wire between two boxes in the direction in which messages go, if they face each other.
    pub fn wire_between(&self, one: &Port, other: &Port) -> Result<Wire, String> {
        match (self.gives(one), self.gives(other)) {
            (true, false) => Ok(Wire { from: one.clone(), to: other.clone() }),
            (false, true) => Ok(Wire { from: other.clone(), to: one.clone() }),
            (true, true) => Err(format!("{} and {} both give messages; link to an inbox", one.name, other.name)),
            (false, false) => Err(format!("{} and {} both take messages; link from an outbox", one.name, other.name)),
        }
    }

    /// The wire between two boxes if it may be made, or why not. `instead` is a wire that is being moved and would go.
    pub fn verdict(&self, one: &Port, other: &Port, instead: Option<&Wire>) -> Result<Wire, String> {
        let wire = self.wire_between(one, other)?;
        if instead == Some(&wire) {
            return Ok(wire);
        }
        match self.document.can_link(&wire, self.registry) {
            Ok(()) => Ok(wire),
            Err(error) => Err(error.to_string()),
        }
    }
}
