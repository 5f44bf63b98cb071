//! Rig: one component, stepped on a virtual clock, every outbox captured (feature `testing`).

use std::time::Duration;

use crate::component::ComponentSpec;
use crate::introspect::snapshot::State;
use crate::message::Message;
use crate::surface::Surface;

/// One component under test. Outboxes are captured without limit; nothing feeds its inboxes but the test.
pub struct Rig {}

impl Rig {
    /// Starts the component with these settings. Panics with the errors if they are refused.
    pub fn new(_spec: &'static ComponentSpec, _params: &[(&str, Message)]) -> Self {
        unimplemented!()
    }
    /// Puts a message into an inbox.
    pub fn put(&mut self, _inbox: &str, _message: impl Into<Message>) {
        unimplemented!()
    }
    /// Puts `ProducerFinished` on `control`.
    pub fn finish(&mut self) {
        unimplemented!()
    }
    /// Puts `Shutdown` on `control`.
    pub fn shutdown(&mut self) {
        unimplemented!()
    }
    /// A press or line on the component's surface.
    pub fn event(&mut self, _event: impl Into<Message>) {
        unimplemented!()
    }
    /// Runs until nothing can move, letting the clock jump at most `limit` of virtual time; waits for outside tasks and
    /// threads that are busy.
    pub fn run_for(&mut self, _limit: Duration) {
        unimplemented!()
    }
    /// Runs until nothing can move and no timer is set, at most one virtual hour.
    pub fn run(&mut self) {
        unimplemented!()
    }
    /// Runs until the condition holds; for sockets and threads. Panics after ten real seconds.
    pub fn run_until(&mut self, _condition: impl FnMut(&Rig) -> bool) {
        unimplemented!()
    }
    /// Takes what an outbox has sent so far.
    pub fn take(&mut self, _outbox: &str) -> Vec<Message> {
        unimplemented!()
    }
    /// How many messages wait to be taken from an outbox.
    pub fn waiting(&self, _outbox: &str) -> usize {
        unimplemented!()
    }
    /// The same as [`Rig::take`], as text.
    pub fn texts(&mut self, _outbox: &str) -> Vec<String> {
        unimplemented!()
    }
    /// Lines printed to the console so far.
    pub fn console(&self) -> Vec<String> {
        unimplemented!()
    }
    /// What the component shows.
    pub fn surface(&self) -> Option<Surface> {
        unimplemented!()
    }
    /// What the component is doing.
    pub fn state(&self) -> State {
        unimplemented!()
    }
    /// The runtime's clock.
    pub fn now(&self) -> Duration {
        unimplemented!()
    }
}

/// Puts `given` into `inbox`, finishes, runs, and compares what `outbox` sent, as text. The component must have finished.
pub fn check(spec: &'static ComponentSpec, params: &[(&str, Message)], given: &[&str], expected: &[&str]) {
    let mut rig = Rig::new(spec, params);
    for text in given {
        rig.put("inbox", *text);
    }
    rig.finish();
    rig.run();
    assert_eq!(rig.texts("outbox"), expected, "{}", spec.type_name);
    assert_eq!(rig.state(), State::Finished, "{} has not finished", spec.type_name);
}
