//! Instances: composites that a chassis makes from templates while it runs. Each is a child of the chassis.
//!
//! An instance is started as a whole, with all its links, before any of its components has a turn (PIPE-2). The chassis is
//! notified of its end as for any child, and removes it and its links with `remove_child`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BoxIo, ComponentSpec, Fate, Fault};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::message::Message;
use crate::params::ParamValue;
use crate::scheduler::request::{Answer, Ask};
use crate::template::{Instance, Template, missing_value};
use crate::topology::{ComponentBody, LinkageDesc, RestartPolicy, Topology};

/// An instance before it is started, with the components and links that its chassis adds.
#[derive(Debug, Clone)]
pub struct NewInstance {
    name: Arc<str>,
    template: Arc<str>,
    graph: Topology,
    specs: Vec<&'static ComponentSpec>,
}

impl NewInstance {
    /// The name of the instance inside the chassis.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// An inbox of the instance, for [`NewInstance::link`].
    pub fn inbox(&self, name: &str) -> BoxAddr {
        BoxAddr::inbox(Template::INSTANCE, name)
    }

    /// An outbox of the instance, for [`NewInstance::link`].
    pub fn outbox(&self, name: &str) -> BoxAddr {
        BoxAddr::outbox(Template::INSTANCE, name)
    }

    /// A box of the chassis, for [`NewInstance::link`].
    pub fn own(&self, direction: Direction, name: &str) -> BoxAddr {
        BoxAddr { component: Topology::OWNER, direction, name: name.into() }
    }

    /// Names, types and settings of the components inside it.
    pub fn leaves(&self) -> impl Iterator<Item = (&str, &str, &BTreeMap<String, ParamValue>)> {
        self.graph.components.range(..Template::BESIDE).filter_map(|(_, desc)| match &desc.body {
            ComponentBody::Leaf { type_name, params } => {
                let name = desc.name.split_once('/').map_or(&*desc.name, |(_, name)| name);
                Some((name, &**type_name, params))
            }
            ComponentBody::Composite { .. } => None,
        })
    }

    /// Adds a link, which is made before any component of the instance runs.
    pub fn link(&mut self, from: BoxAddr, to: BoxAddr) {
        self.graph.linkages.insert(LinkageDesc { from, to });
    }

    /// Links an inbox of the chassis to `inbox` of the instance, and `outbox` of the instance to an outbox of the chassis.
    pub fn pass_through(&mut self, inbox: &str, outbox: &str) {
        self.link(self.own(Direction::Inbox, inbox), self.inbox("inbox"));
        self.link(self.outbox("outbox"), self.own(Direction::Outbox, outbox));
    }

    /// Adds a component beside the instance, as another child of the chassis. Returns its local identity, for
    /// [`NewInstance::link`].
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
    /// The current template with this name.
    pub fn template(&self, name: &str) -> Option<Arc<Template>> {
        self.core.context.templates.borrow().get(name).cloned()
    }

    /// Prepares an instance of a template under the name `<own name>/<number>`. `given` holds the values for `"${name}"` in its
    /// settings.
    ///
    /// # Errors
    /// There is no template with this name, or `given` lacks a value that the template uses.
    pub fn new_instance(&self, template: &str, given: &BTreeMap<String, ParamValue>) -> Result<NewInstance, Fault> {
        let Some(found) = self.template(template) else {
            let templates = self.core.context.templates.borrow();
            let known: Vec<&str> = templates.keys().map(|name| &**name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Fault::new(format!(
                "the project has no template {template:?} (its templates: {known}); make a composite of this name a \
                 template"
            )));
        };
        let number = self.core.instances.get() + 1;
        self.core.instances.set(number);
        let name: Arc<str> = number.to_string().into();
        let graph = found.instance(&name, given);
        let graph = graph.map_err(|missing| missing_value(template, &missing.name, given))?;
        Ok(NewInstance { name, template: template.into(), graph, specs: Vec::new() })
    }

