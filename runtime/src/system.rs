//! System: a graph of components put together in Rust, to be run here or in the background.
//!
//! What the canvas and the project file do for their users, this does for a program. It only writes down what is wanted;
//! nothing is checked or started before [`System::run`], [`System::scheduler`] or [`System::spawn`].

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::builder::RuntimeBuilder;
use crate::command::Step;
use crate::component::{ComponentSpec, Fault};
use crate::handle::RuntimeHandle;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::registry::Registry;
use crate::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::template::Template;
use crate::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkError, LinkageDesc, RestartPolicy, Topology};

/// Why a system could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// A component was refused, in words.
    #[error("{0}")]
    Refused(String),
    /// A linkage was refused.
    #[error(transparent)]
    Link(LinkError),
    /// The thread of a background runtime could not be started.
    #[error("the runtime's thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// A graph of components.
#[derive(Debug, Clone, Default)]
pub struct System {
    registry: Registry,
    topology: Topology,
    /// Boxes and values of the instances, if this becomes a template: what is said of [`Topology::OWNER`].
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

    /// Adds a component of this type with its default settings.
    pub fn add(&mut self, name: &str, spec: &'static ComponentSpec) -> ComponentId {
        self.register(spec);
        self.insert(name, ComponentBody::Leaf { type_name: spec.type_name.into(), params: BTreeMap::new() })
    }

    /// Adds a nested graph with the four boxes that every composite has.
    pub fn add_composite(&mut self, name: &str) -> ComponentId {
        self.insert(name, ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() })
    }

    /// Gives a composite boxes beyond those four. Those of [`Topology::OWNER`] are the boxes of a template's instances.
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

    /// Gives chassis something to make instances of while the system runs, as a server makes one of its protocol for
    /// every client. `fill` puts the inside together. There, [`Topology::OWNER`] stands for the instance: its boxes are
    /// linked and added like those of a composite, and its settings are values for `"${name}"` in the settings of members,
    /// where the chassis gives none. A template made in a template is one of the whole system.
    ///
    /// ```
    /// use compose_runtime::ids::Direction;
    /// use compose_runtime::{dev::*, prelude::*};
    /// # struct Say(String);
    /// # impl Component for Say {
    /// #     fn new(params: &Params) -> Result<Self, ParamError> { Ok(Self(params.text("words"))) }
    /// #     async fn main(self, io: BoxIo) -> Outcome { io.send("outbox", self.0).await; Ok(()) }
    /// # }
    /// # static SAY: ComponentSpec = ComponentSpec { type_name: "Say", outboxes: &[BoxSpec::new("outbox", "Its words")],
    /// #     params: &[ParamSpec::text("words", "", "What it says")], build: build::<Say>, ..ComponentSpec::EMPTY };
    /// # static EACH: ComponentSpec = ComponentSpec { type_name: "Each", inboxes: &[BoxSpec::new("inbox", "Guests")],
    /// #     outboxes: &[BoxSpec::new("outbox", "What is said")], build: build::<Each>, ..ComponentSpec::EMPTY };
    ///
    /// /// A chassis: one instance for every message, one after the other.
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
    ///     inside.set(say, "words", "welcome, ${guest}").pass_out((say, "outbox"), (Topology::OWNER, "outbox"));
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

    /// The same with a template that is there already; the types in it must be registered.
    pub fn add_template(&mut self, name: &str, template: Template) -> &mut Self {
        self.topology.templates.insert(name.into(), Arc::new(template));
        self
    }

    /// Makes a type known that only children will have.
    pub fn register(&mut self, spec: &'static ComponentSpec) -> &mut Self {
        if self.registry.get(spec.type_name).is_err() {
            // It was not known a moment ago.
            let _ = self.registry.register(spec);
        }
        self
    }

    /// Changes what is wanted of a component; nothing happens if there is none.
    fn with(&mut self, id: ComponentId, change: impl FnOnce(&mut ComponentDesc)) -> &mut Self {
        if let Some(desc) = self.topology.components.get_mut(&id) {
            change(desc);
        }
        self
    }

    /// Gives a setting of a component a value; the settings of all are checked when it starts.
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

    /// Passes what comes into a composite's inbox on to a member's, each given as component and name.
    pub fn pass_in(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::inbox(from.0, from.1), BoxAddr::inbox(to.0, to.1))
    }

    /// Passes what comes out of a member's outbox on to its composite's, each given as component and name.
    pub fn pass_out(&mut self, from: (ComponentId, &str), to: (ComponentId, &str)) -> &mut Self {
        self.link_boxes(BoxAddr::outbox(from.0, from.1), BoxAddr::outbox(to.0, to.1))
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

    /// Starts everything on a scheduler of the calling thread, which is not run yet; `adjust` may change its settings.
    ///
    /// # Errors
    /// A component or a linkage is refused: the first of them.
    pub fn scheduler(&self, adjust: impl FnOnce(&mut SchedulerConfig)) -> Result<Scheduler, SystemError> {
        let mut config = SchedulerConfig::new(self.registry.clone());
        adjust(&mut config);
        let mut scheduler = Scheduler::new(config);
        let mut refused = None;
        let steps = Step::start_all(&self.topology);
        scheduler.graph.apply_all(0, steps, &mut |fault| refused = refused.take().or(Some(fault)));
        check(refused)?;
        Ok(scheduler)
    }

    /// Runs the system on the calling thread until it has ended or nothing can move. `print` is called with every line
    /// that a component prints, and the component's name.
    ///
    /// # Errors
    /// As for [`System::scheduler`].
    pub fn run(&self, print: impl FnMut(&str, &str) + 'static) -> Result<RunEnd, SystemError> {
        let mut scheduler = self.scheduler(|config| config.console = Box::new(print))?;
        Ok(scheduler.run(RunLimit::default()))
    }

    /// Runs the system in the background; `adjust` may change settings of the runtime.
    ///
    /// # Errors
    /// As for [`System::scheduler`], or there is no thread.
    pub fn spawn(&self, adjust: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Result<RuntimeHandle, SystemError> {
        let runtime = adjust(RuntimeBuilder::new(self.registry.clone())).spawn()?;
        let steps = Step::start_all(&self.topology);
        let refused = runtime.call(|scheduler| {
            let mut refused = None;
            scheduler.enter_steps(0, steps, &mut |fault| refused = refused.take().or(Some(fault)));
            refused
        });
        check(refused.unwrap_or_else(|| Some(Fault::new("the runtime has ended"))))?;
        Ok(runtime)
    }
}

/// The first thing that was refused, if any was.
fn check(refused: Option<Fault>) -> Result<(), SystemError> {
    let Some(fault) = refused else { return Ok(()) };
    Err(fault.cause().cloned().map_or_else(|| SystemError::Refused(fault.words().to_owned()), SystemError::Link))
}
