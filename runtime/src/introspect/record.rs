//! Recording: everything that entered a run from outside, so that the run can be had again without the world (R2).
//!
//! A run is a function of project, seed, policy and these events. Each is stamped with the number of passes done when it
//! entered; a replay lets it enter at the same safe point. Plain data: how it is written to a file is the application's.

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
    /// The far end took so many messages, which made room.
    Room(usize),
    /// The far end ended.
    Ended(Outcome),
}

/// Something that entered a run from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The runtime's clock moved to this.
    Clock(Duration),
    /// A port, by its number in order of opening.
    Port(u64, PortEvent),
    /// A message was put into an inbox by hand.
    Inject(BoxAddr, Message),
    /// The user did something on a surface.
    Surface(ComponentId, Message),
    /// Steps were carried out that another thread asked for.
    Steps(Vec<Step>),
    /// A component was stopped by hand.
    Stop(ComponentId),
    /// A handle was made to a component, for these inboxes and outboxes.
    Attach(ComponentId, Vec<String>, Vec<String>),
    /// A component was paused (true) or woken (false) by hand.
    PauseComponent(ComponentId, bool),
    /// A future that the runtime does not know woke its component.
    Wake(ComponentId),
    /// Everybody was asked to shut down.
    ShutDown,
    /// Everybody was told to end at once, because they did not end in order.
    ShutDownNow,
}

/// An event and when it entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Passes done when it entered.
    pub pass: u64,
    /// What entered.
    pub event: Event,
}

/// Called for everything that enters.
pub type RecordFn = Box<dyn FnMut(Recorded)>;

/// Something that travels through a port and can be written down as a message.
pub(crate) trait Recordable: Sized {
    fn to_message(&self) -> Message;
    fn from_message(message: &Message) -> Option<Self>;
}

impl Recordable for Message {
    fn to_message(&self) -> Message {
        self.clone()
    }

    fn from_message(message: &Message) -> Option<Self> {
        Some(message.clone())
    }
}
