//! Rig: runs one component or composite on a virtual clock and captures all its outboxes (feature `testing`).
//!
//! Nothing here sleeps: the clock jumps, and the rig waits on a condition for answers from outside.
#![allow(clippy::expect_used, clippy::missing_panics_doc)]

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::command::Step;
use crate::component::{BoxIo, Component, ComponentSpec, Outcome};
use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::snapshot::{ComponentView, Snapshot, State};
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::registry::Registry;
use crate::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::surface::Surface;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy, Topology};

/// The first identity of the capturing components. A graph under test uses lower identities.
const FIRST_CATCHER: u64 = 1 << 20;

/// How long to wait for a condition to hold, in real time.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Captures messages: they stay in its inbox.
struct Catcher;

impl Component for Catcher {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // Only a message on `control` would wake it, and `control` is not linked.
        io.recv("control").await;
        Ok(())
    }
}

static CATCHER: ComponentSpec = ComponentSpec {
    type_name: "Catcher",
    summary: "Captures messages",
    inboxes: &[crate::component::BoxSpec::new("inbox", "Messages to capture").unbounded()],
    build: crate::component::build::<Catcher>,
    ..ComponentSpec::EMPTY
};

/// A view of a component in this state that has not yet run and has no boxes. Its type is `T`.
pub fn component_view(id: u64, name: &str, state: State) -> ComponentView {
    ComponentView {
        id: ComponentId(id),
        name: name.into(),
        type_name: "T".into(),
        parent: None,
        state,
        received: 0,
        sent: 0,
        turns: 0,
        restarts: 0,
        busy: Duration::ZERO,
        inboxes: Vec::new(),
        outboxes: Vec::new(),
        surface: None,
    }
}

/// A component under test. Its outboxes are captured without limit; only the test feeds its inboxes.
pub struct Rig {
    scheduler: Scheduler,
    catchers: BTreeMap<String, ComponentId>,
    console: Rc<RefCell<Vec<String>>>,
}

impl Rig {
    /// The component under test.
    pub const SUBJECT: ComponentId = ComponentId(1);

    /// Starts the component with these settings; relative paths start from the current folder. Panics with the errors
    /// if the settings are refused.
    pub fn new(spec: &'static ComponentSpec, params: &[(&str, Message)]) -> Self {
        Self::in_folder(spec, params, PathBuf::new())
    }

    /// The same, with relative paths starting from `folder`.
    pub fn in_folder(spec: &'static ComponentSpec, params: &[(&str, Message)], folder: PathBuf) -> Self {
        let given: BTreeMap<String, Message> =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let checked = Params::check(spec.params, given.iter().map(|(name, value)| (name.as_str(), value)))
            .unwrap_or_else(|errors| panic!("{}: {errors:?}", spec.type_name));
        let mut registry = Registry::default();
        registry.register(spec).expect("the registry is empty");
        let desc = desc("subject", spec.type_name, given);
        let whole = Topology { components: [(Self::SUBJECT, desc)].into(), ..Topology::default() };
        let outboxes = spec.outbox_names(&checked).expect("the description names its outboxes");
        Self::assemble(registry, &whole, outboxes.into_iter().map(Cow::into_owned).collect(), folder)
    }

    /// Starts a whole topology. Its component [`Rig::SUBJECT`] is under test, and the given outboxes are captured.
    pub fn of(registry: Registry, whole: &Topology, outboxes: Vec<String>) -> Self {
        Self::assemble(registry, whole, outboxes, PathBuf::new())
    }

    fn assemble(mut registry: Registry, whole: &Topology, outboxes: Vec<String>, folder: PathBuf) -> Self {
        registry.register(&CATCHER).expect("no other type is named Catcher");
        let console = Rc::new(RefCell::new(Vec::new()));
        let lines = console.clone();
        let mut config = SchedulerConfig::new(registry);
        config.clock = ClockKind::Virtual;
        config.base_folder = folder;
        config.console = Box::new(move |_, line| lines.borrow_mut().push(line.to_owned()));
        let lines = console.clone();
        config.note = Box::new(move |_, text| lines.borrow_mut().push(text.to_owned()));
        let mut scheduler = Scheduler::new(config);
        let mut steps = Step::start_all(whole);
        let mut catchers = BTreeMap::new();
        for (index, outbox) in outboxes.into_iter().chain(["signal".to_owned()]).enumerate() {
            let id = ComponentId(FIRST_CATCHER + index as u64);
            steps.push(Step::Start { id, desc: desc(&outbox, "Catcher", BTreeMap::new()) });
            let from = BoxAddr::outbox(Self::SUBJECT, outbox.as_str());
            steps.push(Step::Link { linkage: LinkageDesc { from, to: BoxAddr::inbox(id, "inbox") } });
            catchers.insert(outbox, id);
        }
        for outcome in scheduler.reconfigure(1, steps) {
            if let Some(error) = outcome.error {
                panic!("{error}");
            }
        }
        Self { scheduler, catchers, console }
    }

    /// Puts a message into an inbox, even if the inbox is full.
    pub fn put(&mut self, inbox: &str, message: impl Into<Message>) {
        self.scheduler.put(&BoxAddr::inbox(Self::SUBJECT, inbox), message.into());
    }

