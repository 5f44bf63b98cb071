//! topology_of: the topology that a document describes. Pure.
//!
//! Parts that cannot run are left out, so that an invalid setting never reaches the running system: components of
//! unknown type or with invalid settings, and links to boxes that do not exist. `document::check` reports them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compose_runtime::ids::{ComponentId, Direction};
use compose_runtime::params::ParamValue;
use compose_runtime::registry::Registry;
use compose_runtime::template::Template;
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, LinkageKind, Topology};

use crate::document::check::wrong_settings;
use crate::document::meta::resolve;
use crate::document::{Document, Node, NodeBody, NodeId, ParameterValues, Port, Wire};

/// The components and linkages of a document, with these values of the project parameters.
pub fn topology_of(document: &Document, registry: &Registry, values: &ParameterValues) -> Topology {
    let mut graphs: BTreeMap<Option<NodeId>, Topology> = BTreeMap::from([(None, Topology::default())]);
    for node in document.all_nodes() {
        let template = document.template_of(node.id);
        let graph = graphs.entry(template).or_default();
        if template == Some(node.id) {
            continue;
        }
        let Some(body) = body_of(document, node, registry, values) else { continue };
        let desc = ComponentDesc {
            name: name_in(document, node.id, template).into(),
            body,
            parent: node.scope.filter(|scope| template != Some(*scope)).map(ComponentId::from),
            restart: node.restart,
            limits: node.limits.clone(),
        };
        graph.components.insert(node.id.into(), desc);
    }
    let mut boxes = Boxes { document, registry, of_node: BTreeMap::new() };
    for wire in document.all_wires() {
        if let Some((template, linkage)) = linkage_of(document, wire)
            && let Some(graph) = graphs.get_mut(&template)
        {
            let owner = Topology::OWNER;
            let runs = |id: ComponentId| id == owner || graph.components.contains_key(&id);
            if runs(linkage.from.component)
                && runs(linkage.to.component)
                && boxes.has(&wire.from)
                && boxes.has(&wire.to)
            {
                graph.linkages.insert(linkage);
            }
        }
    }
    for (id, desc) in graphs.values_mut().flat_map(|graph| &mut graph.components) {
        // The runtime would refuse the limit of an inbox that does not exist.
        desc.limits.retain(|inbox, _| boxes.has(&Port::inbox(NodeId::from(*id), inbox.as_str())));
    }
    let mut topology = graphs.remove(&None).unwrap_or_default();
    for (id, graph) in graphs {
        if let Some(node) = id.and_then(|id| document.node(id))
            && let NodeBody::Composite { inboxes, outboxes, .. } = &node.body
        {
            let (inboxes, outboxes) = (inboxes.clone(), outboxes.clone());
            let code = code_settings(&graph, registry);
            let template = Template { inboxes, outboxes, graph, values: values.clone(), code };
            topology.templates.insert(document.path_name(node.id).into(), Arc::new(template));
        }
    }
    topology
}

/// The settings that hold code.
fn code_settings(graph: &Topology, registry: &Registry) -> BTreeSet<(ComponentId, String)> {
    let mut found = BTreeSet::new();
    for (id, desc) in &graph.components {
        if let ComponentBody::Leaf { type_name, .. } = &desc.body
            && let Ok(spec) = registry.get(type_name)
        {
            let code = spec.params.iter().filter(|param| param.is_code());
            found.extend(code.map(|param| (*id, param.name.to_owned())));
        }
    }
    found
}

/// The path name of a node: inside its template, or in the whole document.
fn name_in(document: &Document, id: NodeId, template: Option<NodeId>) -> String {
    let path = document.path_name(id);
    let inside = template.and_then(|template| path.strip_prefix(&document.path_name(template))?.strip_prefix('/'));
    inside.map(str::to_owned).unwrap_or(path)
}

/// The linkage of a wire and its template. `None` for wires to the outside of a template, because templates do not run.
fn linkage_of(document: &Document, wire: &Wire) -> Option<(Option<NodeId>, LinkageDesc)> {
    let mut linkage = wire.linkage();
    let (from, to) = (document.template_of(wire.from.node), document.template_of(wire.to.node));
    let is_from_template = from == Some(wire.from.node);
    let is_to_template = to == Some(wire.to.node);
    match linkage.kind()? {
        LinkageKind::Data => (!is_from_template && !is_to_template && from == to).then_some((from, linkage)),
        LinkageKind::InboxToInbox if is_to_template => None,
        LinkageKind::InboxToInbox => {
            if is_from_template {
                linkage.from.component = Topology::OWNER;
            }
            Some((to, linkage))
        }
        LinkageKind::OutboxToOutbox if is_from_template => None,
        LinkageKind::OutboxToOutbox => {
            if is_to_template {
                linkage.to.component = Topology::OWNER;
            }
            Some((from, linkage))
        }
    }
}

