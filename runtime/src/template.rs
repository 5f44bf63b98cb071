//! Template: a graph that a chassis instantiates while the system runs, such as the protocol of a server.
//!
//! Plain data. Each instance is a separate composite with its own components. In settings, `"${name}"` is replaced with
//! a value that the chassis provides, for example the address of the client.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::component::Fault;
use crate::ids::{BoxAddr, ComponentId};
use crate::params::ParamValue;
use crate::substitute::{UnknownParameter, substitute, substitute_code};
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy, Topology};

pub use crate::topology::Template;

impl Template {
    /// The instance itself, in the topology that [`Template::instance`] returns.
    pub const INSTANCE: ComponentId = ComponentId(0);

    /// The first identity that is free for components that a chassis starts beside the instance.
    pub const BESIDE: ComponentId = ComponentId(1 << 40);

    /// Makes an instance with this name, which the chassis then starts. `given` holds the values from the chassis.
    ///
    /// # Errors
    /// Its settings use a value that neither the template nor the chassis provides.
    pub fn instance(&self, name: &str, given: &BTreeMap<String, ParamValue>) -> Result<Topology, UnknownParameter> {
        let mut values = self.values.clone();
        values.extend(given.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut ids: BTreeMap<ComponentId, ComponentId> = BTreeMap::from([(Topology::OWNER, Self::INSTANCE)]);
        for (index, id) in self.outermost_first().into_iter().enumerate() {
            ids.insert(id, ComponentId(1 + index as u64));
        }
        let real = |id: ComponentId| ids.get(&id).copied().unwrap_or(id);
        let body = ComponentBody::Composite { inboxes: self.inboxes.clone(), outboxes: self.outboxes.clone() };
        let whole = ComponentDesc {
            name: name.into(),
            body,
            parent: None,
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        };
        let mut instance = Topology { components: [(Self::INSTANCE, whole)].into(), ..Topology::default() };
        for (id, desc) in &self.graph.components {
            let mut desc = desc.clone();
            desc.name = format!("{name}/{}", desc.name).into();
            desc.parent = Some(desc.parent.map_or(Self::INSTANCE, real));
            if let ComponentBody::Leaf { params, .. } = &mut desc.body {
                for (name, value) in params {
                    let is_code = self.code.contains(&(*id, name.clone()));
                    *value = if is_code { substitute_code(value, &values)? } else { substitute(value, &values)? };
                }
            }
            instance.components.insert(real(*id), desc);
        }
        let at = |addr: &BoxAddr| BoxAddr { component: real(addr.component), ..addr.clone() };
        let linkages = self.graph.linkages.iter();
        instance.linkages = linkages.map(|link| LinkageDesc { from: at(&link.from), to: at(&link.to) }).collect();
        Ok(instance)
    }

    /// All components, with every composite before its members.
    fn outermost_first(&self) -> Vec<ComponentId> {
        let components = &self.graph.components;
        let depth = |id: ComponentId| {
            let parents = std::iter::successors(Some(id), |id| components.get(id).and_then(|desc| desc.parent));
            // Bounded, in case the parents form a ring.
            parents.take(components.len() + 1).count()
        };
        let mut ids: Vec<ComponentId> = components.keys().copied().collect();
        ids.sort_by_cached_key(|id| (depth(*id), *id));
        ids
    }
}

/// An instance of a template that has been started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its identity: a child of the chassis, with its own members.
    pub id: ComponentId,
    /// Its name inside the chassis: a consecutive number.
    pub name: Arc<str>,
}

impl Instance {
    /// One of its inboxes, for linking.
    pub fn inbox(&self, name: &str) -> BoxAddr {
        BoxAddr::inbox(self.id, name)
    }

    /// One of its outboxes, for linking.
    pub fn outbox(&self, name: &str) -> BoxAddr {
        BoxAddr::outbox(self.id, name)
    }
}

/// The fault for a value that a template uses but neither the template nor the chassis provides.
pub(crate) fn missing_value(template: &str, name: &str, given: &BTreeMap<String, ParamValue>) -> Fault {
    let known: Vec<String> = given.keys().map(|name| format!("${{{name}}}")).collect();
    let known = if known.is_empty() { "no values".to_owned() } else { known.join(", ") };
    Fault::new(format!(
        "the template {template} uses ${{{name}}}, but its chassis gives {known}; correct the setting, or add a \
         parameter {name} to the project"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::message::Message;

    fn leaf(name: &str, parent: Option<u64>, value: &str) -> ComponentDesc {
        ComponentDesc {
            name: name.into(),
            body: ComponentBody::Leaf { type_name: "X".into(), params: [("who".to_owned(), value.into())].into() },
            parent: parent.map(ComponentId),
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        }
    }

    fn template() -> Template {
        let body = ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() };
        let inner = ComponentDesc { body, ..leaf("inner", None, "") };
        let mut graph = Topology::default();
        graph.components.extend([
            (ComponentId(3), leaf("inner/deep", Some(9), "${port}")),
            (ComponentId(5), leaf("a", None, "${peer}")),
            (ComponentId(9), inner),
        ]);
        let own = BoxAddr::inbox(Topology::OWNER, "inbox");
        graph.linkages.insert(LinkageDesc { from: own, to: BoxAddr::inbox(ComponentId(5), "inbox") });
        Template { graph, values: [("port".to_owned(), Message::Int(7))].into(), ..Template::default() }
    }

    #[test]
    fn an_instance_has_its_own_names_identities_and_values() {
        let given = [("peer".to_owned(), Message::text("me"))].into();
        let instance = template().instance("4", &given).unwrap();
        let names: Vec<&str> = instance.components.values().map(|desc| &*desc.name).collect();
        assert_eq!(names, ["4", "4/a", "4/inner", "4/inner/deep"]);
        let value = |id: u64| match &instance.components[&ComponentId(id)].body {
            ComponentBody::Leaf { params, .. } => params["who"].clone(),
            ComponentBody::Composite { .. } => Message::Nothing,
        };
        assert_eq!((value(1), value(3)), (Message::text("me"), Message::Int(7)));
        assert_eq!(instance.components[&ComponentId(3)].parent, Some(ComponentId(2)));
        let link = instance.linkages.first().unwrap();
        assert_eq!((link.from.component, link.to.component), (Template::INSTANCE, ComponentId(1)));
    }

    #[test]
    fn the_interpolation_of_a_script_survives_in_an_instance() {
        let mut template = template();
        template.graph.components.insert(ComponentId(4), leaf("b", None, "`${peer}: ${msg}`"));
        template.code.insert((ComponentId(4), "who".to_owned()));
        let given = [("peer".to_owned(), Message::text("me"))].into();
        let instance = template.instance("1", &given).unwrap();
        let desc = instance.components.values().find(|desc| &*desc.name == "1/b").unwrap();
        let ComponentBody::Leaf { params, .. } = &desc.body else { panic!() };
        assert_eq!(params["who"], "`me: ${msg}`".into());
    }

    #[test]
    fn the_fault_names_the_missing_value() {
        let missing = template().instance("1", &BTreeMap::new()).unwrap_err();
        let text = missing_value("Echo", &missing.name, &[("item".to_owned(), Message::Nothing)].into()).to_string();
        assert!(text.contains("Echo uses ${peer}, but its chassis gives ${item}"), "{text}");
    }
}
