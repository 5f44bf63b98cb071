//! Reads components: leaves with their settings, and composites with their graphs.

use std::collections::BTreeMap;

use compose_runtime::params::grouped;
use compose_runtime::topology::{InboxLimit, RestartPolicy};

use super::super::json::{Json, JsonValue};
use super::super::report::Report;
use super::names::{GRAPH, POLICIES, RESTARTS, TEMPLATE};
use super::values::{entries, join, text};
use crate::document::{COMPOSITE, Document, Node, NodeBody, NodeId};

/// A component as written in the file, with the graph inside it and the path of that graph.
pub struct ReadNode<'a> {
    /// The component, outside of any scope.
    pub node: Node,
    /// The graph inside it, if it is a composite that has one.
    pub inside: Option<(&'a Json, String)>,
}

/// Reads one component of a graph.
pub fn read_node<'a>(
    document: &mut Document,
    scope: Option<NodeId>,
    name: &str,
    json: &'a Json,
    path: &str,
    report: &mut Report,
) -> ReadNode<'a> {
    let id = document.fresh_id();
    let own_name = usable_name(document, scope, name, json.line, path, report);
    let is_composite = json
        .get("type")
        .map_or_else(|| json.get(GRAPH).is_some() || has_bare_graph(json), |word| word.as_text() == Some(COMPOSITE));
    if !is_composite {
        return ReadNode { node: leaf(id, own_name, json, path, report), inside: None };
    }
    let inside = match json.get(GRAPH) {
        Some(graph) => Some((graph, join(path, GRAPH))),
        None => has_bare_graph(json).then(|| (json, path.to_owned())),
    };
    ReadNode { node: composite(id, own_name, json, path, report), inside }
}

/// Whether the graph of a composite is written directly among its other keys, a common mistake in handwritten files.
fn has_bare_graph(json: &Json) -> bool {
    json.get(GRAPH).is_none() && json.get("components").is_some()
}

/// The name in the file, or a similar one if that name cannot be used.
fn usable_name(
    document: &Document,
    scope: Option<NodeId>,
    name: &str,
    line: usize,
    path: &str,
    report: &mut Report,
) -> String {
    if document.find(scope, name).is_some() {
        let other = document.free_name(scope, name);
        let message = format!("there are two components {name}");
        report.file_error(
            line,
            path,
            &message,
            &format!("rename one; the second was opened as {other}, without links"),
        );
        return other;
    }
    let Err(error) = crate::document::check_name(name) else { return name.to_owned() };
    let cleaned: String = name
        .replace("->", "_")
        .chars()
        .map(|c| if c.is_control() || matches!(c, '.' | '/') { '_' } else { c })
        .take(40)
        .collect();
    let cleaned = if cleaned.trim().is_empty() { "component" } else { cleaned.trim() };
    let other = document.free_name(scope, cleaned);
    report.file_error(line, path, &error.to_string(), &format!("rename it; it was opened as {other}"));
    other
}

fn leaf(id: NodeId, name: String, json: &Json, path: &str, report: &mut Report) -> Node {
    let mut type_name = String::new();
    let mut params = BTreeMap::new();
    let mut node = Node::leaf(id, name, "");
    for (key, value) in entries(json, path, report) {
        match key {
            "type" => type_name = text(value, &join(path, "type"), report),
            "params" => {
                for (name, value) in entries(value, &join(path, "params"), report) {
                    params.insert(name.to_owned(), value.to_message());
                }
            }
            _ => common(&mut node, key, value, path, report),
        }
    }
    if type_name.is_empty() {
        let remedy = "add \"type\" with the name of a component from the palette";
        report.file_error(json.line, path, "there is no type", remedy);
        "Unknown".clone_into(&mut type_name);
    }
    node.body = NodeBody::Leaf { type_name, params };
    node
}

