//! Rig: one component, or a graph that is one, stepped on a virtual clock, every outbox captured (feature `testing`).
//!
//! Nothing here sleeps: the clock jumps, and answers from outside are waited for on a condition.
#![allow(clippy::expect_used, clippy::missing_panics_doc)]

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::command::Step;
use crate::component::{BoxIo, Component, ComponentSpec, Outcome};
use crate::delivery::postoffice::Directory as _;
use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::snapshot::{ComponentView, Snapshot, State};
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::registry::Registry;
use crate::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::surface::Surface;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy, Topology};

/// What captures has identities from here on, so that a graph under test has room below.
const FIRST_CATCHER: u64 = 1 << 20;

/// How long a condition may take to hold, in real time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keeps what it is sent, and never takes it.
struct Catcher;

impl Component for Catcher {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // Only `control` would wake it, and that is not linked.
        io.recv("control").await;
        Ok(())
    }
}

static CATCHER: ComponentSpec = ComponentSpec {
    type_name: "Catcher",
    summary: "Keeps what it is sent",
    inboxes: &[crate::component::BoxSpec::new("inbox", "What to keep").unbounded()],
    build: crate::component::build::<Catcher>,
    ..ComponentSpec::EMPTY
};

/// What is under test. Outboxes are captured without limit; nothing feeds its inboxes but the test.
pub struct Rig {
    scheduler: Scheduler,
    catchers: BTreeMap<String, ComponentId>,
    console: Rc<RefCell<Vec<String>>>,
}

impl Rig {
    /// Whom it is about.
    pub const SUBJECT: ComponentId = ComponentId(1);

    /// Starts the component with these settings; relative paths start from the current folder. Panics with the errors if
    /// they are refused.
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
        registry.register(spec).expect("one component");
        let desc = desc("subject", spec.type_name, given);
        let whole = Topology { components: [(Self::SUBJECT, desc)].into(), ..Topology::default() };
        Self::assemble(registry, &whole, spec.outbox_names(&checked).map(Cow::into_owned).collect(), folder)
    }

    /// Starts a whole topology; the subject is its component [`Rig::SUBJECT`], of which these outboxes are captured.
    pub fn of(registry: Registry, whole: &Topology, outboxes: Vec<String>) -> Self {
        Self::assemble(registry, whole, outboxes, PathBuf::new())
    }

    fn assemble(mut registry: Registry, whole: &Topology, outboxes: Vec<String>, folder: PathBuf) -> Self {
        registry.register(&CATCHER).expect("a name of its own");
        let console = Rc::new(RefCell::new(Vec::new()));
        let lines = console.clone();
        let mut config = SchedulerConfig::new(registry);
        config.clock = ClockKind::Virtual;
        config.base_folder = folder;
        config.console = Box::new(move |_, line| lines.borrow_mut().push(line.to_owned()));
        let lines = console.clone();
        config.note = Box::new(move |_, words| lines.borrow_mut().push(words.to_owned()));
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

    /// Puts a message into an inbox, beyond its limit if need be.
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

    /// A press or line on the component's surface.
    pub fn event(&mut self, event: impl Into<Message>) {
        self.put("_events", event);
    }

    /// Changes settings described as live, while it runs.
    pub fn configure(&mut self, params: &[(&str, Message)]) {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        for outcome in self.scheduler.reconfigure(2, vec![Step::Configure { id: Self::SUBJECT, params }]) {
            assert_eq!(outcome.error, None);
        }
    }

    /// Runs until nothing can move, letting the clock jump at most `limit` of virtual time; waits for outside tasks and
    /// threads that are busy.
    pub fn run_for(&mut self, limit: Duration) {
        let until = self.scheduler.now() + limit;
        let end = self.scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
        assert_ne!(end, RunEnd::Quit);
    }

    /// Runs until nothing can move and no timer is set, at most one virtual hour.
    pub fn run(&mut self) {
        self.run_for(Duration::from_hours(1));
    }

    /// Runs until the condition holds; for sockets and threads. Panics after twenty real seconds.
    pub fn run_until(&mut self, condition: impl FnMut(&Self) -> bool) {
        self.run_until_within(PATIENCE, condition);
    }

    /// The same with another patience, in real time.
    pub fn run_until_within(&mut self, patience: Duration, mut condition: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self) {
            self.run_for(Duration::from_millis(10));
            let shown = self.surface();
            assert!(began.elapsed() < patience, "waited in vain; it is {:?}: {shown:?}", self.state());
        }
    }

    /// Takes what an outbox has sent so far.
    pub fn take(&mut self, outbox: &str) -> Vec<Message> {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        self.scheduler.take_all(&BoxAddr::inbox(*id, "inbox"))
    }

    /// How many messages wait to be taken from an outbox.
    pub fn waiting(&self, outbox: &str) -> usize {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        self.scheduler.depth(&BoxAddr::inbox(*id, "inbox"))
    }

    /// The same as [`Rig::take`], as text.
    pub fn texts(&mut self, outbox: &str) -> Vec<String> {
        self.take(outbox).iter().map(ToString::to_string).collect()
    }

    /// Whether nothing more will come out of an outbox.
    pub fn stream_has_ended(&self, outbox: &str) -> bool {
        let id = self.catchers.get(outbox).unwrap_or_else(|| panic!("there is no outbox {outbox}"));
        let inbox = self.scheduler.graph.table.inbox(&BoxAddr::inbox(*id, "inbox"));
        inbox.is_none_or(|inbox| inbox.sources_have_ended())
    }

    /// Lines printed to the console and notes so far.
    pub fn console(&self) -> Vec<String> {
        self.console.borrow().clone()
    }

    /// What the component shows.
    pub fn surface(&self) -> Option<Surface> {
        self.view(|snapshot| snapshot.component(Self::SUBJECT).and_then(|view| view.surface.as_deref().cloned()))
    }

    /// One line of the text that it shows, from 0; empty if there is none.
    pub fn line(&self, place: usize) -> String {
        match self.surface() {
            Some(Surface::Text { lines }) => lines.get(place).cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Names of everything below the component, instances of templates and their members.
    pub fn names(&self) -> Vec<String> {
        self.view(|snapshot| {
            let name = |id| snapshot.component(id).map(|view| format!("{}/", view.name)).unwrap_or_default();
            let below = name(Self::SUBJECT);
            let inside = snapshot.components.iter().filter(|view| view.name.starts_with(&below));
            inside.map(|view| view.name.to_string()).collect()
        })
    }

    /// How many instances of templates it has.
    pub fn instances(&self) -> usize {
        let is_instance = |view: &&ComponentView| view.parent == Some(Self::SUBJECT) && &*view.type_name == "Composite";
        self.view(|snapshot| snapshot.components.iter().filter(is_instance).count())
    }

    /// What the component is doing.
    pub fn state(&self) -> State {
        self.view(|snapshot| snapshot.component(Self::SUBJECT).map_or(State::Finished, |view| view.state.clone()))
    }

    fn view<T>(&self, look: impl FnOnce(&Snapshot) -> T) -> T {
        look(&self.scheduler.snapshot())
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

/// Puts `given` into `inbox`, finishes, and runs: what it made of that is in the rig.
pub fn through(spec: &'static ComponentSpec, params: &[(&str, Message)], given: &[Message]) -> Rig {
    let mut rig = Rig::new(spec, params);
    for message in given {
        rig.put("inbox", message.clone());
    }
    rig.finish();
    rig.run();
    rig
}
