//! Topology: the components and linkages to run, as plain, comparable data.
//!
//! `plan(running, wanted)` compares two topologies; the scheduler receives only the differences. Nested graphs are flat
//! here: a composite is a component whose members name it as `parent`, and linkages through its boxes are passthrough
//! linkages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::params::ParamValue;

/// The body of a component: a type or a nested graph.
#[derive(Debug, Clone, PartialEq)]
pub enum ComponentBody {
    /// A registered type with these settings.
    Leaf {
        /// Name in the registry.
        type_name: Arc<str>,
        /// Settings that differ from the defaults.
        params: BTreeMap<String, ParamValue>,
    },
    /// A nested graph. `inbox`, `control`, `outbox` and `signal` exist without being listed.
    Composite {
        /// Names of its inboxes.
        inboxes: Vec<String>,
        /// Names of its outboxes.
        outboxes: Vec<String>,
    },
}

/// What happens after a crash (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RestartPolicy {
    /// It stays crashed until it is restarted by a command.
    #[default]
    Never,
    /// It restarts after a delay that doubles from 100 ms to 10 s.
    OnFailure,
}

/// What happens when a message arrives at a full inbox (R6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FullPolicy {
    /// The sender waits for space.
    #[default]
    Block,
    /// The oldest waiting message is dropped and counted.
    DropOldest,
    /// The arriving message is dropped and counted.
    DropNewest,
    /// The send fails, and the sending component crashes unless it used `try_send`.
    Fail,
}

/// Limit and policy of an inbox that differ from the component's description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxLimit {
    /// How many messages it holds; `None` for no limit.
    pub capacity: Option<usize>,
    /// What happens when it is full.
    pub policy: FullPolicy,
}

/// Description of one component to run.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentDesc {
    /// Its name. The name of a member begins with the name of its composite and a slash, as in `server/echo`.
    pub name: Arc<str>,
    /// Its body.
    pub body: ComponentBody,
    /// The composite it is a member of.
    pub parent: Option<ComponentId>,
    /// What happens after a crash.
    pub restart: RestartPolicy,
    /// Limits of inboxes that differ from the description of the type.
    pub limits: BTreeMap<String, InboxLimit>,
}

/// The three kinds of linkage (LINK-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkageKind {
    /// Outbox to inbox.
    Data,
    /// A composite's inbox to a member's inbox.
    InboxToInbox,
    /// A member's outbox to the composite's outbox.
    OutboxToOutbox,
}

/// Description of one linkage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkageDesc {
    /// The box from which messages come.
    pub from: BoxAddr,
    /// The box to which messages go.
    pub to: BoxAddr,
}

impl LinkageDesc {
    /// Whether one of its ends is on this component.
    pub fn touches(&self, id: ComponentId) -> bool {
        self.from.component == id || self.to.component == id
    }

    /// Which of the three kinds it is; `None` for inbox to outbox, which does not exist (LINK-1).
    pub fn kind(&self) -> Option<LinkageKind> {
        use Direction::{Inbox, Outbox};
        match (self.from.direction, self.to.direction) {
            (Outbox, Inbox) => Some(LinkageKind::Data),
            (Inbox, Inbox) => Some(LinkageKind::InboxToInbox),
            (Outbox, Outbox) => Some(LinkageKind::OutboxToOutbox),
            (Inbox, Outbox) => None,
        }
    }
}

impl fmt::Display for LinkageDesc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from, self.to)
    }
}

/// A box that a component does not have (BOX-11).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{component} has no {} named {name}", .side.name())]
pub struct NoSuchBox {
    /// Name of the component.
    pub component: Arc<str>,
    /// Inbox or outbox.
    pub side: Direction,
    /// Name of the box.
    pub name: Arc<str>,
}

/// Why a linkage could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// One of the two components does not exist.
    #[error("there is no component {0}")]
    NoSuchComponent(ComponentId),
    /// One of the two boxes does not exist (LINK-10).
    #[error(transparent)]
    NoSuchBox(#[from] NoSuchBox),
    /// An inbox cannot feed an outbox (LINK-1).
    #[error("an inbox cannot be linked to an outbox; link an outbox to an inbox")]
    InboxToOutbox,
    /// The same two boxes are already linked.
    #[error("{0} is already linked to {1}")]
    AlreadyLinked(BoxAddr, BoxAddr),
    /// The link would close a ring in which no inbox stores messages (LINK-22).
    #[error("linking {0} to {1} would make a ring of passthrough links; link an outbox instead")]
    PassthroughRing(BoxAddr, BoxAddr),
}

/// A graph that can be instantiated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    /// Inboxes of an instance beyond `inbox` and `control`.
    pub inboxes: Vec<String>,
    /// Outboxes of an instance beyond `outbox` and `signal`.
    pub outboxes: Vec<String>,
    /// The members and links. In linkages, [`Topology::OWNER`] stands for the instance itself. Components without a
    /// parent are direct members of the instance. Names do not contain the name of the instance.
    pub graph: Topology,
    /// Values for `"${name}"` in settings, unless the chassis provides others. The app puts the project parameters
    /// here.
    pub values: BTreeMap<String, ParamValue>,
    /// The settings that hold code, in which `${...}` may belong to the language ([`crate::substitute::substitute_code`]).
    pub code: BTreeSet<(ComponentId, String)>,
}

/// Everything to run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topology {
    /// The components. They start in order of identity, so this is also the order of the first pass.
    pub components: BTreeMap<ComponentId, ComponentDesc>,
    /// The linkages.
    pub linkages: BTreeSet<LinkageDesc>,
    /// The templates by name. They do not run; chassis make instances of them.
    pub templates: BTreeMap<Arc<str>, Arc<Template>>,
}

impl Topology {
    /// In a topology that a component starts as its children: that component.
    pub const OWNER: ComponentId = ComponentId(u64::MAX);
}
