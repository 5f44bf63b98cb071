//! Identities of components, linkages and boxes, stable for the life of a project or a run.
//!
//! Plain data. An identity is never an index.

use std::fmt;
use std::sync::Arc;

/// Identity of a component. The code that starts the component chooses it (the document uses its node ids). It is
/// stable across rename, relink, pause and restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub u64);

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Identity of a linkage within one run; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkageId(pub u64);

/// Which side of a component a box is on. Inbox names and outbox names are separate namespaces (BOX-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Receives messages.
    Inbox,
    /// Sends messages.
    Outbox,
}

impl Direction {
    /// `inbox` or `outbox`, for text shown to users.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Outbox => "outbox",
        }
    }
}

/// A box of a component, by name and side. Prints as `#7.inbox`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxAddr {
    /// The component that has the box.
    pub component: ComponentId,
    /// Inbox or outbox.
    pub direction: Direction,
    /// The name of the box.
    pub name: Arc<str>,
}

impl BoxAddr {
    /// The inbox `name` of `component`.
    pub fn inbox(component: ComponentId, name: impl Into<Arc<str>>) -> Self {
        Self { component, direction: Direction::Inbox, name: name.into() }
    }

    /// The outbox `name` of `component`.
    pub fn outbox(component: ComponentId, name: impl Into<Arc<str>>) -> Self {
        Self { component, direction: Direction::Outbox, name: name.into() }
    }
}

impl fmt::Display for BoxAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.component, self.name)
    }
}
