//! A test fixture: the whole library in a scheduler with a virtual clock. Tests add components one at a time.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{ComponentView, State};
use compose_runtime::message::Message;
use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkageDesc, RestartPolicy};

use crate::chassis::Graph;

/// A scheduler and everything printed on its console, as `c<number>: <line>`.
pub struct System {
    pub scheduler: Scheduler,
    console: Rc<RefCell<Vec<String>>>,
}

impl System {
    pub fn new() -> Self {
        Self::with_seed(0)
    }

    /// A run with this seed.
    pub fn with_seed(seed: u64) -> Self {
        let console = Rc::new(RefCell::new(Vec::new()));
        let (lines, notes) = (console.clone(), console.clone());
        let mut config = SchedulerConfig::new(crate::registry());
        config.clock = ClockKind::Virtual;
        config.seed = seed;
        config.console = Box::new(move |who, line| lines.borrow_mut().push(format!("{who}: {line}")));
        config.note = Box::new(move |who, line| notes.borrow_mut().push(format!("{who} notes: {line}")));
        Self { scheduler: Scheduler::new(config), console }
    }

    /// Starts a component of this type, named `c<id>`.
    pub fn start(&mut self, id: u64, type_name: &str, params: &[(&str, Message)]) {
        let params: BTreeMap<String, Message> =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let desc = ComponentDesc {
            name: format!("c{id}").into(),
            body: ComponentBody::Leaf { type_name: type_name.into(), params },
            parent: None,
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        };
        self.change(Step::Start { id: ComponentId(id), desc });
    }

    /// Adds a template that chassis find by this name.
    pub fn template(&mut self, name: &str, graph: &Graph) {
        self.change(Step::SetTemplate { name: name.into(), template: Some(Arc::new(graph.template())) });
    }

    /// Starts a source that sends these lines to `inbox` of a component.
    pub fn lines(&mut self, id: u64, lines: &[&str], to: u64) {
        let list = Message::list(lines.iter().map(Message::text));
        self.start(id, "DataSource", &[("messages", list)]);
        self.link(id, to);
    }

    /// Starts a component that prints the messages from `outbox` of another component.
    pub fn printer(&mut self, id: u64, of: u64) {
        self.start(id, "ConsoleEchoer", &[]);
        self.link(of, id);
    }

    /// Links `outbox` to `inbox`.
    pub fn link(&mut self, from: u64, to: u64) {
        self.wire(from, "outbox", to, "inbox");
    }

    pub fn wire(&mut self, from: u64, outbox: &str, to: u64, inbox: &str) {
        let (from, to) = (BoxAddr::outbox(ComponentId(from), outbox), BoxAddr::inbox(ComponentId(to), inbox));
        self.change(Step::Link { linkage: LinkageDesc { from, to } });
    }

    /// Sets the limit and the policy of an `inbox`.
    pub fn limit(&mut self, id: u64, limit: InboxLimit) {
        self.change(Step::Limit { inbox: BoxAddr::inbox(ComponentId(id), "inbox"), limit });
    }

    /// Applies a step, which must succeed.
    pub fn change(&mut self, step: Step) {
        for outcome in self.scheduler.reconfigure(1, vec![step]) {
            assert_eq!(outcome.error, None);
        }
    }

    pub fn put(&mut self, id: u64, inbox: &str, message: impl Into<Message>) {
        assert!(self.scheduler.put(&BoxAddr::inbox(ComponentId(id), inbox), message.into()), "c{id} has no {inbox}");
    }

    /// Runs until the system is idle, for at most ten seconds of virtual time.
    pub fn run(&mut self) -> RunEnd {
        let until = self.scheduler.now() + Duration::from_secs(10);
        self.scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() })
    }

    pub fn view(&self, id: u64) -> ComponentView {
        self.scheduler.snapshot().component(ComponentId(id)).unwrap().clone()
    }

    pub fn state(&self, id: u64) -> State {
        self.view(id).state
    }

    /// The lines and notes printed so far, in order.
    pub fn printed(&self) -> Vec<String> {
        self.console.borrow().clone()
    }

    /// The lines that one component has printed.
    pub fn printed_by(&self, id: u64) -> Vec<String> {
        let mark = format!("c{id}: ");
        self.console.borrow().iter().filter_map(|line| line.strip_prefix(&mark).map(str::to_owned)).collect()
    }
}
