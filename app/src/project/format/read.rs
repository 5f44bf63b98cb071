//! Reads the project, its parameters, and graphs with their links, layout and frames.

use std::collections::{BTreeMap, BTreeSet};

use compose_runtime::message::Message;

use super::super::json::{Json, JsonValue};
use super::super::report::Report;
use super::read_node::{ReadNode, read_node};
use super::values::{edit, entries, join, list, numbers, on_canvas, text};
use crate::document::arrange::{arrange, usual_size};
use crate::document::{
    Document, EditCommand, FRAME_COLOURS, Frame, Meta, NodeId, Parameter, ParameterKind, Port, Wire, storable,
};

/// Reads the whole project into an empty document.
pub fn project(document: &mut Document, root: &Json, report: &mut Report) {
    let mut meta = Meta::default();
    for (key, value) in entries(root, "", report) {
        match key {
            "name" => meta.name = text(value, key, report),
            "description" => meta.description = text(value, key, report),
            "parameters" => meta.parameters = parameters(value, report),
            "format" | "components" | "links" | "layout" | "frames" => {}
            _ => {
                meta.extra.insert(key.to_owned(), value.to_value());
            }
        }
    }
    edit(document, EditCommand::SetMeta { meta }, root.line, "parameters", report);
    graph(document, None, root, "", report);
}

/// Reads a graph into a composite, or at the top level: components first, then everything that refers to them.
fn graph(document: &mut Document, scope: Option<NodeId>, json: &Json, path: &str, report: &mut Report) {
    let names = match json.get("components") {
        Some(section) => components(document, scope, section, &join(path, "components"), report),
        None => BTreeMap::new(),
    };
    if let Some(section) = json.get("links") {
        for link in list(section, &join(path, "links"), report) {
            read_link(document, scope, &names, link, &join(path, "links"), report);
        }
    }
    layout(document, scope, &names, json.get("layout"), &join(path, "layout"), report);
    if let Some(section) = json.get("frames") {
        for frame in list(section, &join(path, "frames"), report) {
            read_frame(document, scope, frame, &join(path, "frames"), report);
        }
    }
}

/// Adds all components of a graph and returns them by their names in the file.
fn components(
    document: &mut Document,
    scope: Option<NodeId>,
    json: &Json,
    path: &str,
    report: &mut Report,
) -> BTreeMap<String, NodeId> {
    let mut names = BTreeMap::new();
    let JsonValue::Map(all) = &json.value else {
        // Reports that it is not a map.
        entries(json, path, report);
        return names;
    };
    for (name, value) in all {
        let path = join(path, name);
        if !matches!(value.value, JsonValue::Map(_)) {
            // Reports that it is not a map.
            entries(value, &path, report);
            continue;
        }
        let ReadNode { node, inside } = read_node(document, scope, name, value, &path, report);
        let id = node.id;
        if !edit(document, EditCommand::AddNode { node: node.inside(scope) }, value.line, &path, report) {
            continue;
        }
        names.entry(name.clone()).or_insert(id);
        if let Some((inside, path)) = inside {
            graph(document, Some(id), inside, &path, report);
        }
    }
    names
}

fn parameters(json: &Json, report: &mut Report) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (name, value) in entries(json, "parameters", report) {
        let path = join("parameters", name);
        let mut parameter = Parameter {
            name: name.to_owned(),
            kind: ParameterKind::Any,
            default: Message::Nothing,
            help: String::new(),
            extra: serde_json::Map::new(),
        };
        for (key, value) in entries(value, &path, report) {
            match key {
                "type" => match value.as_text().and_then(ParameterKind::of_word) {
                    Some(kind) => parameter.kind = kind,
                    None => {
                        let known: Vec<&str> = ParameterKind::ALL.into_iter().map(ParameterKind::name).collect();
                        let message = format!("{} is not a parameter type", value.summary());
                        report.file_error(value.line, &path, &message, &format!("write one of {}", known.join(", ")));
                    }
                },
                "default" => parameter.default = value.to_message(),
                "help" => parameter.help = text(value, &path, report),
                _ => {
                    parameter.extra.insert(key.to_owned(), value.to_value());
                }
            }
        }
        match parameter.kind.accept(&parameter.default) {
            Some(default) => parameter.default = default,
            None => {
                let message =
                    format!("the default {} is not of type {}", parameter.default.label(40), parameter.kind.name());
                report.file_error(value.line, &path, &message, "correct the default or the type; type any was used");
                parameter.kind = ParameterKind::Any;
            }
        }
        parameters.push(parameter);
    }
    parameters
}

