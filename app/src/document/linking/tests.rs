//! Which wires and names are allowed.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::EditCommand;

/// `a` and `b` at the top, composite `c` with members `m` and `n`.
fn sample() -> Document {
    let mut document = Document::new();
    let mut add = |node: Node| document.apply(EditCommand::AddNode { node }).unwrap();
    add(Node::leaf(NodeId(1), "a", "Strange"));
    add(Node::leaf(NodeId(2), "b", "Strange"));
    add(Node::composite(NodeId(3), "c"));
    add(Node::leaf(NodeId(4), "m", "Strange").inside(Some(NodeId(3))));
    add(Node::leaf(NodeId(5), "n", "Strange").inside(Some(NodeId(3))));
    document
}

fn check(from: Port, to: Port, expected: &str) {
    let refusal = sample().can_link(&Wire::new(from, to), &Registry::default());
    let error = refusal.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(if expected.is_empty() { error.is_empty() } else { error.contains(expected) }, "{error}");
}

fn out(id: u64) -> Port {
    Port::outbox(NodeId(id), "outbox")
}

fn inn(id: u64) -> Port {
    Port::inbox(NodeId(id), "inbox")
}

#[test]
fn an_outbox_feeds_any_inbox_of_its_graph_including_its_own() {
    check(out(1), inn(2), "");
    check(out(1), inn(1), "");
    check(out(1), inn(3), "");
    check(out(4), inn(5), "");
}

#[test]
fn passthrough_links_join_only_a_composite_and_its_members() {
    check(inn(3), inn(4), "");
    check(out(4), out(3), "");
    check(inn(1), inn(2), "only between a composite");
    check(out(1), out(2), "only between a composite");
    check(inn(3), inn(3), "only between a composite");
    check(inn(4), inn(3), "only between a composite");
}

#[test]
fn refused_links_give_a_reason() {
    check(inn(1), out(2), "an inbox cannot feed an outbox (a.inbox -> b.outbox)");
    check(out(1), inn(4), "a.outbox -> c/m.inbox: the two boxes are in different graphs");
    check(out(4), inn(3), "in different graphs");
    check(out(1), inn(9), "there is no component #9");
    check(out(3), Port::inbox(NodeId(3), "door"), "there is no inbox door on c; it has inbox, control");
}

#[test]
fn a_duplicate_wire_is_refused() {
    let mut document = sample();
    let wire = Wire::data(NodeId(1), "outbox", NodeId(2), "inbox");
    document.apply(EditCommand::Connect { wire: wire.clone() }).unwrap();
    let error = document.apply(EditCommand::Connect { wire }).unwrap_err();
    assert_eq!(error.to_string(), "there is already a link a.outbox -> b.inbox");
}

#[test]
fn names_that_the_file_cannot_hold_are_refused() {
    for name in ["", "self", "a.b", "a/b", " a", "a->b", "a\nb", &"x".repeat(201)] {
        assert!(check_name(name).is_err(), "{name:?}");
    }
    for name in ["a", "Nice name 2", "猫", "a-b"] {
        assert!(check_name(name).is_ok(), "{name:?}");
    }
}
