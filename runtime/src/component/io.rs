//! BoxIo: the only thing a running component can touch.
//!
//! Used on the scheduler thread only.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::{Outcome, Outside, OutsidePort};
use crate::ids::ComponentId;
use crate::message::Message;
use crate::params::Params;
use crate::surface::Surface;

/// The boxes, clock, console, surface and outside of one component.
pub struct BoxIo {
    name: Arc<str>,
}

/// What [`BoxIo::recv_timeout`] came back with.
#[derive(Debug, Clone, PartialEq)]
pub enum Timed {
    /// A message.
    Message(Message),
    /// The stream has ended.
    Ended,
    /// The time was up.
    TimedOut,
}

/// A named service of the tracker: a box of some component (CAT-2).
#[derive(Debug, Clone)]
pub struct Service {
    /// The name it was registered under.
    pub name: Arc<str>,
}

impl BoxIo {
    /// The component's identity.
    pub fn id(&self) -> ComponentId {
        unimplemented!()
    }
    /// The component's name.
    pub fn name(&self) -> Arc<str> {
        self.name.clone()
    }
    /// The settings in force now; settings described as live change while it runs.
    pub fn params(&self) -> Rc<Params> {
        unimplemented!()
    }
    /// The runtime's clock.
    pub fn now(&self) -> Duration {
        unimplemented!()
    }
    /// The next message of an inbox; `None` once its stream has ended (R9).
    pub async fn recv(&self, _inbox: &str) -> Option<Message> {
        unimplemented!()
    }
    /// The next message if one waits (BOX-13).
    pub fn try_recv(&self, _inbox: &str) -> Option<Message> {
        unimplemented!()
    }
    /// The next message of several inboxes, earlier names first; `None` once all streams have ended.
    pub async fn recv_any(&self, _inboxes: &[&'static str]) -> Option<(&'static str, Message)> {
        unimplemented!()
    }
    /// The next message, or the end, or that `patience` has passed.
    pub async fn recv_timeout(&self, _inbox: &str, _patience: Duration) -> Timed {
        unimplemented!()
    }
    /// Messages waiting in an inbox (BOX-14).
    pub fn depth(&self, _inbox: &str) -> usize {
        unimplemented!()
    }
    /// Sends, waiting for room behind every link of the outbox (R7, R8).
    pub async fn send(&self, _outbox: &str, _message: impl Into<Message>) {
        unimplemented!()
    }
    /// Sends if there is room, else gives the message back (BOX-28).
    pub fn try_send(&self, _outbox: &str, _message: impl Into<Message>) -> Result<(), Message> {
        unimplemented!()
    }
    /// Whether a send would go through at once.
    pub fn has_room(&self, _outbox: &str) -> bool {
        unimplemented!()
    }
    /// Waits on the runtime's clock.
    pub async fn sleep(&self, _span: Duration) {
        unimplemented!()
    }
    /// Waits until this moment on the runtime's clock.
    pub async fn sleep_until(&self, _moment: Duration) {
        unimplemented!()
    }
    /// Ends this turn.
    pub async fn yield_now(&self) {
        unimplemented!()
    }
    /// A path of the settings made absolute: relative ones start from the folder of the project file.
    pub fn path(&self, _path: &str) -> std::path::PathBuf {
        unimplemented!()
    }
    /// Whether a shutdown message has arrived on `control`.
    pub fn is_shutting_down(&self) -> bool {
        unimplemented!()
    }
    /// Replaces what the component shows.
    pub fn show(&self, _surface: Surface) {
        unimplemented!()
    }
    /// Writes one line to the console.
    pub fn print(&self, _line: &str) {
        unimplemented!()
    }
    /// Starts a task outside the scheduler and gives the near end of its port (R2, R3).
    pub fn outside<F, T>(&self, _label: &str, _task: F) -> Outside
    where
        F: FnOnce(OutsidePort) -> T + Send + 'static,
        T: Future<Output = Outcome> + Send + 'static,
    {
        unimplemented!()
    }
    /// Registers one of its inboxes as a service (CAT-2).
    pub fn register_inbox_service(&self, _name: &str, _inbox: &str) -> Result<(), super::Fault> {
        unimplemented!()
    }
    /// Registers one of its outboxes as a service that can be subscribed to.
    pub fn register_outbox_service(&self, _name: &str, _outbox: &str) -> Result<(), super::Fault> {
        unimplemented!()
    }
    /// The service of this name, waiting until it exists (CAT-4, BACK-4).
    pub async fn service(&self, _name: &str) -> Service {
        unimplemented!()
    }
    /// Links one of its outboxes to an inbox service, at the next safe point.
    pub async fn link_to(&self, _outbox: &str, _service: &Service) -> Result<(), super::Fault> {
        unimplemented!()
    }
    /// Links an outbox service to one of its inboxes, at the next safe point.
    pub async fn link_from(&self, _service: &Service, _inbox: &str) -> Result<(), super::Fault> {
        unimplemented!()
    }
}
