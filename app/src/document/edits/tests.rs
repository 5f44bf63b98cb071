//! The larger edits keep the flow of messages, and one undo reverts them.
#![allow(clippy::unwrap_used)]

use super::*;

/// x -> a -> b -> y, with x also feeding b.
fn sample() -> Document {
    let mut document = Document::new();
    for (id, name) in [(1, "x"), (2, "a"), (3, "b"), (4, "y")] {
        let node = Node::leaf(NodeId(id), name, "PassThrough").at([id as f32 * 100.0, 50.0]);
        document.apply(EditCommand::AddNode { node }).unwrap();
    }
    for (from, to) in [(1, 2), (2, 3), (3, 4), (1, 3)] {
        let wire = Wire::data(NodeId(from), "outbox", NodeId(to), "inbox");
        document.apply(EditCommand::Connect { wire }).unwrap();
    }
    document
}

fn wires(document: &Document) -> Vec<String> {
    document.all_wires().map(|wire| document.wire_name(wire)).collect()
}

#[test]
fn removing_a_composite_removes_its_wires_and_members_and_undo_restores_them() {
    let mut document = sample();
    let (command, composite) = group(&document, &BTreeSet::from([NodeId(2), NodeId(3)]), "pair").unwrap();
    document.apply(command).unwrap();
    let before = wires(&document);
    let command = remove(&document, &BTreeSet::from([composite]), &BTreeSet::new(), &BTreeSet::new());
    assert_eq!(command.label(), "Remove pair");
    let undo = document.apply(command).unwrap();
    assert_eq!((document.node_count(), document.all_wires().count()), (2, 0));
    document.apply(undo).unwrap();
    assert_eq!(wires(&document), before);
}

#[test]
fn grouping_leads_links_through_boxes_and_expanding_restores_them() {
    let mut document = sample();
    let before = wires(&document);
    let (command, composite) = group(&document, &BTreeSet::from([NodeId(2), NodeId(3)]), "pair").unwrap();
    document.apply(command).unwrap();
    assert_eq!(
        wires(&document),
        [
            "x.outbox -> pair.b_inbox",
            "x.outbox -> pair.inbox",
            "pair.outbox -> y.inbox",
            "pair/a.outbox -> pair/b.inbox",
            "pair/b.outbox -> pair.outbox",
            "pair.b_inbox -> pair/b.inbox",
            "pair.inbox -> pair/a.inbox",
        ]
    );
    let command = expand(&document, composite).unwrap();
    document.apply(command).unwrap();
    assert_eq!(wires(&document), before);
    assert_eq!(document.node(NodeId(3)).unwrap().pos_in_canvas, [300.0, 50.0]);
}

#[test]
fn expanding_renames_members_whose_names_are_taken() {
    let mut document = sample();
    let (command, composite) = group(&document, &BTreeSet::from([NodeId(2)]), "pair").unwrap();
    document.apply(command).unwrap();
    document.apply(EditCommand::Rename { id: NodeId(2), name: "x".into() }).unwrap();
    let command = expand(&document, composite).unwrap();
    document.apply(command).unwrap();
    assert_eq!(document.find(None, "x2"), Some(NodeId(2)));
}

#[test]
fn removing_boxes_removes_their_wires() {
    let mut document = sample();
    let (command, composite) = group(&document, &BTreeSet::from([NodeId(2), NodeId(3)]), "pair").unwrap();
    document.apply(command).unwrap();
    document.apply(set_boxes(&document, composite, Vec::new(), Vec::new())).unwrap();
    assert!(!wires(&document).iter().any(|wire| wire.contains("b_inbox")));
}

#[test]
fn a_renamed_box_of_a_composite_keeps_its_links_inside_and_outside() {
    let mut document = sample();
    let (command, composite) = group(&document, &BTreeSet::from([NodeId(2), NodeId(3)]), "pair").unwrap();
    document.apply(command).unwrap();
    let edit = set_boxes(&document, composite, vec!["inbox2".into()], vec![]);
    document.apply(edit).unwrap();
    let passthrough = Wire::new(Port::inbox(composite, "inbox2"), Port::inbox(NodeId(3), "inbox"));
    for wire in [Wire::data(NodeId(1), "outbox", composite, "inbox2"), passthrough] {
        document.apply(EditCommand::Connect { wire }).unwrap();
    }
    let before = wires(&document);
    let edit = rename_box(&document, document.node(composite).unwrap(), Direction::Inbox, "inbox2", "late");
    let undo = document.apply(edit).unwrap();
    let after: Vec<String> = wires(&document);
    let mut expected: Vec<String> = before.iter().map(|wire| wire.replace("inbox2", "late")).collect();
    expected.sort();
    assert_eq!(after.iter().filter(|wire| wire.contains("late")).count(), 2);
    let mut sorted = after;
    sorted.sort();
    assert_eq!(sorted, expected);
    document.apply(undo).unwrap();
    assert_eq!(wires(&document), before);
}
