//! ChassisRig: one chassis, the whole library and some templates in a scheduler on a virtual clock. Test only.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{ComponentView, State};
use compose_runtime::scheduler::{ClockKind, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy, Topology};

use super::graph::{Graph, Part};

const SUBJECT: ComponentId = ComponentId(1000);

/// A template that passes everything on.
pub fn pass() -> Graph {
    let links = ["self.inbox -> pass.inbox", "pass.outbox -> self.outbox"];
    Graph::graphline(&[("pass", Part::new("PassThrough"))], &links).unwrap()
}

/// A template that says one thing and ends.
pub fn once(words: &str) -> Graph {
    let source = Part::new("DataSource").with("messages", Message::list([Message::text(words)]));
    Graph::graphline(&[("say", source)], &["say.outbox -> self.outbox"]).unwrap()
}

/// Keeps what it is sent; ends with its stream, but takes nothing.
struct Keeper;

impl Component for Keeper {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("_kept", message).await;
        }
        Ok(())
    }
}

static KEEPER: ComponentSpec = ComponentSpec {
    type_name: "Keeper",
    inboxes: &[BoxSpec::new("inbox", "What to keep")],
    outboxes: &[BoxSpec::new("_kept", "What was kept")],
    build: build::<Keeper>,
    ..ComponentSpec::EMPTY
};

struct Shelf;

impl Component for Shelf {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.recv("control").await;
        Ok(())
    }
}

static SHELF: ComponentSpec = ComponentSpec {
    type_name: "Shelf",
    inboxes: &[BoxSpec::new("inbox", "What was kept").unbounded()],
    build: build::<Shelf>,
    ..ComponentSpec::EMPTY
};

/// One chassis under test; every outbox is kept.
pub struct ChassisRig {
    pub scheduler: Scheduler,
    keepers: BTreeMap<String, ComponentId>,
    console: Rc<RefCell<Vec<String>>>,
}

impl ChassisRig {
    /// A chassis with these settings and templates.
    pub fn new(spec: &'static ComponentSpec, params: &[(&str, Message)], templates: &[(&str, &Graph)]) -> Self {
        let params: BTreeMap<String, Message> =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let outboxes: Vec<String> = spec.outboxes.iter().map(|spec| spec.name.to_owned()).collect();
        let body = ComponentBody::Leaf { type_name: spec.type_name.into(), params };
        let mut whole = Topology { components: [(SUBJECT, desc("subject", body))].into(), ..Topology::default() };
        whole.templates =
            templates.iter().map(|(name, graph)| (Arc::from(*name), Arc::new(graph.template()))).collect();
        Self::of(&whole, &outboxes)
    }

    /// A graph that runs by itself.
    pub fn graph(graph: &Graph) -> Self {
        let mut outboxes = vec!["outbox".to_owned()];
        outboxes.extend(graph.template().outboxes);
        Self::of(&graph.topology("subject", SUBJECT.0), &outboxes)
    }

    fn of(whole: &Topology, outboxes: &[String]) -> Self {
        let mut registry = crate::registry();
        for spec in [&KEEPER, &SHELF] {
            registry.register(spec).unwrap();
        }
        let console = Rc::new(RefCell::new(Vec::new()));
        let (lines, notes) = (console.clone(), console.clone());
        let mut config = SchedulerConfig::new(registry);
        config.clock = ClockKind::Virtual;
        config.console = Box::new(move |_, line| lines.borrow_mut().push(line.to_owned()));
        config.note = Box::new(move |_, line| notes.borrow_mut().push(line.to_owned()));
        let mut rig = Self { scheduler: Scheduler::new(config), keepers: BTreeMap::new(), console };
        let mut steps = Step::start_all(whole);
        let outboxes: BTreeSet<&str> = outboxes.iter().map(String::as_str).chain(["signal"]).collect();
        for (place, outbox) in outboxes.into_iter().filter(|name| !name.starts_with('_')).enumerate() {
            let (keeper, shelf) = (ComponentId(1 + 2 * place as u64), ComponentId(2 + 2 * place as u64));
            for (id, type_name) in [(keeper, "Keeper"), (shelf, "Shelf")] {
                let body = ComponentBody::Leaf { type_name: type_name.into(), params: BTreeMap::new() };
                steps.push(Step::Start { id, desc: desc(&format!("{type_name} of {outbox}"), body) });
            }
            for (from, to) in [
                (BoxAddr::outbox(SUBJECT, outbox), BoxAddr::inbox(keeper, "inbox")),
                (BoxAddr::outbox(keeper, "_kept"), BoxAddr::inbox(shelf, "inbox")),
            ] {
                steps.push(Step::Link { linkage: LinkageDesc { from, to } });
            }
            rig.keepers.insert(outbox.to_owned(), keeper);
        }
        rig.change(steps);
        rig
    }

