//! Recording: everything that entered a run from outside, so that the run can be replayed without its environment (R2).
//!
//! A run is a function of project, seed, policy and these events. Each event carries the number of passes before it
//! entered; in a replay, it enters at the same safe point. Plain data: the app defines the file format.

use std::time::Duration;

use crate::command::Step;
use crate::component::Outcome;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;

/// Something that became visible at the near end of a port.
#[derive(Debug, Clone, PartialEq)]
pub enum PortEvent {
    /// A message arrived.
    Arrived(Message),
    /// The far end took this many messages, which made space.
    Space(usize),
    /// The far end ended.
    Ended(Outcome),
}

/// Something that entered a run from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The runtime's clock moved to this moment.
    Clock(Duration),
    /// An event at the port with this number; ports are numbered in order of opening.
    Port(u64, PortEvent),
    /// A command put a message into an inbox.
    Inject(BoxAddr, Message),
    /// The user acted on a surface.
    Surface(ComponentId, Message),
    /// Steps from another thread were carried out.
    Steps(Vec<Step>),
    /// A command stopped a component.
    Stop(ComponentId),
    /// A handle was attached to these inboxes and outboxes of a component.
    Attach(ComponentId, Vec<String>, Vec<String>),
    /// A command paused (true) or resumed (false) a component.
    PauseComponent(ComponentId, bool),
    /// A foreign future woke its component.
    Wake(ComponentId),
    /// All components were asked to shut down.
    ShutDown,
    /// All components were ended at once, because they did not end after the request.
    ShutDownNow,
}

/// An event and when it entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Passes done when it entered.
    pub pass: u64,
    /// The event that entered.
    pub event: Event,
}

/// Called for every recorded event.
pub type RecordFn = Box<dyn FnMut(Recorded)>;

/// Something that travels through a port and can be recorded as a message.
pub(crate) trait Recordable: Sized {
    fn to_message(&self) -> Message;
    fn from_message(message: &Message) -> Option<Self>;
}

impl Recordable for Message {
    fn to_message(&self) -> Message {
        self.without_resources()
    }

    fn from_message(message: &Message) -> Option<Self> {
        Some(message.clone())
    }
}
