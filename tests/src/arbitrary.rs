//! Arbitrary edits for property tests: each edit is four small numbers that select a command for the current document.
//!
//! Some edits are invalid on purpose (a wire that already exists, a composite moved into itself): a rejected edit must
//! change nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_app::document::{Document, EditCommand, Frame, FrameId, Meta, Node, NodeBody, NodeId, Port, Wire};
use compose_runtime::component::FullPolicy;
use compose_runtime::ids::Direction;
use compose_runtime::message::Message;
use compose_runtime::topology::{InboxLimit, RestartPolicy};

/// Number of kinds of edit.
pub const KINDS: u8 = 17;

/// One edit as numbers: its kind and three choices.
pub type Numbers = (u8, u8, u8, u8);

/// Maps the numbers to a command for this document.
pub fn command(document: &mut Document, numbers: Numbers) -> EditCommand {
    let (kind, a, b, c) = numbers;
    let (one, other) = (pick(document, a), pick(document, b));
    match kind % KINDS {
        0 | 1 => EditCommand::AddNode { node: node(document, a, leaf(b)) },
        2 => {
            let body = NodeBody::Composite {
                inboxes: vec![format!("in{b}")],
                outboxes: vec![format!("out{c}")],
                is_template: b % 4 == 3,
            };
            EditCommand::AddNode { node: node(document, a, body) }
        }
        3 => EditCommand::RemoveNode { id: one },
        4 | 5 => EditCommand::Connect { wire: wire(one, other, c) },
        6 => match document.all_wires().nth(usize::from(a) % document.all_wires().count().max(1)) {
            Some(wire) => EditCommand::Disconnect { wire: wire.clone() },
            None => EditCommand::Disconnect { wire: wire(one, other, c) },
        },
        7 => EditCommand::MoveNodes { moves: vec![(one, [f32::from(b), f32::from(c)]), (other, [1.0, 2.0])] },
        8 => EditCommand::Rename { id: one, name: format!("name{}", b % 8) },
        9 => {
            let value = (c % 3 > 0).then(|| Message::Int(i64::from(c)));
            EditCommand::SetParam { id: one, name: format!("param{}", b % 3), value }
        }
        10 => EditCommand::SetBoxes { id: one, inboxes: vec![format!("in{b}")], outboxes: vec![format!("out{c}")] },
        11 => {
            let restart = if b % 2 == 0 { RestartPolicy::Never } else { RestartPolicy::OnFailure };
            EditCommand::SetRestart { id: one, restart }
        }
        12 => {
            let limit = InboxLimit { capacity: Some(usize::from(c)), policy: FullPolicy::DropOldest };
            EditCommand::SetLimit { id: one, inbox: "inbox".to_owned(), limit: (b % 3 > 0).then_some(limit) }
        }
        13 => EditCommand::Reparent { id: one, scope: (c % 3 > 0).then_some(other) },
        14 => EditCommand::AddFrame { frame: frame(document.fresh_frame_id(), a, b) },
        15 => match document.frames_in(None).nth(usize::from(a) % 4).map(|frame| frame.id) {
            Some(id) if b % 2 == 0 => EditCommand::RemoveFrame { id },
            Some(id) => EditCommand::EditFrame { frame: frame(id, b, c) },
            None => EditCommand::RemoveFrame { id: FrameId(u64::from(a)) },
        },
        _ => EditCommand::SetMeta { meta: Meta { name: format!("project {a}"), ..document.meta().clone() } },
    }
}

/// The complete contents of a document, as text that tests can compare.
pub fn content(document: &Document) -> String {
    let nodes: Vec<&Node> = document.all_nodes().collect();
    let wires: Vec<&Wire> = document.all_wires().collect();
    let scopes = std::iter::once(None).chain(nodes.iter().map(|node| Some(node.id)));
    let frames: Vec<&Frame> = scopes.flat_map(|scope| document.frames_in(scope)).collect();
    format!("{nodes:#?}\n{wires:#?}\n{frames:#?}\n{:#?}", document.meta())
}

fn pick(document: &Document, choice: u8) -> NodeId {
    let count = document.node_count().max(1);
    document.all_nodes().nth(usize::from(choice) % count).map_or(NodeId(0), |node| node.id)
}

fn leaf(choice: u8) -> NodeBody {
    let types = ["DataSource", "PassThrough", "ConsoleEchoer", "NullSink"];
    let type_name = types[usize::from(choice) % types.len()].to_owned();
    NodeBody::Leaf { type_name, params: BTreeMap::new() }
}

fn node(document: &mut Document, choice: u8, body: NodeBody) -> Node {
    let composites: Vec<NodeId> = document
        .all_nodes()
        .filter(|node| matches!(node.body, NodeBody::Composite { .. }))
        .map(|node| node.id)
        .collect();
    let scope = composites.get(usize::from(choice) % (composites.len() + 2)).copied();
    let id = document.fresh_id();
    let name = document.free_name(scope, "part");
    let pos_in_canvas = [f32::from(choice) * 10.0, 0.0];
    let restart = RestartPolicy::Never;
    let (limits, extra) = (BTreeMap::new(), serde_json::Map::new());
    Node { id, name, scope, body, pos_in_canvas, restart, limits, extra }
}

fn wire(from: NodeId, to: NodeId, choice: u8) -> Wire {
    let port = |node, direction, name: &str| Port { node, direction, name: Arc::from(name) };
    match choice % 4 {
        0 => Wire { from: port(from, Direction::Inbox, "inbox"), to: port(to, Direction::Inbox, "inbox") },
        1 => Wire { from: port(from, Direction::Outbox, "outbox"), to: port(to, Direction::Outbox, "outbox") },
        2 => Wire { from: port(from, Direction::Outbox, "signal"), to: port(to, Direction::Inbox, "control") },
        _ => Wire { from: port(from, Direction::Outbox, "outbox"), to: port(to, Direction::Inbox, "inbox") },
    }
}

fn frame(id: FrameId, a: u8, b: u8) -> Frame {
    let rect_in_canvas = [f32::from(a), f32::from(b), 100.0, 50.0];
    Frame { id, scope: None, title: format!("frame {a}"), notes: "notes".to_owned(), rect_in_canvas, colour: b % 8 }
}
