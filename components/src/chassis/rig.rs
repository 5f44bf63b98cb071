//! A chassis, or a graph, with the whole library and some templates on the test rig of the runtime. Test only.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::testing::Rig;
use compose_runtime::topology::{ComponentBody, ComponentDesc, RestartPolicy, Topology};

use super::graph::{Graph, Part};

/// A template that passes everything on.
pub fn pass() -> Graph {
    let links = ["self.inbox -> pass.inbox", "pass.outbox -> self.outbox"];
    Graph::graphline(&[("pass", Part::new("PassThrough"))], &links).unwrap()
}

/// A template that says one thing and ends.
pub fn once(words: &str) -> Graph {
    let source = Part::new("DataSource").with("messages", Message::list([Message::text(words)]));
    Graph::graphline(&[("say", source)], &["say.outbox -> self.outbox"]).unwrap()
}

/// A template of many members in a row, each with room for one message, linked by their data only.
pub fn chain(members: usize) -> Graph {
    let parts: Vec<(String, Part)> =
        (0..members).map(|place| (format!("p{place}"), Part::new("PassThrough").limit(1))).collect();
    let parts: Vec<(&str, Part)> = parts.iter().map(|(name, part)| (name.as_str(), part.clone())).collect();
    let mut links: Vec<String> = (1..members).map(|place| format!("p{}.outbox -> p{place}.inbox", place - 1)).collect();
    links.push("self.inbox -> p0.inbox".to_owned());
    links.push(format!("p{}.outbox -> self.outbox", members - 1));
    Graph::graphline(&parts, &links.iter().map(String::as_str).collect::<Vec<_>>()).unwrap()
}

/// A chassis with these settings and templates; all its outboxes but the hidden ones are captured.
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

/// A graph that runs by itself.
pub fn graph(graph: &Graph) -> Rig {
    let outboxes = std::iter::once("outbox".to_owned()).chain(graph.template().outboxes);
    Rig::of(crate::registry(), &graph.topology("subject", Rig::SUBJECT.0), outboxes.collect())
}