    /// Applies steps, all of which must succeed.
    pub fn change(&mut self, steps: Vec<Step>) {
        for outcome in self.scheduler.reconfigure(1, steps) {
            assert_eq!(outcome.error, None);
        }
    }

    pub fn put(&mut self, inbox: &str, message: impl Into<Message>) {
        self.scheduler.put(&BoxAddr::inbox(SUBJECT, inbox), message.into());
    }

    pub fn finish(&mut self) {
        self.put("control", Message::ProducerFinished);
    }

    pub fn shutdown(&mut self) {
        self.put("control", Message::Shutdown);
    }

    pub fn run_for(&mut self, span: Duration) {
        let until = self.scheduler.now() + span;
        self.scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
    }

    pub fn run(&mut self) {
        self.run_for(Duration::from_secs(100));
    }

    /// Runs until the condition holds; for sockets.
    pub fn run_until(&mut self, condition: impl FnMut(&Self) -> bool) {
        self.run_up_to(Duration::from_secs(20), condition);
    }

    /// The same, for a thousand sockets on a busy machine.
    pub fn run_patiently(&mut self, condition: impl FnMut(&Self) -> bool) {
        self.run_up_to(Duration::from_secs(100), condition);
    }

    fn run_up_to(&mut self, patience: Duration, mut condition: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self) {
            self.run_for(Duration::from_millis(10));
            assert!(began.elapsed() < patience, "waited in vain; it is {:?}: {:?}", self.state(), self.line(1));
        }
    }

    /// Takes what an outbox has sent so far, as text.
    pub fn texts(&mut self, outbox: &str) -> Vec<String> {
        let shelf = ComponentId(self.keepers[outbox].0 + 1);
        self.scheduler.take_all(&BoxAddr::inbox(shelf, "inbox")).iter().map(ToString::to_string).collect()
    }

    /// Whether the component behind an outbox has seen the end of its stream.
    pub fn catcher_has_ended(&self, outbox: &str) -> bool {
        self.view(self.keepers[outbox]).is_none_or(|view| view.state.has_ended())
    }

    fn view(&self, id: ComponentId) -> Option<ComponentView> {
        self.scheduler.snapshot().component(id).cloned()
    }

    pub fn state(&self) -> State {
        self.view(SUBJECT).map_or(State::Finished, |view| view.state)
    }

    /// A line of what the chassis shows.
    pub fn line(&self, place: usize) -> String {
        match self.view(SUBJECT).and_then(|view| view.surface).as_deref() {
            Some(Surface::Text { lines }) => lines.get(place).cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Names of everything below the chassis.
    pub fn names(&self) -> Vec<String> {
        let snapshot = self.scheduler.snapshot();
        let below = snapshot.components.iter().filter(|view| view.name.starts_with("subject/"));
        below.map(|view| view.name.to_string()).collect()
    }

    /// How many instances there are.
    pub fn instances(&self) -> usize {
        let snapshot = self.scheduler.snapshot();
        let is_instance = |view: &&ComponentView| view.parent == Some(SUBJECT) && &*view.type_name == "Composite";
        snapshot.components.iter().filter(is_instance).count()
    }

    /// How many lines and notes there are.
    pub fn console(&self) -> Vec<String> {
        self.console.borrow().clone()
    }
}

fn desc(name: &str, body: ComponentBody) -> ComponentDesc {
    ComponentDesc { name: name.into(), body, parent: None, restart: RestartPolicy::Never, limits: BTreeMap::new() }
}
