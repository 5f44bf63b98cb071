//! A running system that a test builds in a few lines: it has its own scheduler thread and needs no window or project
//! file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{ComponentView, LinkageView, RunState, Snapshot};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

use crate::wait_until;

/// Time limit for each wait.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A scheduler and the names of its components. Dropping it stops the scheduler.
pub struct System {
    handle: RuntimeHandle,
    ids: BTreeMap<String, ComponentId>,
    batch: u64,
}

impl System {
    /// Starts a paused scheduler with the component library and the test components of this file.
    pub fn paused() -> Self {
        let mut registry = compose_components::registry();
        for spec in [&NUMBERS, &SUM, &PANIC_ON] {
            registry.register(spec).expect("the name is free");
        }
        let builder = RuntimeBuilder::new(registry).snapshot_interval(Duration::from_millis(1)).awaits_repair();
        let handle = builder.spawn().expect("the scheduler starts");
        handle.try_send(RuntimeCommand::Pause).expect("the queue is empty");
        Self { handle, ids: BTreeMap::new(), batch: 0 }
    }

    /// Starts a component and waits until it exists.
    #[must_use]
    pub fn with(mut self, name: &str, type_name: &str, params: &[(&str, Message)]) -> Self {
        let id = ComponentId(self.ids.len() as u64 + 1);
        self.ids.insert(name.to_owned(), id);
        let desc = description(name, type_name, params);
        self.batch(vec![Step::Start { id, desc }]);
        self
    }

    /// Starts a component that restarts after a crash.
    #[must_use]
    pub fn with_restarting(mut self, name: &str, type_name: &str, params: &[(&str, Message)]) -> Self {
        let id = ComponentId(self.ids.len() as u64 + 1);
        self.ids.insert(name.to_owned(), id);
        let desc = ComponentDesc { restart: RestartPolicy::OnFailure, ..description(name, type_name, params) };
        self.batch(vec![Step::Start { id, desc }]);
        self
    }

    /// Restarts a component with these parameters, as a user does by hand.
    pub fn restart(&mut self, name: &str, type_name: &str, params: &[(&str, Message)]) {
        let id = self.ids[name];
        self.batch(vec![Step::Restart { id, desc: description(name, type_name, params) }]);
    }

    /// Adds links, written as in a project file.
    #[must_use]
    pub fn linked(mut self, links: &[&str]) -> Self {
        let steps = links.iter().map(|link| Step::Link { linkage: self.linkage(link) }).collect();
        self.batch(steps);
        self
    }

    /// Parses a link such as `a.outbox -> b.inbox`.
    pub fn linkage(&self, text: &str) -> LinkageDesc {
        let (from, to) = text.split_once(" -> ").expect("a link has an arrow");
        let part = |end: &str| {
            let (name, box_name) = end.split_once('.').expect("an end has a dot");
            (self.ids[name], box_name.to_owned())
        };
        let ((from, outbox), (to, inbox)) = (part(from), part(to));
        LinkageDesc { from: BoxAddr::outbox(from, outbox), to: BoxAddr::inbox(to, inbox) }
    }

    /// Sends a batch and waits until it is applied.
    pub fn batch(&mut self, steps: Vec<Step>) {
        self.batch += 1;
        let batch = self.batch;
        self.send(RuntimeCommand::Reconfigure { batch, steps });
        let snapshot = self.wait("the batch", |snapshot| snapshot.last_batch >= batch);
        assert!(snapshot.failed_steps.is_empty(), "{:?}", snapshot.failed_steps);
    }

    /// Sends a command, and retries while the queue is full.
    pub fn send(&self, command: RuntimeCommand) {
        wait_until("space in the queue", TIMEOUT, || self.handle.try_send(command.clone()).ok());
    }

    /// Resumes the system.
    pub fn resume(&self) {
        self.send(RuntimeCommand::Resume);
    }

