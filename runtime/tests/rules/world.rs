//! A small system for tests of the rules: a scheduler with a virtual clock, and short methods for linking, putting,
//! taking and inspecting. The components are in `scripts`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{ComponentView, InboxView, OutboxView, State};
use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentDesc, InboxLimit, LinkageDesc};

pub use crate::scripts::*;

/// A link from outbox to inbox.
pub fn data(from: ComponentId, outbox: &str, to: ComponentId, inbox: &str) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(from, outbox), to: BoxAddr::inbox(to, inbox) }
}

/// A link from inbox to inbox.
pub fn inward(from: ComponentId, outer: &str, to: ComponentId, inner: &str) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::inbox(from, outer), to: BoxAddr::inbox(to, inner) }
}

/// A link from outbox to outbox.
pub fn outward(from: ComponentId, inner: &str, to: ComponentId, outer: &str) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(from, inner), to: BoxAddr::outbox(to, outer) }
}

/// Lines that a script keeps for the test.
pub type Log = Rc<RefCell<Vec<String>>>;

pub fn log() -> Log {
    Log::default()
}

pub struct World {
    pub scheduler: Scheduler,
    console: Log,
    next: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::with(|_| {})
    }
}

impl World {
    pub fn with(adjust: impl FnOnce(&mut SchedulerConfig)) -> Self {
        let console = log();
        let lines = console.clone();
        let mut config = SchedulerConfig::new(registry());
        config.clock = ClockKind::Virtual;
        config.console = Box::new(move |_, line| lines.borrow_mut().push(line.to_owned()));
        adjust(&mut config);
        Self { scheduler: Scheduler::new(config), console, next: 0 }
    }

    pub fn steps(&mut self, steps: Vec<Step>) {
        for outcome in self.scheduler.reconfigure(1, steps) {
            assert_eq!(outcome.error, None);
        }
    }

    /// The error text if a step is refused.
    pub fn refusal(&mut self, step: Step) -> Option<String> {
        self.scheduler.reconfigure(1, vec![step]).remove(0).error.map(|text| text.to_string())
    }

    pub fn start(&mut self, desc: ComponentDesc) -> ComponentId {
        self.next += 1;
        let id = ComponentId(self.next);
        self.steps(vec![Step::Start { id, desc }]);
        id
    }

    fn scripted<F, T>(&mut self, name: &str, type_name: &str, code: F) -> ComponentId
    where
        F: Fn(BoxIo) -> T + 'static,
        T: Future<Output = Outcome> + 'static,
    {
        self.start(desc(name, type_name, [("script".to_owned(), script(code))].into()))
    }

    /// A component with this code.
    pub fn add<F, T>(&mut self, name: &str, code: F) -> ComponentId
    where
        F: Fn(BoxIo) -> T + 'static,
        T: Future<Output = Outcome> + 'static,
    {
        self.scripted(name, "Script", code)
    }

    /// A component without inboxes.
    pub fn source<F, T>(&mut self, name: &str, code: F) -> ComponentId
    where
        F: Fn(BoxIo) -> T + 'static,
        T: Future<Output = Outcome> + 'static,
    {
        self.scripted(name, "Source", code)
    }

