//! Wiring: the far ends of a handle's port, and the errors of a handle.

use std::sync::Arc;

use crate::component::far_end::Far;
use crate::ids::ComponentId;
use crate::message::Message;

/// Why a handle could not be made or used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HandleError {
    /// The component does not exist.
    #[error("there is no component {0}")]
    NoSuchComponent(ComponentId),
    /// The component has no such box, or the handle was made without it.
    #[error("{component} has no box named {name}, or the handle was made without it")]
    NoSuchBox {
        /// Name of the component.
        component: Arc<str>,
        /// Name of the box.
        name: Arc<str>,
    },
    /// The scheduler refused; the text gives the reason.
    #[error("{0}")]
    Refused(Arc<str>),
    /// The runtime has ended.
    #[error("the runtime has ended")]
    RuntimeEnded,
    /// The component has ended; returns the message.
    #[error("the component has ended")]
    Closed(Message),
    /// The queue of the inbox is full; returns the message.
    #[error("the queue of the inbox is full")]
    Full(Message),
}

/// The far end of one box, with the name of the box.
pub(crate) type End = (Arc<str>, Far<Message, Message>);

/// The far ends of a handle's port.
#[derive(Default)]
pub(crate) struct Wiring {
    pub puts: Vec<End>,
    pub gets: Vec<End>,
}
