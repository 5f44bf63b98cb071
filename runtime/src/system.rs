//! System: a graph of components built in Rust code, to run on the calling thread or in the background.
//!
//! It describes a graph in code, as the canvas and the project file do in other forms. It only collects the
//! description; nothing is checked or started until [`System::run`], [`System::scheduler`] or [`System::spawn`].

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::builder::RuntimeBuilder;
use crate::command::Step;
use crate::component::ComponentSpec;
use crate::handle::RuntimeHandle;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::registry::Registry;
use crate::scheduler::{GraphError, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::template::Template;
use crate::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkError, LinkageDesc, RestartPolicy, Topology};

/// Why a system could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// A component was refused.
    #[error("{0}")]
    Refused(#[source] GraphError),
    /// A linkage was refused.
    #[error("{0}")]
    Link(#[source] LinkError),
    /// The thread of a background runtime could not be started.
    #[error("cannot start the thread of the runtime: {0}")]
    Thread(#[from] std::io::Error),
    /// The background runtime ended before all components were started.
    #[error("the runtime ended before all components were started; start it again")]
    Ended,
}

impl From<GraphError> for SystemError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Link(error) => Self::Link(error),
            other => Self::Refused(other),
        }
    }
}

/// A graph of components.
#[derive(Debug, Clone, Default)]
pub struct System {
    registry: Registry,
    topology: Topology,
    /// Boxes and values of the instances if this becomes a template: everything set on [`Topology::OWNER`].
    whole: Template,
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

    /// Adds a component of this type with default settings.
    pub fn add(&mut self, name: &str, spec: &'static ComponentSpec) -> ComponentId {
        self.register(spec);
        self.insert(name, ComponentBody::Leaf { type_name: spec.type_name.into(), params: BTreeMap::new() })
    }