    /// Resumes the system and waits until it ends or stalls.
    pub fn run_to_end(&self) -> Arc<Snapshot> {
        self.resume();
        self.wait("the end", |snapshot| matches!(snapshot.run, RunState::Ended | RunState::Stalled(_)))
    }

    /// Waits for a snapshot that meets the condition.
    pub fn wait(&self, what: &str, condition: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        wait_until(what, TIMEOUT, || Some(self.handle.snapshot()).filter(|snapshot| condition(snapshot)))
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    /// A component in a snapshot.
    pub fn view<'a>(&self, snapshot: &'a Snapshot, name: &str) -> &'a ComponentView {
        snapshot.component(self.ids[name]).expect("the snapshot contains it")
    }

    /// A link in a snapshot.
    pub fn link_view<'a>(&self, snapshot: &'a Snapshot, text: &str) -> &'a LinkageView {
        let desc = self.linkage(text);
        snapshot.linkages.iter().find(|link| link.desc == desc).expect("the snapshot contains it")
    }

    /// The id of a component.
    pub fn id(&self, name: &str) -> ComponentId {
        self.ids[name]
    }

    /// Lines that one component has printed since the last call. Each call also discards the lines of the others.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let (lines, _) = self.handle.take_console();
        lines.into_iter().filter(|(from, _)| &**from == name).map(|(_, line)| line).collect()
    }
}

impl Drop for System {
    fn drop(&mut self) {
        drop(self.handle.try_send(RuntimeCommand::Quit));
    }
}

fn description(name: &str, type_name: &str, params: &[(&str, Message)]) -> ComponentDesc {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let body = ComponentBody::Leaf { type_name: Arc::from(type_name), params };
    ComponentDesc { name: Arc::from(name), body, parent: None, restart: RestartPolicy::Never, limits: BTreeMap::new() }
}

/// Emits 1, 2, 3 and so on.
pub static NUMBERS: ComponentSpec = ComponentSpec {
    type_name: "TestNumbers",
    summary: "Emits whole numbers from 1",
    outboxes: &[BoxSpec::new("outbox", "The numbers").kinds(&[Kind::Int])],
    params: &[ParamSpec::count("count", 10, "How many")],
    build: build::<Numbers>,
    ..ComponentSpec::EMPTY
};

struct Numbers {
    count: i64,
}

impl Component for Numbers {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.int("count") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 1..=self.count {
            io.send("outbox", number).await;
        }
        Ok(())
    }
}

/// Adds up numbers and prints `count sum` at the end. Crashes if the numbers do not increase.
pub static SUM: ComponentSpec = ComponentSpec {
    type_name: "TestSum",
    summary: "Adds up increasing numbers",
    inboxes: &[BoxSpec::new("inbox", "Increasing whole numbers").kinds(&[Kind::Int])],
    build: build::<Sum>,
    ..ComponentSpec::EMPTY
};

struct Sum;

impl Component for Sum {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut count, mut sum, mut last) = (0_u64, 0_i64, 0_i64);
        while let Some(message) = io.recv("inbox").await {
            let Message::Int(number) = message else { return Err(Fault::new("not a whole number")) };
            if number <= last {
                return Err(Fault::new(format!("{number} came after {last}")));
            }
            (count, sum, last) = (count + 1, sum + number, number);
        }
        io.print(&format!("{count} {sum}"));
        Ok(())
    }
}

/// Passes messages on and panics on one of them.
pub static PANIC_ON: ComponentSpec = ComponentSpec {
    type_name: "TestPanicOn",
    summary: "Panics on one message",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    outboxes: &[BoxSpec::new("outbox", "The same")],
    params: &[ParamSpec::int("number", 0, i64::MAX, 3, "The number to panic on")],
    build: build::<PanicOn>,
    ..ComponentSpec::EMPTY
};

struct PanicOn {
    number: i64,
}

impl Component for PanicOn {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { number: params.int("number") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            assert!(message != Message::Int(self.number), "the number was {}", self.number);
            io.send("outbox", message).await;
        }
        Ok(())
    }
}