    /// Puts `ProducerFinished` on `control`.
    pub fn finish(&mut self) {
        self.put("control", Message::ProducerFinished);
    }

    /// Puts `Shutdown` on `control`.
    pub fn shutdown(&mut self) {
        self.put("control", Message::Shutdown);
    }

    /// Reports an action of the user on the component's surface.
    pub fn event(&mut self, event: impl Into<Message>) {
        self.put("_events", event);
    }

    /// Changes live settings while the component runs.
    pub fn configure(&mut self, params: &[(&str, Message)]) {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        for outcome in self.scheduler.reconfigure(2, vec![Step::Configure { id: Self::SUBJECT, params }]) {
            assert_eq!(outcome.error, None);
        }
    }

    /// Runs until no component can proceed, or until `limit` of virtual time has passed. Waits for busy outside tasks
    /// and threads.
    pub fn run_for(&mut self, limit: Duration) {
        let until = self.scheduler.now() + limit;
        let end = self.scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
        assert_ne!(end, RunEnd::Quit);
    }

    /// Runs until no component can proceed and no timer is set, for at most one virtual hour.
    pub fn run(&mut self) {
        self.run_for(Duration::from_hours(1));
    }

    /// Runs until the condition holds; for tests with sockets and threads. Panics after twenty real seconds.
    pub fn run_until(&mut self, condition: impl FnMut(&Self) -> bool) {
        self.run_until_within(TIMEOUT, condition);
    }

    /// The same with a different time limit, in real time.
    pub fn run_until_within(&mut self, timeout: Duration, mut condition: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self) {
            self.run_for(Duration::from_millis(10));
            let shown = self.surface();
            let is_in_time = began.elapsed() < timeout;
            assert!(is_in_time, "no success within {timeout:?}; state {:?}, surface {shown:?}", self.state());
        }
    }

    /// Takes the messages that an outbox has sent since the last call.
    pub fn take(&mut self, outbox: &str) -> Vec<Message> {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        self.scheduler.take_all(&BoxAddr::inbox(*id, "inbox"))
    }

    /// Number of captured messages of an outbox.
    pub fn waiting(&self, outbox: &str) -> usize {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        self.scheduler.depth(&BoxAddr::inbox(*id, "inbox"))
    }

    /// The same as [`Rig::take`], as text.
    pub fn texts(&mut self, outbox: &str) -> Vec<String> {
        self.take(outbox).iter().map(ToString::to_string).collect()
    }

    /// Whether the stream from an outbox has ended.
    pub fn stream_has_ended(&self, outbox: &str) -> bool {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        let inbox = self.scheduler.graph.core(*id).and_then(|core| core.boxes.inbox("inbox"));
        inbox.is_none_or(|inbox| inbox.sources_have_ended())
    }

    /// Lines printed to the console, and notes, so far.
    pub fn console(&self) -> Vec<String> {
        self.console.borrow().clone()
    }

    /// The component's surface.
    pub fn surface(&self) -> Option<Surface> {
        self.view(|snapshot| snapshot.component(Self::SUBJECT).and_then(|view| view.surface.as_deref().cloned()))
    }

    /// One line of the text on its surface, from 0; empty if there is none.
    pub fn line(&self, index: usize) -> String {
        match self.surface() {
            Some(Surface::Text { lines }) => lines.get(index).cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Names of all components inside the component, including instances of templates and their members.
    pub fn names(&self) -> Vec<String> {
        self.view(|snapshot| {
            let name = |id| snapshot.component(id).map(|view| format!("{}/", view.name)).unwrap_or_default();
            let below = name(Self::SUBJECT);
            let inside = snapshot.components.iter().filter(|view| view.name.starts_with(&below));
            inside.map(|view| view.name.to_string()).collect()
        })
    }

    /// Number of instances of templates.
    pub fn instances(&self) -> usize {
        let is_instance = |view: &&ComponentView| view.parent == Some(Self::SUBJECT) && &*view.type_name == "Composite";
        self.view(|snapshot| snapshot.components.iter().filter(is_instance).count())
    }

    /// State of the component.
    pub fn state(&self) -> State {
        self.view(|snapshot| snapshot.component(Self::SUBJECT).map_or(State::Finished, |view| view.state.clone()))
    }

    /// How many turns the component has had.
    pub fn turns(&self) -> u64 {
        self.view(|snapshot| snapshot.component(Self::SUBJECT).map_or(0, |view| view.turns))
    }

    fn view<T>(&self, read: impl FnOnce(&Snapshot) -> T) -> T {
        read(&self.scheduler.snapshot())
    }

    /// The runtime's clock.
    pub fn now(&self) -> Duration {
        self.scheduler.now()
    }
}

fn desc(name: &str, type_name: &str, params: BTreeMap<String, Message>) -> ComponentDesc {
    ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    }
}

/// Puts `given` into `inbox`, finishes, runs, and compares the messages of `outbox` as text with `expected`. The
/// component must finish.
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

/// Puts `given` into `inbox`, finishes and runs. Returns the rig with the captured messages.
pub fn through(spec: &'static ComponentSpec, params: &[(&str, Message)], given: &[Message]) -> Rig {
    let mut rig = Rig::new(spec, params);
    for message in given {
        rig.put("inbox", message.clone());
    }
    rig.finish();
    rig.run();
    rig
}