    /// Adds a nested graph. Like every composite, it has `inbox`, `control`, `outbox` and `signal`.
    pub fn add_composite(&mut self, name: &str) -> ComponentId {
        self.insert(name, ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() })
    }

    /// Adds further boxes to a composite. Boxes added to [`Topology::OWNER`] are boxes of the instances of a template.
    pub fn add_boxes(&mut self, composite: ComponentId, inboxes: &[&str], outboxes: &[&str]) -> &mut Self {
        let more = |known: &mut Vec<String>, names: &[&str]| known.extend(names.iter().map(|name| (*name).to_owned()));
        if composite == Topology::OWNER {
            more(&mut self.whole.inboxes, inboxes);
            more(&mut self.whole.outboxes, outboxes);
        }
        self.with(composite, |desc| {
            if let ComponentBody::Composite { inboxes: ins, outboxes: outs } = &mut desc.body {
                more(ins, inboxes);
                more(outs, outboxes);
            }
        })
    }

    /// Adds a template: a graph that a chassis instantiates while the system runs, as a server makes one instance of
    /// its protocol per client. `fill` builds the graph. Inside it, [`Topology::OWNER`] stands for the instance: its
    /// boxes are added and linked like those of a composite, and its settings are values for `"${name}"` in the
    /// settings of the members, unless the chassis provides others. A template added inside a template belongs to the
    /// whole system.
    ///
    /// ```
    /// use compose_runtime::ids::Direction;
    /// use compose_runtime::{dev::*, prelude::*};
    /// # struct Say(String);
    /// # impl Component for Say {
    /// #     fn new(params: &Params) -> Result<Self, ParamError> { Ok(Self(params.text("text"))) }
    /// #     async fn main(self, io: BoxIo) -> Outcome { io.send("outbox", self.0).await; Ok(()) }
    /// # }
    /// # static SAY: ComponentSpec = ComponentSpec { type_name: "Say", outboxes: &[BoxSpec::new("outbox", "The text")],
    /// #     params: &[ParamSpec::text("text", "", "The text to send")], build: build::<Say>, ..ComponentSpec::EMPTY };
    /// # static EACH: ComponentSpec = ComponentSpec { type_name: "Each", inboxes: &[BoxSpec::new("inbox", "Guests")],
    /// #     outboxes: &[BoxSpec::new("outbox", "The greetings")], build: build::<Each>, ..ComponentSpec::EMPTY };
    ///
    /// /// A chassis: starts one instance for each message, one after the other.
    /// struct Each;
    /// impl Component for Each {
    ///     fn new(_: &Params) -> Result<Self, ParamError> {
    ///         Ok(Self)
    ///     }
    ///     async fn main(self, io: BoxIo) -> Outcome {
    ///         while let Some(guest) = io.recv("inbox").await {
    ///             let mut new = io.new_instance("Welcome", &[("guest".to_owned(), guest)].into())?;
    ///             new.link(new.outbox("outbox"), new.own(Direction::Outbox, "outbox"));
    ///             let (welcome, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
    ///             io.child_ended().await;
    ///             io.remove_child(welcome.id).await?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let mut system = System::new();
    /// let each = system.add("each", &EACH);
    /// system.template("Welcome", |inside| {
    ///     let say = inside.add("say", &SAY);
    ///     inside.set(say, "text", "welcome, ${guest}").pass_out((say, "outbox"), (Topology::OWNER, "outbox"));
    /// });
    /// let handle = system.spawn(|builder| builder)?.attach(each, &["inbox"], &["outbox"])?;
    /// handle.put("inbox", "Ada")?;
    /// assert_eq!(handle.get("outbox")?, Some("welcome, Ada".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn template(&mut self, name: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let mut inside = Self::new();
        fill(&mut inside);
        for spec in inside.registry.iter() {
            self.register(spec);
        }
        self.topology.templates.append(&mut inside.topology.templates);
        self.add_template(name, Template { graph: inside.topology, ..inside.whole })
    }

    /// Adds an existing template; the component types in it must be registered.
    pub fn add_template(&mut self, name: &str, template: Template) -> &mut Self {
        self.topology.templates.insert(name.into(), Arc::new(template));
        self
    }

    /// Registers a component type that no component in the graph uses yet, for components that start at run time.
    pub fn register(&mut self, spec: &'static ComponentSpec) -> &mut Self {
        if self.registry.get(spec.type_name).is_err() {
            // Cannot fail: the name is free.
            let _ = self.registry.register(spec);
        }
        self
    }

    /// Changes the description of a component; does nothing if there is no such component.
    fn with(&mut self, id: ComponentId, change: impl FnOnce(&mut ComponentDesc)) -> &mut Self {
        if let Some(desc) = self.topology.components.get_mut(&id) {
            change(desc);
        }
        self
    }

    /// Sets a setting of a component; all settings are checked when the system starts.
    pub fn set(&mut self, id: ComponentId, name: &str, value: impl Into<Message>) -> &mut Self {
        if id == Topology::OWNER {
            self.whole.values.insert(name.to_owned(), value.into());
            return self;
        }
        self.with(id, |desc| {
            if let ComponentBody::Leaf { params, .. } = &mut desc.body {
                params.insert(name.to_owned(), value.into());
            }
        })
    }

    /// Sets the limit of an inbox of a component.
    pub fn limit(&mut self, id: ComponentId, inbox: &str, limit: InboxLimit) -> &mut Self {
        self.with(id, |desc| {
            desc.limits.insert(inbox.to_owned(), limit);
        })
    }

    /// Sets what happens after a component crashes.
    pub fn restart(&mut self, id: ComponentId, policy: RestartPolicy) -> &mut Self {
        self.with(id, |desc| desc.restart = policy)
    }

    /// Makes a component a member of a composite.
    pub fn put_inside(&mut self, id: ComponentId, composite: ComponentId) -> &mut Self {
        self.with(id, |desc| desc.parent = Some(composite))
    }

    /// Links two boxes. Their directions determine the kind of linkage.
    pub fn link_boxes(&mut self, from: BoxAddr, to: BoxAddr) -> &mut Self {
        self.topology.linkages.insert(LinkageDesc { from, to });
        self
    }

    /// Links an outbox to an inbox, each given as component and name.
    pub fn link(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::outbox(from.0, from.1), BoxAddr::inbox(to.0, to.1))
    }

    /// Links an inbox of a composite to an inbox of a member, each given as component and name.
    pub fn pass_in(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::inbox(from.0, from.1), BoxAddr::inbox(to.0, to.1))
    }

    /// Links an outbox of a member to an outbox of its composite, each given as component and name.
    pub fn pass_out(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::outbox(from.0, from.1), BoxAddr::outbox(to.0, to.1))
    }

    /// Links the `outbox` of each member to the `inbox` of the next, like a Unix pipeline.
    pub fn pipeline(&mut self, members: &[ComponentId]) -> &mut Self {
        for pair in members.windows(2) {
            if let [from, to] = pair {
                self.link((*from, "outbox"), (*to, "inbox"));
            }
        }
        self
    }

    /// The description of the graph.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The registered component types.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Starts all components on a scheduler of the calling thread, without running it; `adjust` may change its
    /// settings.
    ///
    /// # Errors
    /// A component or a linkage is refused; the error is that of the first refusal.
    pub fn scheduler(&self, adjust: impl FnOnce(&mut SchedulerConfig)) -> Result<Scheduler, SystemError> {
        let mut config = SchedulerConfig::new(self.registry.clone());
        adjust(&mut config);
        let mut scheduler = Scheduler::new(config);
        scheduler.apply(Step::start_all(&self.topology))?;
        Ok(scheduler)
    }

    /// Runs the system on the calling thread until it has ended or stalls. `print` is called with the name of the
    /// component and the line for every line that a component prints.
    ///
    /// # Errors
    /// As for [`System::scheduler`].
    pub fn run(&self, print: impl FnMut(&str, &str) + 'static) -> Result<RunEnd, SystemError> {
        let mut scheduler = self.scheduler(|config| config.console = Box::new(print))?;
        Ok(scheduler.run(RunLimit::default()))
    }

    /// Runs the system in the background; `adjust` may change the settings of the runtime.
    ///
    /// # Errors
    /// As for [`System::scheduler`], or the thread cannot be started.
    pub fn spawn(&self, adjust: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Result<RuntimeHandle, SystemError> {
        let runtime = adjust(RuntimeBuilder::new(self.registry.clone())).spawn()?;
        let steps = Step::start_all(&self.topology);
        let refused = runtime.call(|scheduler| {
            let mut refused = None;
            scheduler.enter_steps(0, steps, &mut |error| refused = refused.take().or(Some(error)));
            refused
        });
        match refused.ok_or(SystemError::Ended)? {
            Some(error) => Err(error.into()),
            None => Ok(runtime),
        }
    }
}
