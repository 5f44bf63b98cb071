//! System: a graph of components put together in Rust, to be run here or in the background.
//!
//! What the canvas and the project file do for their users, this does for a program. It only writes down what is wanted;
//! nothing is checked or started before [`System::run`], [`System::scheduler`] or [`System::spawn`].

use std::collections::BTreeMap;

use crate::builder::RuntimeBuilder;
use crate::command::Step;
use crate::component::ComponentSpec;
use crate::handle::RuntimeHandle;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::registry::Registry;
use crate::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkageDesc, RestartPolicy, Topology};

/// Why a system could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// A component or linkage was refused, in words.
    #[error("{0}")]
    Refused(String),
    /// The thread of a background runtime could not be started.
    #[error("the runtime's thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// A graph of components.
#[derive(Debug, Clone, Default)]
pub struct System {
    registry: Registry,
    topology: Topology,
    next: u64,
}

impl System {
    /// An empty system.
    pub fn new() -> Self {
        Self::default()
    }

    fn insert(&mut self, name: &str, body: ComponentBody) -> ComponentId {
        self.next += 1;
        let id = ComponentId(self.next);
        let (parent, restart, limits) = (None, RestartPolicy::Never, BTreeMap::new());
        self.topology.components.insert(id, ComponentDesc { name: name.into(), body, parent, restart, limits });
        id
    }

    /// Adds a component of this type with its default settings.
    pub fn add(&mut self, name: &str, spec: &'static ComponentSpec) -> ComponentId {
        self.register(spec);
        self.insert(name, ComponentBody::Leaf { type_name: spec.type_name.into(), params: BTreeMap::new() })
    }

    /// Adds a nested graph with the four boxes that every composite has.
    pub fn add_composite(&mut self, name: &str) -> ComponentId {
        self.insert(name, ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() })
    }

    /// Makes a type known that only children will have.
    pub fn register(&mut self, spec: &'static ComponentSpec) -> &mut Self {
        if self.registry.get(spec.type_name).is_err() {
            // It was not known a moment ago.
            let _ = self.registry.register(spec);
        }
        self
    }

    /// Changes what is wanted of a component; nothing happens if there is none or if it is a composite.
    fn with(&mut self, id: ComponentId, change: impl FnOnce(&mut ComponentDesc)) -> &mut Self {
        if let Some(desc) = self.topology.components.get_mut(&id) {
            change(desc);
        }
        self
    }

    /// Gives a setting of a component a value; the settings of all are checked when it starts.
    pub fn set(&mut self, id: ComponentId, name: &str, value: impl Into<Message>) -> &mut Self {
        self.with(id, |desc| {
            if let ComponentBody::Leaf { params, .. } = &mut desc.body {
                params.insert(name.to_owned(), value.into());
            }
        })
    }

    /// Gives an inbox of a component another limit.
    pub fn limit(&mut self, id: ComponentId, inbox: &str, limit: InboxLimit) -> &mut Self {
        self.with(id, |desc| {
            desc.limits.insert(inbox.to_owned(), limit);
        })
    }

    /// Says what happens after a crash of a component.
    pub fn restart(&mut self, id: ComponentId, policy: RestartPolicy) -> &mut Self {
        self.with(id, |desc| desc.restart = policy)
    }

    /// Makes a component a member of a composite.
    pub fn put_inside(&mut self, id: ComponentId, composite: ComponentId) -> &mut Self {
        self.with(id, |desc| desc.parent = Some(composite))
    }

    /// Links two boxes; the kind follows from their sides.
    pub fn link_boxes(&mut self, from: BoxAddr, to: BoxAddr) -> &mut Self {
        self.topology.linkages.insert(LinkageDesc { from, to });
        self
    }

    /// Links an outbox to an inbox, each given as component and name.
    pub fn link(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::outbox(from.0, from.1), BoxAddr::inbox(to.0, to.1))
    }

    /// Links `outbox` to `inbox` of one after the other, as a Unix pipeline.
    pub fn pipeline(&mut self, members: &[ComponentId]) -> &mut Self {
        for pair in members.windows(2) {
            if let [from, to] = pair {
                self.link((*from, "outbox"), (*to, "inbox"));
            }
        }
        self
    }

    /// What is wanted.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The types that are known.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    fn steps(&self) -> Vec<Step> {
        let starts = self.topology.components.iter().map(|(id, desc)| Step::Start { id: *id, desc: desc.clone() });
        let links = self.topology.linkages.iter().map(|linkage| Step::Link { linkage: linkage.clone() });
        starts.chain(links).collect()
    }

    /// Starts everything on a scheduler of the calling thread, which is not run yet; `adjust` may change its settings.
    pub fn scheduler(&self, adjust: impl FnOnce(&mut SchedulerConfig)) -> Result<Scheduler, SystemError> {
        let mut config = SchedulerConfig::new(self.registry.clone());
        adjust(&mut config);
        let mut scheduler = Scheduler::new(config);
        check(scheduler.reconfigure(0, self.steps()))?;
        Ok(scheduler)
    }

    /// Runs the system on the calling thread until it has ended or nothing can move. `print` is called with every line
    /// that a component prints, and the component's name.
    pub fn run(&self, print: impl FnMut(&str, &str) + 'static) -> Result<RunEnd, SystemError> {
        let mut scheduler = self.scheduler(|config| config.console = Box::new(print))?;
        Ok(scheduler.run(RunLimit::default()))
    }

    /// Runs the system in the background; `adjust` may change settings of the runtime.
    pub fn spawn(&self, adjust: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Result<RuntimeHandle, SystemError> {
        let runtime = adjust(RuntimeBuilder::new(self.registry.clone())).spawn()?;
        let outcomes = runtime.reconfigure(self.steps());
        check(outcomes.ok_or_else(|| SystemError::Refused("the runtime has ended".to_owned()))?)?;
        Ok(runtime)
    }
}

fn check(outcomes: Vec<crate::command::StepOutcome>) -> Result<(), SystemError> {
    let refused = outcomes.into_iter().find_map(|outcome| outcome.error);
    refused.map_or(Ok(()), |words| Err(SystemError::Refused(words.to_string())))
}
