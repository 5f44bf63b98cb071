//! Arbitrary documents for property tests: each edit is a few small numbers that pick from the current content. Test only.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use compose_runtime::component::FullPolicy;
use compose_runtime::ids::Direction;
use compose_runtime::message::Message;
use compose_runtime::topology::{InboxLimit, RestartPolicy};
use proptest::prelude::*;

use super::edits::{expand, group, remove};
use super::{Document, EditCommand, Frame, FrameId, Meta, Node, NodeId, Parameter, ParameterKind, Port, Wire};

/// One edit as numbers: its kind and three choices.
pub type Numbers = (u8, u8, u8, u8);

/// Up to 60 edits, some of them impossible.
pub fn edits() -> impl Strategy<Value = Vec<Numbers>> {
    prop::collection::vec(any::<Numbers>(), 0..60)
}

/// The document that results from these edits.
pub fn document(edits: &[Numbers]) -> Document {
    let mut document = Document::new();
    for numbers in edits {
        let command = command(&document, *numbers);
        let _ = document.apply(command);
    }
    document
}

/// The edit that these numbers select for a document.
pub fn command(document: &Document, (kind, a, b, c): Numbers) -> EditCommand {
    let (one, other) = (pick(document, a), pick(document, b));
    let id = document.next_free_id();
    let composites: Vec<NodeId> = document.all_nodes().filter(|node| node.is_composite()).map(|node| node.id).collect();
    let scope = composites.get(usize::from(a) % (composites.len() + 2)).copied();
    let position = [f32::from(b) * 10.0 - 1000.0, f32::from(c) / 3.0];
    let types = ["Source", "Pass", "Sink", "Teapot"];
    let type_name = types[usize::from(b) % types.len()];
    match kind % 20 {
        0..=3 => {
            let name = document.free_name(scope, "part");
            EditCommand::AddNode { node: Node::leaf(id, name, type_name).inside(scope).at(position) }
        }
        4 => {
            let name = document.free_name(scope, "box");
            EditCommand::AddNode { node: Node::composite(id, name).inside(scope).at(position) }
        }
        5..=8 => EditCommand::Connect { wire: wire(one, other, c) },
        9 => match document.all_wires().nth(usize::from(a)) {
            Some(wire) => EditCommand::Disconnect { wire: wire.clone() },
            None => EditCommand::Disconnect { wire: wire(one, other, c) },
        },
        10 => EditCommand::MoveNodes { moves: vec![(one, position), (other, [-0.0, 1.0])] },
        11 => EditCommand::Rename { id: one, name: format!("name \"{}\"", b % 8) },
        12 => EditCommand::SetParam { id: one, name: format!("p{}", b % 3), value: value(c) },
        13 => EditCommand::SetBoxes { id: one, inboxes: vec!["door".to_owned()], outboxes: vec![format!("o{c}")] },
        14 if c % 2 == 0 => EditCommand::SetTemplate { id: one, is_template: b % 3 > 0 },
        14 => EditCommand::SetRestart { id: one, restart: RestartPolicy::OnFailure },
        15 => {
            let policy = if c % 2 == 0 { FullPolicy::Block } else { FullPolicy::DropNewest };
            let capacity = (b % 2 == 0).then_some(usize::from(c));
            let limit = (b % 5 > 0).then_some(InboxLimit { capacity, policy });
            EditCommand::SetLimit { id: one, inbox: "inbox".to_owned(), limit }
        }
        16 => EditCommand::Reparent { id: one, scope: (c % 3 > 0).then_some(other) },
        17 => match group(document, &BTreeSet::from([one, other]), "group") {
            Ok((command, _)) if c % 3 > 0 => command,
            _ => expand(document, one).unwrap_or_else(|_| EditCommand::batch("Nothing", Vec::new())),
        },
        18 => {
            let frame = Frame {
                id: FrameId(id.0),
                scope,
                title: "frame".to_owned(),
                notes: "two\nlines".to_owned(),
                rect_in_canvas: [position[0], position[1], 100.0, 50.5],
                colour: c % 8,
            };
            if b % 4 > 0 { EditCommand::AddFrame { frame } } else { meta(document, a) }
        }
        _ => remove(document, &BTreeSet::from([one]), &BTreeSet::new(), &BTreeSet::new()),
    }
}

/// The content of a document without identities, in a form that can be compared.
pub fn without_ids(document: &Document) -> String {
    let mut lines: Vec<String> = Vec::new();
    for node in document.all_nodes() {
        let path = document.path_name(node.id);
        let mut plain = node.clone();
        (plain.id, plain.scope, plain.name) = (NodeId(0), None, path.clone());
        // Turn minus zero into zero.
        plain.pos_in_canvas = plain.pos_in_canvas.map(|at| at + 0.0);
        lines.push(format!("{plain:?}"));
        for frame in document.frames_in(Some(node.id)) {
            lines.push(format!("{path}: {:?}", Frame { id: FrameId(0), scope: None, ..frame.clone() }));
        }
    }
    lines.extend(document.all_wires().map(|wire| document.wire_name(wire)));
    lines.extend(document.frames_in(None).map(|frame| format!("{:?}", Frame { id: FrameId(0), ..frame.clone() })));
    lines.sort();
    format!("{lines:#?}{:?}", document.meta())
}

fn pick(document: &Document, choice: u8) -> NodeId {
    let count = document.node_count().max(1);
    document.all_nodes().nth(usize::from(choice) % count).map_or(NodeId(0), |node| node.id)
}

fn wire(from: NodeId, to: NodeId, choice: u8) -> Wire {
    let port = |node, direction, name: &str| Port { node, direction, name: name.into() };
    match choice % 6 {
        0 => Wire::new(port(from, Direction::Inbox, "inbox"), port(to, Direction::Inbox, "inbox")),
        1 => Wire::new(port(from, Direction::Outbox, "outbox"), port(to, Direction::Outbox, "outbox")),
        2 => Wire::new(port(from, Direction::Outbox, "signal"), port(to, Direction::Inbox, "control")),
        3 => Wire::new(port(from, Direction::Outbox, "odd.box"), port(to, Direction::Inbox, "door")),
        _ => Wire::data(from, "outbox", to, "inbox"),
    }
}

fn value(choice: u8) -> Option<Message> {
    Some(match choice % 8 {
        0 => return None,
        1 => Message::Nothing,
        2 => Message::Int(i64::from(choice) - 128),
        3 => Message::Float(f64::from(choice)),
        4 => Message::Float(1.0e300 / f64::from(choice)),
        5 => Message::text("quote \" slash \\ line\n猫\u{7f}"),
        6 => Message::list([Message::Bool(true), Message::list([])]),
        _ => Message::map([("${port}", Message::text("${port}")), ("", Message::map::<String>([]))]),
    })
}

fn meta(document: &Document, choice: u8) -> EditCommand {
    let mut meta: Meta = document.meta().clone();
    meta.name = format!("project {choice}");
    meta.extra.insert("x".to_owned(), serde_json::json!({ "y": [1, 2.5, null] }));
    meta.parameters.push(Parameter {
        name: format!("p{}", meta.parameters.len()),
        kind: ParameterKind::Float,
        default: Message::Float(f64::from(choice)),
        help: "help".to_owned(),
        extra: serde_json::Map::new(),
    });
    EditCommand::SetMeta { meta }
}
