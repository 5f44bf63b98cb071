//! Wire and Port: a link on the canvas, from one box to another.
//!
//! Plain data, ordered and comparable. The running linkage has the same ends, see [`Wire::linkage`].

use std::sync::Arc;

use compose_runtime::ids::{BoxAddr, Direction};
use compose_runtime::topology::{LinkageDesc, LinkageKind};
use serde::{Deserialize, Serialize};

use super::{NodeId, stored};

/// One box of one node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Port {
    /// The node that has the box.
    pub node: NodeId,
    /// Inbox or outbox.
    #[serde(with = "stored")]
    pub direction: Direction,
    /// The name of the box.
    pub name: Arc<str>,
}

impl Port {
    /// The inbox `name` of `node`.
    pub fn inbox(node: NodeId, name: impl Into<Arc<str>>) -> Self {
        Self { node, direction: Direction::Inbox, name: name.into() }
    }

    /// The outbox `name` of `node`.
    pub fn outbox(node: NodeId, name: impl Into<Arc<str>>) -> Self {
        Self { node, direction: Direction::Outbox, name: name.into() }
    }

    /// The box of the running component.
    pub fn address(&self) -> BoxAddr {
        BoxAddr { component: self.node.into(), direction: self.direction, name: self.name.clone() }
    }

    /// Whether it is `control` or `signal`, which every component has.
    pub fn is_about_ending(&self) -> bool {
        match self.direction {
            Direction::Inbox => &*self.name == "control",
            Direction::Outbox => &*self.name == "signal",
        }
    }
}

impl From<&BoxAddr> for Port {
    fn from(address: &BoxAddr) -> Self {
        Self { node: address.component.into(), direction: address.direction, name: address.name.clone() }
    }
}

/// One link. Inside a composite `c`, `self.inbox -> a.inbox` leads from the inbox of `c` to the inbox of `a`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Wire {
    /// The source of the messages.
    pub from: Port,
    /// The destination of the messages.
    pub to: Port,
}

impl Wire {
    /// A wire between two boxes.
    pub fn new(from: Port, to: Port) -> Self {
        Self { from, to }
    }

    /// An ordinary wire, from an outbox to an inbox.
    pub fn data(from: NodeId, outbox: &str, to: NodeId, inbox: &str) -> Self {
        Self::new(Port::outbox(from, outbox), Port::inbox(to, inbox))
    }

    /// The linkage of the running system.
    pub fn linkage(&self) -> LinkageDesc {
        LinkageDesc { from: self.from.address(), to: self.to.address() }
    }

    /// Its kind; `None` for a wire from an inbox to an outbox, which is impossible.
    pub fn kind(&self) -> Option<LinkageKind> {
        match (self.from.direction, self.to.direction) {
            (Direction::Outbox, Direction::Inbox) => Some(LinkageKind::Data),
            (Direction::Inbox, Direction::Inbox) => Some(LinkageKind::InboxToInbox),
            (Direction::Outbox, Direction::Outbox) => Some(LinkageKind::OutboxToOutbox),
            (Direction::Inbox, Direction::Outbox) => None,
        }
    }

    /// Whether one of its ends is this node.
    pub fn touches(&self, node: NodeId) -> bool {
        self.from.node == node || self.to.node == node
    }
}

impl From<&LinkageDesc> for Wire {
    fn from(desc: &LinkageDesc) -> Self {
        Self { from: Port::from(&desc.from), to: Port::from(&desc.to) }
    }
}
