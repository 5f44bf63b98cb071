//! Instances: what chassis make of templates while they run, one composite child each.
//!
//! An instance is started whole, with every link it needs, before any of its components has a turn (PIPE-2). Its chassis
//! hears of its end like that of any child and takes it out, with its links, by `remove_child`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BoxIo, ComponentSpec, Fate, Fault};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::message::Message;
use crate::params::ParamValue;
use crate::scheduler::request::{Answer, Ask};
use crate::template::{Instance, Template, missing_value};
use crate::topology::{LinkageDesc, Topology};

/// An instance that is about to be started, with what its chassis adds to it.
#[derive(Debug, Clone)]
pub struct NewInstance {
    name: Arc<str>,
    graph: Topology,
    specs: Vec<&'static ComponentSpec>,
}

impl NewInstance {
    /// The name it will have inside the chassis.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// One of its inboxes, for [`NewInstance::link`].
    pub fn inbox(&self, name: &str) -> BoxAddr {
        BoxAddr::inbox(Template::INSTANCE, name)
    }

    /// One of its outboxes, for [`NewInstance::link`].
    pub fn outbox(&self, name: &str) -> BoxAddr {
        BoxAddr::outbox(Template::INSTANCE, name)
    }

    /// One of the boxes of the chassis, for [`NewInstance::link`].
    pub fn own(&self, direction: Direction, name: &str) -> BoxAddr {
        BoxAddr { component: Topology::OWNER, direction, name: name.into() }
    }

    /// Links two boxes, before anything in the instance runs.
    pub fn link(&mut self, from: BoxAddr, to: BoxAddr) {
        self.graph.linkages.insert(LinkageDesc { from, to });
    }

    /// The usual: what comes into the chassis goes into the instance, what comes out of the instance comes out of the
    /// chassis.
    pub fn pass_through(&mut self, inbox: &str, outbox: &str) {
        self.link(self.own(Direction::Inbox, inbox), self.inbox("inbox"));
        self.link(self.outbox("outbox"), self.own(Direction::Outbox, outbox));
    }

    /// Starts a component beside it, as another child of the chassis. Gives its identity, for [`NewInstance::link`].
    pub fn beside(
        &mut self,
        name: &str,
        spec: &'static ComponentSpec,
        params: BTreeMap<String, ParamValue>,
    ) -> ComponentId {
        let count = self.graph.components.range(Template::BESIDE..).count();
        let id = ComponentId(Template::BESIDE.0 + count as u64);
        self.graph.components.insert(id, super::children::leaf(name, spec, params));
        self.specs.push(spec);
        id
    }
}

impl BoxIo {
    /// The template of this name, as it is now.
    pub fn template(&self, name: &str) -> Option<Arc<Template>> {
        self.core.context.templates.borrow().get(name).cloned()
    }

    /// Prepares an instance of a template: `<own name>/<number>`, with these values for `"${name}"` in its settings.
    ///
    /// # Errors
    /// There is no template of this name, or it uses a value that nobody gives.
    pub fn new_instance(&self, template: &str, given: &BTreeMap<String, ParamValue>) -> Result<NewInstance, Fault> {
        let Some(found) = self.template(template) else {
            let templates = self.core.context.templates.borrow();
            let known: Vec<&str> = templates.keys().map(|name| &**name).collect();
            let known = if known.is_empty() { "there is none".to_owned() } else { known.join(", ") };
            return Err(Fault::new(format!(
                "the project has no template {template:?} ({known}); make a composite of this name a template"
            )));
        };
        let number = self.core.instances.get() + 1;
        self.core.instances.set(number);
        let name: Arc<str> = number.to_string().into();
        let graph = found.instance(&name, given);
        let graph = graph.map_err(|missing| missing_value(template, &missing.name, given))?;
        Ok(NewInstance { name, graph, specs: Vec::new() })
    }

    /// Starts a prepared instance, all of it or nothing; also gives the identities of what was started beside it.
    ///
    /// # Errors
    /// As for [`BoxIo::start_children`].
    pub async fn start_instance(&self, new: NewInstance, fate: Fate) -> Result<(Instance, Vec<ComponentId>), Fault> {
        let mut given = self.start_graph(new.graph, new.specs, fate).await?;
        let id = given.remove(&Template::INSTANCE).ok_or_else(|| Fault::new("the instance was not started"))?;
        let beside = given.split_off(&Template::BESIDE).into_values().collect();
        Ok((Instance { id, name: new.name }, beside))
    }

    /// Starts an instance of a template that is linked to nothing yet.
    ///
    /// # Errors
    /// As for [`BoxIo::new_instance`] and [`BoxIo::start_instance`].
    pub async fn instantiate(
        &self,
        template: &str,
        given: &BTreeMap<String, ParamValue>,
        fate: Fate,
    ) -> Result<Instance, Fault> {
        let new = self.new_instance(template, given)?;
        self.start_instance(new, fate).await.map(|(instance, _)| instance)
    }

    /// Puts a message into the `control` of a component, linked or not; also while shutting down.
    pub async fn tell(&self, id: ComponentId, message: Message) {
        // Telling one that has gone is telling nobody.
        let _ = self.ask(Ask::Tell(id, message)).await;
    }

    /// Names and words of the components inside a composite that have crashed.
    pub async fn faults_in(&self, id: ComponentId) -> Vec<(Arc<str>, Fault)> {
        match self.ask(Ask::Faults(id)).await {
            Ok(Answer::Faults(faults)) => faults,
            _ => Vec::new(),
        }
    }

    /// Says that nothing more will come out of an outbox, though the component goes on: those it feeds see the end of
    /// the stream, as they do when the component ends (R9). Starting the component again takes it back.
    pub fn finish(&self, outbox: &str) {
        let finished = self.core.boxes.with_outbox(outbox, |outbox| {
            outbox.is_finished.set(true);
            for route in outbox.routes() {
                route.set_source_ended(&self.core.context.run_queue, true);
            }
        });
        if finished.is_none() {
            self.core.no_such_box(Direction::Outbox, outbox);
        }
    }
}
