//! Request: the requests that a component can make to its scheduler, and the answers.
//!
//! A component makes a request during its turn. The scheduler answers all requests at the next safe point, in order (R12),
//! those for the topology last and with one view; the answer wakes the component. Not here: the functions that components call (see `component::children` and
//! `component::linking`), and how requests are carried out (see `scheduler::graph::granting`).

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::child::Fate;
use crate::component::Fault;
use crate::delivery::wake_state::WakeState;
use crate::ids::{ComponentId, Direction};
use crate::introspect::changes::TopologyView;
use crate::message::Message;
use crate::topology::{LinkageDesc, Topology};

/// A component type whose description need not be registered: a `&'static ComponentSpec`.
///
/// Erased, because the description names the component's code, which uses its boxes, which use this queue.
pub(crate) type ErasedSpec = &'static (dyn Any + Send + Sync);

/// A component's request.
pub(crate) enum Ask {
    /// Link two boxes. `or_linked`: an existing link is not an error.
    Link { linkage: LinkageDesc, or_linked: bool },
    /// Remove a link that this component made (LINK-16).
    Unlink(LinkageDesc),
    /// Remove the links that this component made to or from another component (LINK-17).
    UnlinkComponent(ComponentId),
    /// Start components as children; identities in `children` are local. `template`: they are an instance of this
    /// template, under the local identity 0, and the components its chassis adds.
    Start { children: Topology, specs: Vec<ErasedSpec>, fate: Fate, template: Option<Arc<str>> },
    /// Report the end of a component that another component started.
    Adopt(ComponentId),
    /// Remove a child from the list, and remove the child itself if it has ended. `forgives`: its crashes do not count as
    /// failures of the run.
    Disown { child: ComponentId, forgives: bool },
    /// End a component now.
    Stop(ComponentId),
    /// Pause (true) or wake (false) a component.
    Pause(ComponentId, bool),
    /// Remove one of this component's boxes, with every link on it.
    DeleteBox(Direction, Arc<str>),
    /// The topology, once its revision differs from this one.
    Topology { seen: u64 },
    /// A composite passes a control message on to its members (GRAPH-9).
    ControlMembers(Message),
    /// Put a message into the `control` of a component, linked or not.
    Control(ComponentId, Message),
    /// The crashes inside a composite.
    Faults(ComponentId),
    /// Remove this component, which is only a port.
    Vanish,
    /// Only wait for the safe point.
    Nothing,
}

impl Ask {
    /// Whether this can be carried out before the routes of earlier changes are made: it neither sends along routes nor removes
    /// the boxes at their ends.
    pub fn ignores_routes(&self) -> bool {
        match self {
            Self::Link { .. }
            | Self::Unlink(_)
            | Self::UnlinkComponent(_)
            | Self::Start { .. }
            | Self::Adopt(_)
            | Self::Topology { .. }
            | Self::Faults(_)
            | Self::Nothing => true,
            Self::Disown { .. }
            | Self::DeleteBox(..)
            | Self::Vanish
            | Self::Stop(_)
            | Self::Pause(..)
            | Self::ControlMembers(_)
            | Self::Control(..) => false,
        }
    }

    /// Whether this may change components, boxes or links. Ends of components are noted where they happen.
    pub fn may_change_topology(&self) -> bool {
        match self {
            Self::Link { .. }
            | Self::Unlink(_)
            | Self::UnlinkComponent(_)
            | Self::Start { .. }
            | Self::Disown { .. }
            | Self::DeleteBox(..)
            | Self::Vanish => true,
            Self::Adopt(_)
            | Self::Stop(_)
            | Self::Pause(..)
            | Self::Topology { .. }
            | Self::ControlMembers(_)
            | Self::Control(..)
            | Self::Faults(_)
            | Self::Nothing => false,
        }
    }
}

/// The result of a request.
pub(crate) enum Answer {
    Done,
    /// The identities given to children, by local identity.
    Started(BTreeMap<ComponentId, ComponentId>),
    Topology(u64, Arc<TopologyView>),
    /// Names and faults of crashed components.
    Faults(Vec<(Arc<str>, Fault)>),
    /// The topology will not change again.
    Over,
}

/// Where the scheduler puts the answer.
pub(crate) type Reply = Rc<RefCell<Option<Result<Answer, Fault>>>>;

/// A request, and where to put its answer.
pub(crate) struct Request {
    pub owner: Rc<WakeState>,
    pub ask: Ask,
    pub reply: Reply,
}

/// The requests since the last safe point, in order.
#[derive(Default)]
pub(crate) struct Requests {
    waiting: RefCell<Vec<Request>>,
}

impl Requests {
    /// Adds a request; the answer will be in the reply.
    pub fn push(&self, owner: &Rc<WakeState>, ask: Ask) -> Reply {
        let reply = Reply::default();
        self.waiting.borrow_mut().push(Request { owner: owner.clone(), ask, reply: reply.clone() });
        reply
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.borrow().is_empty()
    }

    pub fn take(&self) -> Vec<Request> {
        self.waiting.take()
    }
}