fn composite(id: NodeId, name: String, json: &Json, path: &str, report: &mut Report) -> Node {
    let mut node = Node::composite(id, name);
    let mut boxes = (Vec::new(), Vec::new());
    let mut is_template = false;
    for (key, value) in entries(json, path, report) {
        match key {
            "type" => {}
            "inboxes" => boxes.0 = box_names(value, ["inbox", "control"], &join(path, key), report),
            "outboxes" => boxes.1 = box_names(value, ["outbox", "signal"], &join(path, key), report),
            TEMPLATE => is_template = yes_or_no(value, &join(path, key), report),
            GRAPH => {
                let unknown: serde_json::Map<_, _> = entries(value, &join(path, GRAPH), report)
                    .into_iter()
                    .filter(|(key, _)| !matches!(*key, "components" | "links" | "layout" | "frames"))
                    .map(|(key, value)| (key.to_owned(), value.to_value()))
                    .collect();
                if !unknown.is_empty() {
                    node.extra.insert(GRAPH.to_owned(), unknown.into());
                }
            }
            "components" | "links" | "layout" | "frames" if has_bare_graph(json) => {
                let message = format!("the {key} of a composite belong in its \"{GRAPH}\"");
                let remedy = format!("move them into \"{GRAPH}\": {{ … }}; they were read as if they were there");
                report.file_warning(value.line, &join(path, key), &message, &remedy);
            }
            _ => common(&mut node, key, value, path, report),
        }
    }
    node.body = NodeBody::Composite { inboxes: boxes.0, outboxes: boxes.1, is_template };
    node
}

fn yes_or_no(json: &Json, path: &str, report: &mut Report) -> bool {
    if let JsonValue::Bool(value) = json.value {
        return value;
    }
    let message = format!("this should be true or false, not {}", json.summary());
    report.file_error(json.line, path, &message, "correct it; false was used");
    false
}

/// Names of boxes, except those that every composite has.
fn box_names(json: &Json, always: [&str; 2], path: &str, report: &mut Report) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let JsonValue::List(items) = &json.value else {
        report.file_error(json.line, path, "this should be a list of names", "write [ … ]; it was ignored");
        return names;
    };
    for item in items {
        let name = text(item, path, report);
        match crate::document::check_box_name(&name) {
            Err(error) => report.file_error(item.line, path, &error.to_string(), "correct the name; it was ignored"),
            Ok(()) if !always.contains(&name.as_str()) && !names.contains(&name) => names.push(name),
            Ok(()) => {}
        }
    }
    names
}

/// Reads the keys that leaves and composites share, and keeps unknown keys.
fn common(node: &mut Node, key: &str, value: &Json, path: &str, report: &mut Report) {
    match key {
        "restart" => node.restart = one_of(&RESTARTS, value, &join(path, key), report).unwrap_or(RestartPolicy::Never),
        "limits" => {
            let path = join(path, key);
            for (inbox, value) in entries(value, &path, report) {
                if let Some(limit) = limit(value, &join(&path, inbox), report) {
                    node.limits.insert(inbox.to_owned(), limit);
                }
            }
        }
        _ => {
            node.extra.insert(key.to_owned(), value.to_value());
        }
    }
}

/// Reads a limit: a number, or a map with capacity and policy.
fn limit(json: &Json, path: &str, report: &mut Report) -> Option<InboxLimit> {
    let mut limit = InboxLimit { capacity: None, policy: compose_runtime::component::FullPolicy::Block };
    match &json.value {
        JsonValue::Map(_) => {
            for (key, value) in entries(json, path, report) {
                match key {
                    "capacity" if value.value == JsonValue::Null => {}
                    "capacity" => limit.capacity = Some(capacity(value, path, report)?),
                    "policy" => limit.policy = one_of(&POLICIES, value, path, report)?,
                    _ => {
                        let message = format!("{key} is not a valid key of a limit");
                        report.file_warning(value.line, path, &message, "it was ignored; remove it from the file");
                    }
                }
            }
        }
        _ => limit.capacity = Some(capacity(json, path, report)?),
    }
    Some(limit)
}

fn capacity(json: &Json, path: &str, report: &mut Report) -> Option<usize> {
    if let JsonValue::Int(number) = json.value
        && let Ok(number) = usize::try_from(number)
    {
        return Some(number);
    }
    let message = format!(
        "a capacity must be a whole number from 0 to {}, not {}",
        grouped(&i64::MAX.to_string()),
        json.summary()
    );
    report.file_error(json.line, path, &message, "correct it; the limit was ignored");
    None
}

fn one_of<T: Copy>(names: &[(&str, T)], json: &Json, path: &str, report: &mut Report) -> Option<T> {
    let found = names.iter().find(|(name, _)| json.as_text() == Some(name)).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let remedy = format!("write one of {}", known.join(", "));
        report.file_error(json.line, path, &format!("{} is not a known value", json.summary()), &remedy);
    }
    found
}