    /// Sends these strings, then ends.
    pub fn sender(&mut self, name: &str, texts: &'static [&'static str]) -> ComponentId {
        self.source(name, move |io| async move {
            for text in texts {
                io.send("outbox", *text).await;
            }
            Ok(())
        })
    }

    /// Takes nothing and waits to be asked to end.
    pub fn idle(&mut self, name: &str) -> ComponentId {
        self.add(name, |io| async move {
            io.recv("control").await;
            Ok(())
        })
    }

    /// Passes `inbox` on to `outbox`.
    pub fn pass_through(&mut self, name: &str) -> ComponentId {
        self.start(desc(name, "Echo", BTreeMap::new()))
    }

    /// Prints its messages, and `end` at the end of the stream.
    pub fn printer(&mut self, name: &str) -> ComponentId {
        self.add(name, |io| async move {
            while let Some(message) = io.recv("inbox").await {
                io.print(&message.to_string());
            }
            io.print("end");
            Ok(())
        })
    }

    pub fn thread(&mut self, name: &str, code: impl FnOnce(ThreadIo) -> Outcome + Send + 'static) -> ComponentId {
        self.start(desc(name, "Thread", [("script".to_owned(), thread_script(code))].into()))
    }

    pub fn composite(&mut self, name: &str) -> ComponentId {
        self.start(composite_desc(name, &[], &[]))
    }

    /// Makes a component a member of a composite.
    pub fn join(&mut self, member: ComponentId, composite: ComponentId) {
        let mut desc = desc(&self.name(member), "", BTreeMap::new());
        desc.parent = Some(composite);
        self.steps(vec![Step::Describe { id: member, desc }]);
    }

    pub fn link(&mut self, linkage: LinkageDesc) {
        self.steps(vec![Step::Link { linkage }]);
    }

    /// `outbox` to `inbox`.
    pub fn wire(&mut self, from: ComponentId, to: ComponentId) {
        self.link(data(from, "outbox", to, "inbox"));
    }

    pub fn unlink(&mut self, linkage: LinkageDesc) {
        self.steps(vec![Step::Unlink { linkage }]);
    }

    pub fn limit(&mut self, id: ComponentId, inbox: &str, capacity: Option<usize>, policy: FullPolicy) {
        let limit = InboxLimit { capacity, policy };
        self.steps(vec![Step::Limit { inbox: BoxAddr::inbox(id, inbox), limit }]);
    }

    /// A limit at which senders wait.
    pub fn cap(&mut self, id: ComponentId, capacity: usize) {
        self.limit(id, "inbox", Some(capacity), FullPolicy::Block);
    }

    pub fn put(&mut self, id: ComponentId, inbox: &str, message: impl Into<Message>) {
        assert!(self.scheduler.put(&BoxAddr::inbox(id, inbox), message.into()), "{id} has no {inbox}");
    }

    pub fn finish(&mut self, id: ComponentId) {
        self.put(id, "control", Message::ProducerFinished);
    }

    pub fn shut_down(&mut self, id: ComponentId) {
        self.put(id, "control", Message::Shutdown);
    }

    /// Takes the waiting messages out of an inbox and returns them as text.
    pub fn take(&mut self, id: ComponentId, inbox: &str) -> Vec<String> {
        self.scheduler.take_all(&BoxAddr::inbox(id, inbox)).iter().map(ToString::to_string).collect()
    }

    pub fn depth(&self, id: ComponentId, inbox: &str) -> usize {
        self.scheduler.depth(&BoxAddr::inbox(id, inbox))
    }

    pub fn command(&mut self, command: RuntimeCommand) {
        self.scheduler.handle().try_send(command).unwrap();
    }

    pub fn pause(&mut self, id: ComponentId, pause: bool) {
        self.command(RuntimeCommand::PauseComponent(id, pause));
    }

    /// Runs one pass, if a component is ready.
    pub fn pass(&mut self) {
        self.step(StepSize::Pass);
    }

    pub fn step(&mut self, size: StepSize) {
        self.command(RuntimeCommand::Advance(size));
        self.scheduler.run_step();
        self.command(RuntimeCommand::Resume);
    }

    /// Runs until no component is ready, without moving the clock.
    pub fn settle(&mut self) {
        self.scheduler.run_ready();
    }

    /// Runs until everything has ended or nothing can continue.
    pub fn run(&mut self) -> RunEnd {
        self.scheduler.run(RunLimit::default())
    }

    pub fn view(&self, id: ComponentId) -> ComponentView {
        self.scheduler.snapshot().component(id).unwrap_or_else(|| panic!("there is no component {id}")).clone()
    }

    pub fn exists(&self, id: ComponentId) -> bool {
        self.scheduler.snapshot().component(id).is_some()
    }

    pub fn name(&self, id: ComponentId) -> String {
        self.view(id).name.to_string()
    }

    pub fn state(&self, id: ComponentId) -> State {
        self.view(id).state
    }

    pub fn has_finished(&self, id: ComponentId) -> bool {
        self.state(id) == State::Finished
    }

    pub fn inbox(&self, id: ComponentId, name: &str) -> InboxView {
        self.view(id).inboxes.into_iter().find(|inbox| *inbox.name == *name).unwrap()
    }

    pub fn outbox(&self, id: ComponentId, name: &str) -> OutboxView {
        self.view(id).outboxes.into_iter().find(|outbox| *outbox.name == *name).unwrap()
    }

    /// Lines printed so far.
    pub fn console(&self) -> Vec<String> {
        self.console.borrow().clone()
    }

    pub fn links(&self) -> Vec<LinkageDesc> {
        self.scheduler.snapshot().linkages.into_iter().map(|link| link.desc).collect()
    }

    /// The error text of a component that crashed.
    pub fn crash(&self, id: ComponentId) -> String {
        match self.state(id) {
            State::Crashed(text) => text.to_string(),
            other => panic!("{id} is {other:?}"),
        }
    }
}

/// A value that a thread leaves behind for the test.
pub fn shared<T: Default>() -> Arc<Mutex<T>> {
    Arc::default()
}

pub fn get<T: Clone>(value: &Arc<Mutex<T>>) -> T {
    value.lock().unwrap().clone()
}
