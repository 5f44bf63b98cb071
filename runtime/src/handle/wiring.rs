//! Wiring: the far ends of a handle's port, and the errors of a handle.

use std::sync::Arc;
use std::time::Duration;

use crate::component::far_end::Far;
use crate::ids::{ComponentId, Direction};
use crate::message::Message;
use crate::scheduler::graph::error::GraphError;

/// Why a handle could not be made or used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HandleError {
    /// The component does not exist.
    #[error("there is no component {0}")]
    NoSuchComponent(ComponentId),
    /// The component has no such box.
    #[error("{component} has no {} named {name}; its {}: {known}", .side.name(), boxes(*.side))]
    NoSuchBox {
        /// Name of the component.
        component: Arc<str>,
        /// Inbox or outbox.
        side: Direction,
        /// Name of the box.
        name: Arc<str>,
        /// The names of all boxes on that side.
        known: String,
    },
    /// The handle was made without this box, whether the component has it or not.
    #[error("the handle to {component} was made without the {} {name}; name it when the handle is made", .side.name())]
    NotAttached {
        /// Name of the component.
        component: Arc<str>,
        /// Inbox or outbox.
        side: Direction,
        /// Name of the box.
        name: Arc<str>,
    },
    /// The component could not be started or stopped, or its port could not be made.
    #[error("{0}")]
    Refused(#[source] GraphError),
    /// The runtime has ended.
    #[error("the runtime has ended")]
    RuntimeEnded,
    /// A component does not return from its turn, so the scheduler cannot carry out the request.
    #[error(
        "{component} has held the turn for {} s; the request takes effect when the component waits or returns", .held_for.as_secs()
    )]
    TurnHeld {
        /// Name of the component.
        component: Arc<str>,
        /// How long the caller has seen it hold the turn, in real time.
        held_for: Duration,
    },
    /// The component has ended; returns the message.
    #[error("the component has ended")]
    Closed(Message),
    /// The queue of the inbox is full; returns the message.
    #[error("the queue of the inbox is full")]
    Full(Message),
}

/// The far end of one box, with the name of the box.
pub(crate) type End = (Arc<str>, Far<Message, Message>);

/// The word for all boxes of one side.
fn boxes(side: Direction) -> &'static str {
    match side {
        Direction::Inbox => "inboxes",
        Direction::Outbox => "outboxes",
    }
}

/// The far ends of a handle's port.
#[derive(Default)]
pub(crate) struct Wiring {
    /// Name of the component when the handle was made.
    pub component: Arc<str>,
    pub puts: Vec<End>,
    pub gets: Vec<End>,
}
