//! Writes project files that are easy to read and compare. A map or list that fits on a line is written on one, except
//! graphs.

use std::fmt::Write as _;

use compose_runtime::component::FullPolicy;
use compose_runtime::message::Message;
use compose_runtime::topology::{InboxLimit, RestartPolicy};
use serde_json::Value;

use super::names::{FORMAT, GRAPH, POLICIES, RESTARTS, TEMPLATE};
use crate::document::{Document, Frame, Node, NodeBody, NodeId, Parameter, Port, Wire};

/// Longest line with several entries.
const LINE: usize = 120;

/// The text of a project, with a final line break.
pub fn project(document: &Document) -> String {
    let meta = document.meta();
    let mut entries = vec![("format".to_owned(), text(FORMAT))];
    for (key, value) in [("name", &meta.name), ("description", &meta.description)] {
        if !value.is_empty() {
            entries.push((key.to_owned(), text(value)));
        }
    }
    if !meta.parameters.is_empty() {
        let parameters = meta.parameters.iter().map(|parameter| (parameter.name.clone(), of_parameter(parameter)));
        entries.push(("parameters".to_owned(), Piece::map(parameters.collect()).broken()));
    }
    entries.extend(graph(document, None));
    entries.extend(of_extra(&meta.extra));
    let mut out = String::new();
    Piece::map(entries).broken().print(0, 0, &mut out);
    out.push('\n');
    out
}

fn graph(document: &Document, scope: Option<NodeId>) -> Vec<(String, Piece)> {
    let nodes: Vec<&Node> = document.nodes_in(scope).collect();
    let components = nodes.iter().map(|node| (node.name.clone(), of_node(document, node))).collect();
    let mut links: Vec<&Wire> = document.wires_in(scope).collect();
    // In the order of the components, so that the text does not depend on identities; the composite's own boxes first and
    // last.
    links.sort_by_key(|wire| {
        let (from, to) = (&wire.from, &wire.to);
        ((Some(from.node) != scope, from.node, &from.name), (Some(to.node) == scope, to.node, &to.name))
    });
    let links = links.into_iter().map(|wire| text(&of_wire(document, scope, wire))).collect();
    let layout = nodes.iter().map(|node| (node.name.clone(), Piece::list(numbers(&node.pos_in_canvas)))).collect();
    let mut entries = vec![
        ("components".to_owned(), Piece::map(components).broken()),
        ("links".to_owned(), Piece::list(links).broken()),
        ("layout".to_owned(), Piece::map(layout)),
    ];
    let frames: Vec<Piece> = document.frames_in(scope).map(of_frame).collect();
    if !frames.is_empty() {
        entries.push(("frames".to_owned(), Piece::list(frames).broken()));
    }
    entries
}

fn of_node(document: &Document, node: &Node) -> Piece {
    let mut entries = vec![("type".to_owned(), text(node.type_name()))];
    let mut extra = node.extra.clone();
    match &node.body {
        NodeBody::Leaf { params, .. } => {
            if !params.is_empty() {
                let params = params.iter().map(|(name, value)| (name.clone(), of_message(value))).collect();
                entries.push(("params".to_owned(), Piece::map(params)));
            }
        }
        NodeBody::Composite { inboxes, outboxes, is_template } => {
            if *is_template {
                entries.push((TEMPLATE.to_owned(), Piece::Word("true".to_owned())));
            }
            for (key, names) in [("inboxes", inboxes), ("outboxes", outboxes)] {
                if !names.is_empty() {
                    entries.push((key.to_owned(), Piece::list(names.iter().map(|name| text(name)).collect())));
                }
            }
        }
    }
    if node.restart != RestartPolicy::Never {
        entries.push(("restart".to_owned(), text(name_of(&RESTARTS, node.restart))));
    }
    if !node.limits.is_empty() {
        let limits = node.limits.iter().map(|(inbox, limit)| (inbox.clone(), of_limit(limit))).collect();
        entries.push(("limits".to_owned(), Piece::map(limits)));
    }
    if node.is_composite() {
        let mut inside = graph(document, Some(node.id));
        if let Some(Value::Object(unknown)) = extra.shift_remove(GRAPH) {
            inside.extend(of_extra(&unknown));
        }
        entries.push((GRAPH.to_owned(), Piece::map(inside).broken()));
    }
    entries.extend(of_extra(&extra));
    Piece::map(entries)
}

fn of_wire(document: &Document, scope: Option<NodeId>, wire: &Wire) -> String {
    let end = |port: &Port| {
        let name = document.node(port.node).map(|node| node.name.as_str()).unwrap_or_default();
        let name = if Some(port.node) == scope { "self" } else { name };
        format!("{name}.{}", port.name)
    };
    format!("{} -> {}", end(&wire.from), end(&wire.to))
}

fn of_parameter(parameter: &Parameter) -> Piece {
    let mut entries =
        vec![("type".to_owned(), text(parameter.kind.name())), ("default".to_owned(), of_message(&parameter.default))];
    if !parameter.help.is_empty() {
        entries.push(("help".to_owned(), text(&parameter.help)));
    }
    entries.extend(of_extra(&parameter.extra));
    Piece::map(entries)
}

