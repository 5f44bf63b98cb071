//! Rig: one component, stepped on a virtual clock, every outbox captured (feature `testing`).
//!
//! Nothing here sleeps: the clock jumps, and answers from outside are waited for on a condition.
#![allow(clippy::expect_used, clippy::missing_panics_doc)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::command::Step;
use crate::component::{BoxIo, Component, ComponentSpec, Outcome};
use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::snapshot::{Snapshot, State};
use crate::message::Message;
use crate::params::{ParamError, Params};
use crate::registry::Registry;
use crate::scheduler::run::{RunEnd, RunLimit};
use crate::scheduler::{ClockKind, Scheduler, SchedulerConfig};
use crate::surface::Surface;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

const SUBJECT: ComponentId = ComponentId(1);

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

/// One component under test. Outboxes are captured without limit; nothing feeds its inboxes but the test.
pub struct Rig {
    scheduler: Scheduler,
    catchers: BTreeMap<String, ComponentId>,
    console: Rc<RefCell<Vec<String>>>,
}

impl Rig {
    /// Starts the component with these settings; relative paths start from the current folder. Panics with the errors if
    /// they are refused.
    pub fn new(spec: &'static ComponentSpec, params: &[(&str, Message)]) -> Self {
        Self::in_folder(spec, params, PathBuf::new())
    }

    /// The same, with relative paths starting from `folder`.
    pub fn in_folder(spec: &'static ComponentSpec, params: &[(&str, Message)], folder: PathBuf) -> Self {
        let mut registry = Registry::default();
        registry.register(spec).expect("one component");
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
        let given: BTreeMap<String, Message> =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let checked = Params::check(spec.params, given.iter().map(|(name, value)| (name.as_str(), value)))
            .unwrap_or_else(|errors| panic!("{}: {errors:?}", spec.type_name));
        let mut outboxes = spec.outbox_names(&checked);
        outboxes.push("signal".to_owned());
        let mut steps = vec![Step::Start { id: SUBJECT, desc: desc("subject", spec.type_name, given) }];
        let mut catchers = BTreeMap::new();
        for (index, outbox) in outboxes.iter().enumerate() {
            let id = ComponentId(2 + index as u64);
            steps.push(Step::Start { id, desc: desc(outbox, "Catcher", BTreeMap::new()) });
            let linkage =
                LinkageDesc { from: BoxAddr::outbox(SUBJECT, outbox.as_str()), to: BoxAddr::inbox(id, "inbox") };
            steps.push(Step::Link { linkage });
            catchers.insert(outbox.clone(), id);
        }
        for outcome in scheduler.reconfigure(1, steps) {
            if let Some(error) = outcome.error {
                panic!("{}: {error}", spec.type_name);
            }
        }
        Self { scheduler, catchers, console }
    }

    /// Puts a message into an inbox, beyond its limit if need be.
    pub fn put(&mut self, inbox: &str, message: impl Into<Message>) {
        self.scheduler.put(&BoxAddr::inbox(SUBJECT, inbox), message.into());
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
        for outcome in self.scheduler.reconfigure(2, vec![Step::Configure { id: SUBJECT, params }]) {
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

    /// Runs until the condition holds; for sockets and threads. Panics after ten real seconds.
    pub fn run_until(&mut self, mut condition: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self) {
            self.run_for(Duration::from_millis(10));
            assert!(began.elapsed() < Duration::from_secs(10), "waited in vain; it is {:?}", self.state());
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

    /// Lines printed to the console and notes so far.
    pub fn console(&self) -> Vec<String> {
        self.console.borrow().clone()
    }

    /// What the component shows.
    pub fn surface(&self) -> Option<Surface> {
        self.view(|snapshot| snapshot.component(SUBJECT).and_then(|view| view.surface.as_deref().cloned()))
    }

    /// What the component is doing.
    pub fn state(&self) -> State {
        self.view(|snapshot| snapshot.component(SUBJECT).map_or(State::Finished, |view| view.state.clone()))
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
