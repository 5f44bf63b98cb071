//! topology_of: what the document asks to run. Pure.
//!
//! What cannot run is left out, so that a wrong setting never reaches the running system: components of unknown type or
//! with refused settings, links at boxes that do not exist. `document::check` tells about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compose_runtime::ids::{ComponentId, Direction};
use compose_runtime::params::ParamValue;
use compose_runtime::registry::Registry;
use compose_runtime::topology::{ComponentBody, ComponentDesc, Topology};

use crate::document::check::checked_params;
use crate::document::meta::substitute;
use crate::document::{Document, Node, NodeBody, NodeId, ParameterValues, Port};

/// The components and linkages of a document, with project parameters at these values.
pub fn topology_of(document: &Document, registry: &Registry, values: &ParameterValues) -> Topology {
    let mut topology = Topology::default();
    for node in document.all_nodes() {
        let Some(body) = body_of(node, registry, values) else { continue };
        let desc = ComponentDesc {
            name: document.path_name(node.id).into(),
            body,
            parent: node.scope.map(ComponentId::from),
            restart: node.restart,
            limits: node.limits.clone(),
        };
        topology.components.insert(node.id.into(), desc);
    }
    let mut boxes = Boxes { document, registry, of_node: BTreeMap::new() };
    for wire in document.all_wires() {
        let runs = |port: &Port| topology.components.contains_key(&port.node.into());
        if runs(&wire.from) && runs(&wire.to) && boxes.has(&wire.from) && boxes.has(&wire.to) {
            topology.linkages.insert(wire.linkage());
        }
    }
    for (id, desc) in &mut topology.components {
        // A limit of an inbox that does not exist would be refused.
        desc.limits.retain(|inbox, _| boxes.has(&Port::inbox(NodeId::from(*id), inbox.as_str())));
    }
    topology
}

fn body_of(node: &Node, registry: &Registry, values: &ParameterValues) -> Option<ComponentBody> {
    match &node.body {
        NodeBody::Composite { inboxes, outboxes } => {
            Some(ComponentBody::Composite { inboxes: inboxes.clone(), outboxes: outboxes.clone() })
        }
        NodeBody::Leaf { type_name, params } => {
            let spec = registry.get(type_name).ok()?;
            checked_params(node, spec, values).ok()?;
            let params: BTreeMap<String, ParamValue> = params
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), substitute(value, values).ok()?)))
                .collect();
            Some(ComponentBody::Leaf { type_name: type_name.as_str().into(), params })
        }
    }
}

/// The boxes of every node that was asked about.
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
    fn nested_graphs_are_flat_and_named_by_their_path() {
        let topology = topology(
            r#""box": {"graph": {"components": {"a": {"type": "Pass"}}, "links": ["self.inbox -> a.inbox"]}}"#,
            "",
        );
        assert_eq!(names(&topology), ["box", "box/a"]);
        assert_eq!(topology.components[&ComponentId(2)].parent, Some(ComponentId(1)));
        assert_eq!(topology.linkages.len(), 1);
    }

    #[test]
    fn parameters_are_put_in_with_their_kind() {
        let topology = topology(r#""a": {"type": "Pass", "params": {"port": "${port}"}}"#, "");
        let ComponentBody::Leaf { params, .. } = &topology.components[&ComponentId(1)].body else { panic!() };
        assert_eq!(params["port"], Message::Int(7));
    }

    #[test]
    fn what_cannot_run_is_left_out_with_its_links() {
        let topology = topology(
            r#""a": {"type": "Pass"}, "b": {"type": "Pass", "params": {"port": 0}}, "c": {"type": "Teapot"}"#,
            r#""a.outbox -> b.inbox", "a.outbox -> c.inbox", "a.exit -> a.inbox", "a.outbox -> a.inbox""#,
        );
        assert_eq!((names(&topology), topology.linkages.len()), (vec!["a".to_owned()], 1));
    }
}
