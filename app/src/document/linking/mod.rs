//! Linking: which wires are allowed (LINK-1, LINK-22).
//!
//! Two checks: whether the document can hold a wire at all (structure), and whether the types of both components accept it
//! (`can_link`, for gestures). A ring of passthrough links is impossible: such a link joins a composite and one of its
//! members, inwards for inboxes and outwards for outboxes, and no composite is inside itself.

use compose_runtime::ids::Direction;
use compose_runtime::registry::Registry;

use super::{BoxInfo, Document, EditError, Node, NodeBody, NodeId, Port, Wire};

impl Document {
    /// Whether the user may draw this wire.
    pub fn can_link(&self, wire: &Wire, registry: &Registry) -> Result<(), EditError> {
        self.check_wire(wire)?;
        let from = self.box_at(&wire.from, registry)?;
        let to = self.box_at(&wire.to, registry)?;
        if from.fits(&to) {
            return Ok(());
        }
        Err(EditError::Kinds {
            from: self.port_name(&wire.from),
            gives: from.kinds_text(),
            to: self.port_name(&wire.to),
            takes: to.kinds_text(),
        })
    }

    /// The box at this end of a wire. A component of unknown type is assumed to have every box.
    pub fn box_at(&self, port: &Port, registry: &Registry) -> Result<BoxInfo, EditError> {
        let node = self.node(port.node).ok_or(EditError::NoSuchNode(port.node))?;
        let (inboxes, outboxes) = self.boxes_of(port.node, registry);
        let (side, boxes) = match port.direction {
            Direction::Inbox => ("inbox", inboxes),
            Direction::Outbox => ("outbox", outboxes),
        };
        if let Some(info) = boxes.iter().find(|info| info.name == port.name) {
            return Ok(info.clone());
        }
        if is_of_unknown_type(node, registry) {
            return Ok(BoxInfo { name: port.name.clone(), help: String::new(), kinds: Vec::new(), capacity: None });
        }
        let known: Vec<&str> = boxes.iter().filter(|info| !info.is_hidden()).map(|info| &*info.name).collect();
        Err(EditError::NoSuchBox {
            node: self.path_name(node.id),
            side,
            name: port.name.to_string(),
            known: known.join(", "),
        })
    }

    /// Checks that the document can hold this wire, and returns the scope in which it is drawn.
    pub(super) fn check_wire(&self, wire: &Wire) -> Result<Option<NodeId>, EditError> {
        for port in [&wire.from, &wire.to] {
            check_box_name(&port.name)?;
        }
        let scope = self.scope_of(wire)?;
        if self.has_wire(wire) {
            return Err(EditError::AlreadyLinked(self.wire_name(wire)));
        }
        Ok(scope)
    }
}

/// Whether the type of this node is missing from the registry.
pub(super) fn is_of_unknown_type(node: &Node, registry: &Registry) -> bool {
    match &node.body {
        NodeBody::Leaf { type_name, .. } => registry.get(type_name).is_err(),
        NodeBody::Composite { .. } => false,
    }
}

/// Longest name of a component or a box, in bytes.
pub(crate) const LONGEST_NAME: usize = 200;

/// Checks the name of a component. Links are written `name.box -> name.box`, and paths `composite/name`.
pub(crate) fn check_name(name: &str) -> Result<(), EditError> {
    let why = if name == "self" {
        "this name is reserved for the composite itself; choose another"
    } else if name.contains(['.', '/']) {
        "dots and slashes separate names; remove them"
    } else if let Some(why) = wrong_in_any_name(name) {
        why
    } else {
        return Ok(());
    };
    Err(EditError::BadName { name: name.chars().take(60).collect(), why })
}

/// Checks the name of a box.
pub(crate) fn check_box_name(name: &str) -> Result<(), EditError> {
    match wrong_in_any_name(name) {
        None => Ok(()),
        Some(why) => Err(EditError::BadBoxName { name: name.chars().take(60).collect(), why }),
    }
}

fn wrong_in_any_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty; enter a name")
    } else if name.len() > LONGEST_NAME {
        Some("it is too long; shorten it")
    } else if name.trim() != name {
        Some("it begins or ends with a space; remove the space")
    } else if name.contains("->") {
        Some("an arrow separates the ends of a link; remove it")
    } else if name.chars().any(char::is_control) {
        Some("it contains a line break or another control character; remove it")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