fn of_limit(limit: &InboxLimit) -> Piece {
    match (limit.capacity, limit.policy) {
        (Some(capacity), FullPolicy::Block) => Piece::Word(capacity.to_string()),
        (capacity, policy) => Piece::map(vec![
            ("capacity".to_owned(), Piece::Word(capacity.map_or("null".to_owned(), |number| number.to_string()))),
            ("policy".to_owned(), text(name_of(&POLICIES, policy))),
        ]),
    }
}

fn of_frame(frame: &Frame) -> Piece {
    let mut entries = vec![("title".to_owned(), text(&frame.title))];
    if !frame.notes.is_empty() {
        entries.push(("notes".to_owned(), text(&frame.notes)));
    }
    entries.push(("rect".to_owned(), Piece::list(numbers(&frame.rect_in_canvas))));
    entries.push(("colour".to_owned(), Piece::Word(frame.colour.to_string())));
    Piece::map(entries)
}

fn of_message(message: &Message) -> Piece {
    match message {
        Message::Bool(value) => Piece::Word(value.to_string()),
        Message::Int(number) => Piece::Word(number.to_string()),
        // Always with a point or an exponent, so that it is read as a float again.
        Message::Float(number) if number.is_finite() => Piece::Word(format!("{number:?}")),
        Message::Text(value) => text(value),
        Message::List(items) => Piece::list(items.iter().map(of_message).collect()),
        Message::Map(map) => Piece::map(map.iter().map(|(key, value)| (key.clone(), of_message(value))).collect()),
        // A document contains no other kinds.
        _ => Piece::Word("null".to_owned()),
    }
}

fn of_value(value: &Value) -> Piece {
    match value {
        Value::Array(items) => Piece::list(items.iter().map(of_value).collect()),
        Value::Object(map) => Piece::map(of_extra(map)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Piece::Word(value.to_string()),
    }
}

fn of_extra(extra: &serde_json::Map<String, Value>) -> Vec<(String, Piece)> {
    extra.iter().map(|(key, value)| (key.clone(), of_value(value))).collect()
}

fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], wanted: T) -> &'static str {
    names.iter().find(|(_, value)| *value == wanted).map_or("", |(name, _)| name)
}

fn text(value: &str) -> Piece {
    Piece::Word(Value::from(value).to_string())
}

fn numbers(numbers: &[f32]) -> Vec<Piece> {
    // Adding zero turns minus zero into zero.
    numbers.iter().map(|number| Piece::Word((number + 0.0).to_string())).collect()
}

/// A value with its layout as text.
enum Piece {
    Word(String),
    Group { brackets: [char; 2], entries: Vec<(Option<String>, Piece)>, width: Option<usize> },
}

impl Piece {
    fn map(entries: Vec<(String, Piece)>) -> Self {
        let entries = entries.into_iter().map(|(key, piece)| (Some(Value::from(key).to_string()), piece));
        Self::group(['{', '}'], entries.collect())
    }

    fn list(items: Vec<Piece>) -> Self {
        Self::group(['[', ']'], items.into_iter().map(|piece| (None, piece)).collect())
    }

    fn group(brackets: [char; 2], entries: Vec<(Option<String>, Piece)>) -> Self {
        let space = if brackets == ['{', '}'] && !entries.is_empty() { 2 } else { 0 };
        let width = entries.iter().try_fold(2 + space, |sum, (key, piece)| {
            Some(sum + key.as_ref().map_or(0, |key| key.chars().count() + 2) + piece.width()? + 2)
        });
        let trailing_comma = if entries.is_empty() { 0 } else { 2 };
        Self::Group { brackets, entries, width: width.map(|width| width - trailing_comma) }
    }

    /// The same group with each entry on its own line.
    fn broken(self) -> Self {
        match self {
            Self::Group { brackets, entries, .. } if !entries.is_empty() => {
                Self::Group { brackets, entries, width: None }
            }
            other => other,
        }
    }

    /// Width on one line, in characters; `None` if it needs several lines.
    fn width(&self) -> Option<usize> {
        match self {
            Self::Word(word) => Some(word.chars().count()),
            Self::Group { width, .. } => *width,
        }
    }

    /// Prints the value from column `used` on. Further lines are indented by `depth` levels.
    fn print(&self, depth: usize, used: usize, out: &mut String) {
        let (brackets, entries) = match self {
            Self::Word(word) => return out.push_str(word),
            Self::Group { brackets, entries, .. } => (brackets, entries),
        };
        let is_inline = self.width().is_some_and(|width| used + width <= LINE);
        let space = if brackets[0] == '{' && !entries.is_empty() { " " } else { "" };
        out.push(brackets[0]);
        for (index, (key, piece)) in entries.iter().enumerate() {
            let is_last = index + 1 == entries.len();
            let key = key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
            if is_inline {
                out.push_str(if index == 0 { space } else { " " });
            } else {
                let _ = write!(out, "\n{:1$}", "", 2 * (depth + 1));
            }
            out.push_str(&key);
            piece.print(depth + 1, 2 * (depth + 1) + key.chars().count(), out);
            out.push_str(if is_last { "" } else { "," });
        }
        if is_inline {
            out.push_str(space);
        } else {
            let _ = write!(out, "\n{:1$}", "", 2 * depth);
        }
        out.push(brackets[1]);
    }
}
