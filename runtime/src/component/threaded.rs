//! ThreadedComponent: blocking work on its own named thread, behind the same boxes (R3, section 9 of the rules).

use std::time::Duration;

use super::{Outcome, Start};
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::surface::Surface;

/// A component whose `main` may block.
pub trait ThreadedComponent: Sized + Send + 'static {
    /// Makes one from checked settings.
    fn new(params: &Params) -> Result<Self, ParamError>;
    /// The behaviour, on the thread `compose-blocking-<name>`.
    fn main(self, io: ThreadIo) -> Outcome;
}

/// The `build` entry of a [`super::ComponentSpec`] for a [`ThreadedComponent`].
pub fn build_threaded<C: ThreadedComponent>(_params: &Params) -> Result<Box<dyn Start>, ParamError> {
    unimplemented!()
}

/// The boxes as seen from the thread: bounded queues, one ordered queue each way (THR-16).
pub struct ThreadIo {}

impl ThreadIo {
    /// The next message of an inbox, blocking; `None` once its stream has ended or the component was stopped.
    pub fn recv(&mut self, _inbox: &str) -> Option<Message> {
        unimplemented!()
    }
    /// The next message of any inbox with its box, blocking; `None` once all have ended or it was stopped.
    pub fn recv_any(&mut self) -> Option<(String, Message)> {
        unimplemented!()
    }
    /// Sends, blocking while the queue is full; `false` once the component was stopped.
    pub fn send(&mut self, _outbox: &str, _message: impl Into<Message>) -> bool {
        unimplemented!()
    }
    /// Waits on the runtime's clock; `false` if stopped meanwhile.
    pub fn sleep(&mut self, _span: Duration) -> bool {
        unimplemented!()
    }
    /// A path of the settings made absolute: relative ones start from the folder of the project file.
    pub fn path(&self, _path: &str) -> std::path::PathBuf {
        unimplemented!()
    }
    /// Whether the component was asked to stop.
    pub fn is_stopped(&self) -> bool {
        unimplemented!()
    }
    /// Replaces what the component shows.
    pub fn show(&mut self, _surface: Surface) {
        unimplemented!()
    }
}
