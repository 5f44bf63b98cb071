//! Test helpers: run a chassis or a graph on the runtime's test rig, with the component library and some templates.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::testing::Rig;
use compose_runtime::topology::{ComponentBody, ComponentDesc, RestartPolicy, Topology};

use super::graph::{Graph, Part};

/// A template that passes all messages on.
pub fn pass() -> Graph {
    let links = ["self.inbox -> pass.inbox", "pass.outbox -> self.outbox"];
    Graph::graphline(&[("pass", Part::new("PassThrough"))], &links).unwrap()
}

/// A template that emits one message and ends.
pub fn once(text: &str) -> Graph {
    let source = Part::new("DataSource").with("messages", Message::list([Message::text(text)]));
    Graph::graphline(&[("say", source)], &["say.outbox -> self.outbox"]).unwrap()
}

/// A template with a chain of members. Each inbox holds one message, and only the data boxes are linked.
pub fn chain(members: usize) -> Graph {
    let parts: Vec<(String, Part)> =
        (0..members).map(|index| (format!("p{index}"), Part::new("PassThrough").limit(1))).collect();
    let parts: Vec<(&str, Part)> = parts.iter().map(|(name, part)| (name.as_str(), part.clone())).collect();
    let mut links: Vec<String> = (1..members).map(|index| format!("p{}.outbox -> p{index}.inbox", index - 1)).collect();
    links.push("self.inbox -> p0.inbox".to_owned());
    links.push(format!("p{}.outbox -> self.outbox", members - 1));
    Graph::graphline(&parts, &links.iter().map(String::as_str).collect::<Vec<_>>()).unwrap()
}

/// Starts a chassis with these settings and templates, and captures all its outboxes except hidden ones.
pub fn chassis(spec: &'static ComponentSpec, params: &[(&str, Message)], templates: &[(&str, &Graph)]) -> Rig {
    let params: BTreeMap<String, Message> =
        params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let desc = ComponentDesc {
        name: "subject".into(),
        body: ComponentBody::Leaf { type_name: spec.type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    };
    let whole = Topology {
        components: [(Rig::SUBJECT, desc)].into(),
        templates: templates.iter().map(|(name, graph)| (Arc::from(*name), Arc::new(graph.template()))).collect(),
        ..Topology::default()
    };
    let outboxes = spec.outboxes.iter().map(|spec| spec.name.to_owned()).filter(|name| !name.starts_with('_'));
    Rig::of(crate::registry(), &whole, outboxes.collect())
}

/// Starts a graph on its own.
pub fn graph(graph: &Graph) -> Rig {
    let outboxes = std::iter::once("outbox".to_owned()).chain(graph.template().outboxes);
    Rig::of(crate::registry(), &graph.topology("subject", Rig::SUBJECT.0), outboxes.collect())
}