fn read_link(
    document: &mut Document,
    scope: Option<NodeId>,
    names: &BTreeMap<String, NodeId>,
    json: &Json,
    path: &str,
    report: &mut Report,
) {
    const REMEDY: &str = "write links as \"sender.outbox -> receiver.inbox\"; this link was ignored";
    let ends = json.as_text().and_then(|text| text.split_once("->"));
    let Some((from, to)) = ends.and_then(|(from, to)| Some((split_end(from, names)?, split_end(to, names)?))) else {
        report.file_error(json.line, path, &format!("{} is not a link", json.summary()), REMEDY);
        return;
    };
    let find = |name: &str| if name == "self" { scope } else { names.get(name).copied() };
    let (Some(from_id), Some(to_id)) = (find(from.0), find(to.0)) else {
        let missing = if find(from.0).is_none() { from.0 } else { to.0 };
        let message = if missing == "self" {
            format!("{} refers to self, which exists only inside a composite", json.summary())
        } else {
            format!("{} refers to {missing}, but there is no such component", json.summary())
        };
        report.file_error(json.line, path, &message, "correct the name, or add the component; the link was ignored");
        return;
    };
    // Inside a composite, its own boxes are reversed: its inbox is a source, and its outbox is a sink.
    let is_self = |id: NodeId| Some(id) == scope;
    let source = if is_self(from_id) { Port::inbox(from_id, from.1) } else { Port::outbox(from_id, from.1) };
    let sink = if is_self(to_id) { Port::outbox(to_id, to.1) } else { Port::inbox(to_id, to.1) };
    edit(document, EditCommand::Connect { wire: Wire::new(source, sink) }, json.line, path, report);
}

/// Component and box of one end of a link. Names in the file may contain dots, so the longest known name wins.
fn split_end<'a>(end: &'a str, names: &BTreeMap<String, NodeId>) -> Option<(&'a str, &'a str)> {
    let end = end.trim();
    let splits = || end.match_indices('.').map(|(dot, _)| (&end[..dot], &end[dot + 1..]));
    splits().rfind(|(name, _)| names.contains_key(*name)).or_else(|| splits().next())
}

fn layout(
    document: &mut Document,
    scope: Option<NodeId>,
    names: &BTreeMap<String, NodeId>,
    json: Option<&Json>,
    path: &str,
    report: &mut Report,
) {
    let mut placed = BTreeSet::new();
    let mut moves = Vec::new();
    for (name, value) in json.map(|json| entries(json, path, report)).unwrap_or_default() {
        let Some(id) = names.get(name) else {
            let message = format!("{name} has a position, but there is no such component");
            report.file_warning(value.line, path, &message, "remove the entry");
            continue;
        };
        // A position outside the canvas is ignored.
        let is_near = |position: &[f64; 2]| position.iter().all(|number| number.abs() <= f64::from(storable::FARTHEST));
        let position = numbers::<2>(value).filter(is_near);
        if position.is_none() {
            let message = format!("the position of {name} is not two numbers within {}", storable::FARTHEST);
            report.file_warning(value.line, path, &message, "correct it; the component was placed automatically");
        }
        if let Some(position) = position {
            placed.insert(*id);
            moves.push((*id, position.map(on_canvas)));
        }
    }
    let missing: BTreeSet<NodeId> =
        document.nodes_in(scope).map(|node| node.id).filter(|id| !placed.contains(id)).collect();
    if !missing.is_empty() {
        // Below all components that have a position.
        let lowest = moves.iter().map(|(_, [_, y])| *y + 200.0).fold(0.0, f32::max);
        let arranged = arrange(document, scope, Some(&missing), usual_size);
        moves.extend(arranged.into_iter().map(|(id, [x, y])| (id, [x, y + lowest].map(|at| on_canvas(at.into())))));
    }
    edit(document, EditCommand::MoveNodes { moves }, json.map_or(1, |json| json.line), path, report);
}

fn read_frame(document: &mut Document, scope: Option<NodeId>, json: &Json, path: &str, report: &mut Report) {
    let mut frame = Frame {
        id: document.fresh_frame_id(),
        scope,
        title: String::new(),
        notes: String::new(),
        rect_in_canvas: [0.0, 0.0, 300.0, 200.0],
        colour: 0,
    };
    for (key, value) in entries(json, path, report) {
        match key {
            "title" => frame.title = text(value, path, report),
            "notes" => frame.notes = text(value, path, report),
            "rect" => match numbers::<4>(value) {
                Some(rect) => frame.rect_in_canvas = rect.map(on_canvas),
                None => {
                    report.file_warning(value.line, path, "rect must be four numbers", "write x, y, width and height");
                }
            },
            "colour" => match value.value {
                JsonValue::Int(colour) => {
                    frame.colour = u8::try_from(colour.rem_euclid(i64::from(FRAME_COLOURS))).unwrap_or_default();
                }
                _ => report.file_warning(value.line, path, "colour must be a whole number", "write one from 0 to 7"),
            },
            _ => {
                let message = format!("{key} is not a valid key of a frame");
                report.file_warning(value.line, path, &message, "it was ignored; remove it from the file");
            }
        }
    }
    edit(document, EditCommand::AddFrame { frame }, json.line, path, report);
}
