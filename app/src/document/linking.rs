//! Linking: which wires are possible (design decisions R6 to R8; LINK-1 and LINK-22 of the original).
//!
//! Two questions: may the document hold this wire at all (structure), and would the types of the two components accept
//! it (`can_link`, for gestures). Rings of passthrough links cannot be made: such a link joins a composite and one of its
//! members, inwards for inboxes and outwards for outboxes, and no composite is inside itself.

use compose_runtime::ids::Direction;
use compose_runtime::registry::Registry;

use super::{BoxInfo, Document, EditError, Node, NodeBody, NodeId, Port, Wire};

impl Document {
    /// Whether a person may draw this wire, and if not, why not.
    pub fn can_link(&self, wire: &Wire, registry: &Registry) -> Result<(), EditError> {
        self.check_wire(wire)?;
        let from = self.box_at(&wire.from, registry)?;
        let to = self.box_at(&wire.to, registry)?;
        if from.fits(&to) {
            return Ok(());
        }
        Err(EditError::Kinds {
            from: self.port_name(&wire.from),
            gives: from.kinds_in_words(),
            to: self.port_name(&wire.to),
            takes: to.kinds_in_words(),
        })
    }

    /// The box at this end of a wire. A component of unknown type is taken to have every box.
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

    /// Whether the document may hold this wire, and in which scope it is drawn.
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

/// Whether nothing is known about the node's type.
pub(super) fn is_of_unknown_type(node: &Node, registry: &Registry) -> bool {
    match &node.body {
        NodeBody::Leaf { type_name, .. } => registry.get(type_name).is_err(),
        NodeBody::Composite { .. } => false,
    }
}

/// Longest name of a component or a box, in bytes.
pub(crate) const LONGEST_NAME: usize = 200;

/// Whether a component can have this name: links are written `name.box -> name.box`, paths `composite/name`.
pub(crate) fn check_name(name: &str) -> Result<(), EditError> {
    let why = if name == "self" {
        "it stands for the composite itself; choose another"
    } else if name.contains(['.', '/']) {
        "dots and slashes separate names; leave them out"
    } else if let Some(why) = wrong_in_any_name(name) {
        why
    } else {
        return Ok(());
    };
    Err(EditError::BadName { name: name.chars().take(60).collect(), why })
}

/// Whether a box can have this name.
pub(crate) fn check_box_name(name: &str) -> Result<(), EditError> {
    match wrong_in_any_name(name) {
        None => Ok(()),
        Some(why) => Err(EditError::BadBoxName { name: name.chars().take(60).collect(), why }),
    }
}

fn wrong_in_any_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty; give one")
    } else if name.len() > LONGEST_NAME {
        Some("it is too long; shorten it")
    } else if name.trim() != name {
        Some("it begins or ends with a space; remove it")
    } else if name.contains("->") {
        Some("an arrow stands for a link; leave it out")
    } else if name.chars().any(char::is_control) {
        Some("it holds a line break or another control character; leave it out")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