fn body_of(document: &Document, node: &Node, registry: &Registry, values: &ParameterValues) -> Option<ComponentBody> {
    match &node.body {
        NodeBody::Composite { inboxes, outboxes, .. } => {
            Some(ComponentBody::Composite { inboxes: inboxes.clone(), outboxes: outboxes.clone() })
        }
        NodeBody::Leaf { type_name, params } => {
            let spec = registry.get(type_name).ok()?;
            let is_in_template = document.template_of(node.id).is_some();
            let wrong = wrong_settings(document, node, spec, values).err();
            if wrong.is_some_and(|wrong| !(is_in_template && wrong.is_empty())) {
                return None;
            }
            if is_in_template {
                // Parameters are resolved for each instance, which may have its own values.
                return Some(ComponentBody::Leaf { type_name: type_name.as_str().into(), params: params.clone() });
            }
            let params: BTreeMap<String, ParamValue> = params
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), resolve(spec.params, name, value, values).ok()?)))
                .collect();
            Some(ComponentBody::Leaf { type_name: type_name.as_str().into(), params })
        }
    }
}

/// A cache of the boxes of nodes.
struct Boxes<'a> {
    document: &'a Document,
    registry: &'a Registry,
    of_node: BTreeMap<NodeId, BTreeSet<(Direction, Arc<str>)>>,
}

impl Boxes<'_> {
    fn has(&mut self, port: &Port) -> bool {
        let boxes = self.of_node.entry(port.node).or_insert_with(|| {
            let (inboxes, outboxes) = self.document.boxes_of(port.node, self.registry);
            let inboxes = inboxes.into_iter().map(|info| (Direction::Inbox, info.name));
            inboxes.chain(outboxes.into_iter().map(|info| (Direction::Outbox, info.name))).collect()
        });
        port.name.starts_with('_') || boxes.contains(&(port.direction, port.name.clone()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::component::{BoxSpec, ComponentSpec};
    use compose_runtime::message::Message;
    use compose_runtime::params::ParamSpec;

    use super::*;
    use crate::project::format::from_text;

    static PASS: ComponentSpec = ComponentSpec {
        type_name: "Pass",
        inboxes: &[BoxSpec::new("inbox", "In")],
        outboxes: &[BoxSpec::new("outbox", "Out")],
        params: &[ParamSpec::int("port", 1, 9000, 1, "Where")],
        ..ComponentSpec::EMPTY
    };

    fn topology(components: &str, links: &str) -> Topology {
        let mut registry = Registry::default();
        registry.register(&PASS).unwrap();
        let text = format!(
            "{{\"format\": \"kamaelia-compose/1\", \"parameters\": {{\"port\": {{\"type\": \"int\", \"default\": 7}}}},
               \"components\": {{{components}}}, \"links\": [{links}]}}"
        );
        let (document, problems) = from_text(&text);
        assert_eq!(problems, []);
        topology_of(&document, &registry, &document.meta().defaults())
    }

    fn names(topology: &Topology) -> Vec<String> {
        topology.components.values().map(|desc| desc.name.to_string()).collect()
    }

    #[test]
    fn nested_graphs_are_flattened_and_named_by_their_path() {
        let topology = topology(
            r#""box": {"graph": {"components": {"a": {"type": "Pass"}}, "links": ["self.inbox -> a.inbox"]}}"#,
            "",
        );
        assert_eq!(names(&topology), ["box", "box/a"]);
        assert_eq!(topology.components[&ComponentId(2)].parent, Some(ComponentId(1)));
        assert_eq!(topology.linkages.len(), 1);
    }

    #[test]
    fn parameters_are_substituted_with_their_kind() {
        let topology = topology(r#""a": {"type": "Pass", "params": {"port": "${port}"}}"#, "");
        let ComponentBody::Leaf { params, .. } = &topology.components[&ComponentId(1)].body else { panic!() };
        assert_eq!(params["port"], Message::Int(7));
    }

    #[test]
    fn components_that_cannot_run_are_left_out_with_their_links() {
        let topology = topology(
            r#""a": {"type": "Pass"}, "b": {"type": "Pass", "params": {"port": 0}}, "c": {"type": "Teapot"}"#,
            r#""a.outbox -> b.inbox", "a.outbox -> c.inbox", "a.exit -> a.inbox", "a.outbox -> a.inbox""#,
        );
        assert_eq!((names(&topology), topology.linkages.len()), (vec!["a".to_owned()], 1));
    }

    #[test]
    fn a_template_does_not_run_but_is_available_to_chassis() {
        let topology = topology(
            r#""T": {"template": true, "graph": {
                 "components": {"a": {"type": "Pass", "params": {"port": "${peer}"}},
                                "in": {"graph": {"components": {"b": {"type": "Pass"}}}}},
                 "links": ["self.inbox -> a.inbox", "a.outbox -> in.inbox"]}},
               "c": {"type": "Pass"}"#,
            r#""T.outbox -> c.inbox""#,
        );
        assert_eq!((names(&topology), topology.linkages.len()), (vec!["c".to_owned()], 0));
        let template = &topology.templates["T"];
        assert_eq!(names(&template.graph), ["a", "in", "in/b"]);
        assert_eq!(template.graph.linkages.len(), 2);
        assert_eq!(template.graph.linkages.iter().filter(|link| link.touches(Topology::OWNER)).count(), 1);
        assert_eq!(template.values["port"], Message::Int(7));
    }
}
