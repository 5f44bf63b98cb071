//! Wiring: the far ends of a handle's port, and the errors of a handle.

use std::sync::Arc;

use crate::component::port::Far;
use crate::ids::ComponentId;
use crate::message::Message;

/// Why a handle could not be made or used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HandleError {
    /// The component does not exist.
    #[error("there is no component {0}")]
    NoSuchComponent(ComponentId),
    /// The component has no such box, or the handle was made without it.
    #[error("{component} has no box named {name} here")]
    NoSuchBox {
        /// Name of the component.
        component: Arc<str>,
        /// Name of the box.
        name: Arc<str>,
    },
    /// The scheduler refused, in words.
    #[error("{0}")]
    Refused(Arc<str>),
    /// The runtime has ended, or is not there any more.
    #[error("the runtime has ended")]
    RuntimeEnded,
    /// The component has ended; the message is given back.
    #[error("the component has ended")]
    Closed(Message),
    /// There is no room now, or was none in time; the message is given back.
    #[error("there is no room")]
    Full(Message),
}

/// The far end of one box, by name.
pub(crate) type End = (Arc<str>, Far<Message, Message>);

/// The far ends of a port, by box.
#[derive(Default)]
pub(crate) struct Wiring {
    pub puts: Vec<End>,
    pub gets: Vec<End>,
}