    /// Starts a prepared instance: all of it, or nothing. Also returns the identities of the components beside it.
    ///
    /// # Errors
    /// As for [`BoxIo::start_children`]. Also, instances are nested too deeply, or there are too many of them, as with
    /// a template that contains itself.
    pub async fn start_instance(&self, new: NewInstance, fate: Fate) -> Result<(Instance, Vec<ComponentId>), Fault> {
        let mut started = self.start_as(new.graph, new.specs, fate, Some(new.template)).await?;
        let id = started.remove(&Template::INSTANCE).ok_or_else(|| Fault::new("the instance was not started"))?;
        let beside = started.split_off(&Template::BESIDE).into_values().collect();
        Ok((Instance { id, name: new.name }, beside))
    }

    /// The same as [`BoxIo::start_instance`]; in addition, [`BoxIo::child_ended`] reports the end of each component
    /// inside the instance, so that the chassis notices a crash while the others continue. Also returns the identities
    /// of these components; remove them with [`BoxIo::remove_children`]. An instance with a single component ends with
    /// it, and components that restart after a crash do not end with it, so these are not reported.
    ///
    /// # Errors
    /// As for [`BoxIo::start_instance`].
    pub async fn start_watched_instance(
        &self,
        new: NewInstance,
        fate: Fate,
    ) -> Result<(Instance, Vec<ComponentId>, Vec<ComponentId>), Fault> {
        let inside = new.graph.components.range(..Template::BESIDE);
        let leaves: Vec<(ComponentId, RestartPolicy)> = inside
            .filter(|(_, desc)| matches!(desc.body, ComponentBody::Leaf { .. }))
            .map(|(id, desc)| (*id, desc.restart))
            .collect();
        let mut started = self.start_as(new.graph, new.specs, fate, Some(new.template)).await?;
        let beside = started.split_off(&Template::BESIDE).into_values().collect();
        let is_alone = leaves.len() < 2;
        let ends = leaves.iter().filter(|(_, restart)| !is_alone && *restart == RestartPolicy::Never);
        let members: Vec<ComponentId> = ends.filter_map(|(id, _)| started.get(id).copied()).collect();
        self.ask_all(members.iter().map(|id| Ask::Adopt(*id))).await;
        let id = started.remove(&Template::INSTANCE).ok_or_else(|| Fault::new("the instance was not started"))?;
        Ok((Instance { id, name: new.name }, beside, members))
    }

    /// Puts a message into the `control` inbox of a component, with or without a link, even during a shutdown. No effect if
    /// the component does not exist.
    pub async fn send_control(&self, id: ComponentId, message: Message) {
        // This is never refused.
        let _ = self.ask(Ask::Control(id, message)).await;
    }

    /// Names and faults of the crashed components inside a composite.
    pub async fn faults_in(&self, id: ComponentId) -> Vec<(Arc<str>, Fault)> {
        match self.ask(Ask::Faults(id)).await {
            Ok(Answer::Faults(faults)) => faults,
            Ok(Answer::Done | Answer::Started(_) | Answer::Topology(..) | Answer::Over) | Err(_) => Vec::new(),
        }
    }

    /// How many messages have left the inbox of an outbox's receiver so far: taken, or dropped by its policy. Messages from
    /// other sources are counted too. Without a receiver, the number of all messages sent.
    ///
    /// # Panics
    /// There is no such outbox: the component crashes (BOX-11).
    pub fn gone_from(&self, outbox: &str) -> u64 {
        let gone = self.core.boxes.with_outbox(outbox, |outbox| {
            let gone = outbox.routes().iter().map(|route| route.sink.gone());
            gone.max().unwrap_or_else(|| outbox.sent())
        });
        gone.unwrap_or_else(|| self.core.no_such_box(Direction::Outbox, outbox))
    }

    /// Ends the stream of an outbox while the component continues: receivers see the end as if the component had ended (R9). A
    /// restart of the component opens the outbox again.
    ///
    /// # Panics
    /// There is no such outbox: the component crashes (BOX-11).
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
