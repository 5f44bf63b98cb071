//! Applying: a refused command changes nothing; the inverse restores the document.
#![allow(clippy::unwrap_used)]

use compose_runtime::message::Message;

use super::*;

fn sample() -> Document {
    let mut document = Document::new();
    let commands = vec![
        EditCommand::AddNode { node: Node::leaf(NodeId(1), "a", "DataSource") },
        EditCommand::AddNode { node: Node::composite(NodeId(2), "c") },
        EditCommand::AddNode { node: Node::leaf(NodeId(3), "m", "PassThrough").inside(Some(NodeId(2))) },
        EditCommand::Connect { wire: Wire::data(NodeId(1), "outbox", NodeId(2), "inbox") },
    ];
    document.apply(EditCommand::batch("Sample", commands)).unwrap();
    document
}

fn disconnect_first(document: &mut Document) {
    let wire = document.all_wires().next().cloned().unwrap();
    document.apply(EditCommand::Disconnect { wire }).unwrap();
}

fn refused(command: EditCommand, expected: &str) {
    let mut document = sample();
    let revision = document.revision();
    let error = document.apply(command).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert_eq!(document.revision(), revision);
}

#[test]
fn a_node_with_wires_or_members_is_not_removed() {
    refused(EditCommand::RemoveNode { id: NodeId(1) }, "a still has links");
    let mut document = sample();
    disconnect_first(&mut document);
    let error = document.apply(EditCommand::RemoveNode { id: NodeId(2) }).unwrap_err().to_string();
    assert!(error.contains("c still contains components"), "{error}");
}

#[test]
fn a_taken_name_is_refused() {
    refused(EditCommand::Rename { id: NodeId(1), name: "c".into() }, "there is already a component c");
    refused(EditCommand::AddNode { node: Node::leaf(NodeId(9), "a", "X") }, "there is already a component a");
    refused(EditCommand::AddNode { node: Node::leaf(NodeId(1), "z", "X") }, "#1 is already in use");
}

#[test]
fn a_value_that_cannot_be_saved_is_refused() {
    let set = |value| EditCommand::SetParam { id: NodeId(1), name: "x".into(), value: Some(value) };
    refused(set(Message::Float(f64::NAN)), "not a finite number");
    refused(set(Message::Shutdown), "x cannot be saved in a project file");
    refused(EditCommand::MoveNodes { moves: vec![(NodeId(1), [f32::NAN, 0.0])] }, "a position on the canvas");
}

#[test]
fn a_composite_cannot_be_moved_into_itself() {
    let mut document = sample();
    let inner = Node::composite(NodeId(8), "inner").inside(Some(NodeId(2)));
    document.apply(EditCommand::AddNode { node: inner }).unwrap();
    disconnect_first(&mut document);
    for scope in [2, 8] {
        let command = EditCommand::Reparent { id: NodeId(2), scope: Some(NodeId(scope)) };
        assert_eq!(document.apply(command), Err(EditError::InsideItself("c".into())));
    }
}

#[test]
fn a_batch_that_fails_half_way_changes_nothing() {
    let commands = vec![
        EditCommand::Rename { id: NodeId(1), name: "other".into() },
        EditCommand::Rename { id: NodeId(77), name: "nobody".into() },
    ];
    let mut document = sample();
    assert_eq!(document.apply(EditCommand::batch("Two", commands)), Err(EditError::NoSuchNode(NodeId(77))));
    assert_eq!(document.find(None, "a"), Some(NodeId(1)));
}

#[test]
fn renamed_and_reparented_nodes_are_found_by_their_new_paths() {
    let mut document = sample();
    document.apply(EditCommand::Rename { id: NodeId(3), name: "n".into() }).unwrap();
    assert_eq!((document.find_path("c/n"), document.path_name(NodeId(3))), (Some(NodeId(3)), "c/n".to_owned()));
    let undo = document.apply(EditCommand::Reparent { id: NodeId(3), scope: None }).unwrap();
    assert_eq!(document.find_path("n"), Some(NodeId(3)));
    document.apply(undo).unwrap();
    assert_eq!(document.find_path("c/n"), Some(NodeId(3)));
}

#[test]
fn the_nesting_depth_of_composites_is_limited() {
    let mut document = Document::new();
    let mut scope = None;
    let error = (1..100).find_map(|number| {
        let node = Node::composite(NodeId(number), "c").inside(scope);
        scope = Some(NodeId(number));
        document.apply(EditCommand::AddNode { node }).err()
    });
    assert_eq!(error, Some(EditError::TooDeep(DEEPEST_NESTING)));
}

#[test]
fn undo_restores_a_node_moved_twice_in_one_command() {
    let mut document = sample();
    let moves = vec![(NodeId(1), [10.0, 0.0]), (NodeId(1), [20.0, 0.0])];
    let undo = document.apply(EditCommand::MoveNodes { moves }).unwrap();
    document.apply(undo).unwrap();
    assert_eq!(document.node(NodeId(1)).unwrap().pos_in_canvas, [0.0, 0.0]);
}
