//! The problems reported for documents with mistakes.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use compose_runtime::component::{BoxSpec, FullPolicy};
use compose_runtime::message::{Kind, Message};
use compose_runtime::params::ParamSpec;
use compose_runtime::topology::InboxLimit;

use super::*;
use crate::document::{EditCommand, NodeId};

static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "Source",
    outboxes: &[BoxSpec::new("outbox", "Numbers").kinds(&[Kind::Int])],
    params: &[ParamSpec::int("rate", 1, 10, 5, "How often"), ParamSpec::text("name", "", "Who").required()],
    build: |_| Err(ParamError::Other("never right".to_owned())),
    ..ComponentSpec::EMPTY
};

static CODE: ComponentSpec = ComponentSpec {
    type_name: "Code",
    params: &[ParamSpec::expression("function", "msg", "What it does"), ParamSpec::list("more", "Others").of_code()],
    build: |params| Err(ParamError::Other(format!("built with {}", params.text("function")))),
    ..ComponentSpec::EMPTY
};

static SINK: ComponentSpec = ComponentSpec {
    type_name: "Sink",
    inboxes: &[BoxSpec::new("inbox", "Words").kinds(&[Kind::Text])],
    build: |_| Err(ParamError::Other("never right".to_owned())),
    ..ComponentSpec::EMPTY
};

static PASS: ComponentSpec = ComponentSpec {
    type_name: "Pass",
    inboxes: &[BoxSpec::new("inbox", "In")],
    outboxes: &[BoxSpec::new("outbox", "Out")],
    build: |_| Err(ParamError::Other("never right".to_owned())),
    ..ComponentSpec::EMPTY
};

fn problems(nodes: Vec<Node>, wires: Vec<Wire>) -> Vec<String> {
    let mut registry = Registry::default();
    registry.register(&SOURCE).unwrap();
    registry.register(&SINK).unwrap();
    registry.register(&CODE).unwrap();
    let mut document = Document::new();
    for node in nodes {
        document.apply(EditCommand::AddNode { node }).unwrap();
    }
    for wire in wires {
        document.apply(EditCommand::Connect { wire }).unwrap();
    }
    let problems = check(&document, &registry, &BTreeMap::new());
    problems.iter().filter(|problem| problem.message != "never right").map(|problem| problem.line(&document)).collect()
}

fn source() -> Node {
    Node::leaf(NodeId(1), "a", "Source").param("name", "x")
}

fn sink() -> Node {
    Node::leaf(NodeId(2), "b", "Sink")
}

#[test]
fn an_unknown_type_is_reported_as_an_error() {
    assert_eq!(
        problems(vec![Node::leaf(NodeId(1), "a", "Teapot")], vec![]),
        ["error: a: there is no component type Teapot (replace it with a component from the palette)"]
    );
}

#[test]
fn every_wrong_setting_is_reported() {
    let node = Node::leaf(NodeId(1), "a", "Source").param("rate", Message::Int(99)).param("name", "${who}");
    let problems = problems(vec![node], vec![]);
    assert_eq!(
        problems[..2],
        [
            "error: a: name: there is no project parameter who (add the parameter to the project, correct its name, or write $${ for the characters ${)",
            "error: a: rate must be a whole number from 1 to 10, not 99 (correct the setting in the inspector)",
        ]
    );
}

#[test]
fn the_interpolation_of_an_expression_is_not_a_project_parameter() {
    let node = |function: &str, more: &str| {
        let more = Message::list([more.into()]);
        problems(vec![Node::leaf(NodeId(1), "a", "Code").param("function", function).param("more", more)], vec![])
    };
    let problem = &node("`hello ${msg}`", "`${msg}!`")[0];
    assert!(problem.contains("built with `hello ${msg}`"), "{problem}");
    for (function, more) in [("\"${msg}\"", "msg"), ("msg", "msg + ${msg}")] {
        let problem = &node(function, more)[0];
        assert!(problem.contains("there is no project parameter msg") && problem.contains("$${"), "{problem}");
    }
}

#[test]
fn wrong_boxes_and_kinds_are_reported_at_the_link() {
    let good = Wire::data(NodeId(1), "outbox", NodeId(2), "inbox");
    let bad = Wire::data(NodeId(1), "exit", NodeId(2), "inbox");
    let problems = problems(vec![source(), sink()], vec![good, bad]);
    assert_eq!(
        problems,
        [
            "error: a.exit -> b.inbox: there is no outbox exit on a; it has outbox, signal \
             (remove the link, or link it to a box that exists)",
            "warning: a.outbox -> b.inbox: a.outbox sends int, but b.inbox accepts text; insert a component that converts \
             the messages (remove the link, or insert a converting component)",
        ]
    );
}

#[test]
fn unlinked_boxes_are_hints() {
    assert_eq!(
        problems(vec![source(), sink()], vec![]),
        [
            "hint: a: messages sent from outbox are discarded (link it to an inbox if you need its messages)",
            "hint: b: nothing feeds inbox (link an outbox to it, or send it messages by hand while it runs)",
        ]
    );
}

#[test]
fn a_composite_that_does_not_read_its_inbox_gives_a_warning() {
    let composite = Node::composite(NodeId(3), "c");
    let inner = Node::leaf(NodeId(4), "m", "Sink").inside(Some(NodeId(3)));
    let wire = Wire::data(NodeId(1), "outbox", NodeId(3), "inbox");
    let problems = problems(vec![source(), composite, inner], vec![wire]);
    let expected = "warning: c: messages that arrive at inbox stay there, because no component inside reads them";
    assert!(problems[0].starts_with(expected) && problems.len() == 2, "{problems:?}");
}

#[test]
fn a_limit_of_an_unknown_inbox_gives_a_warning() {
    let mut node = sink();
    node.limits.insert("letters".to_owned(), InboxLimit { capacity: Some(1), policy: FullPolicy::Block });
    assert!(problems(vec![node], vec![])[0].contains("warning: b: a limit is set for inbox letters"));
}

#[test]
fn a_ring_that_never_starts_gives_a_warning() {
    let mut registry = Registry::default();
    registry.register(&PASS).unwrap();
    let mut document = Document::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(id), name, "Pass") }).unwrap();
    }
    for (from, to) in [(1, 2), (2, 1)] {
        let wire = Wire::data(NodeId(from), "outbox", NodeId(to), "inbox");
        document.apply(EditCommand::Connect { wire }).unwrap();
    }
    let problems = check(&document, &registry, &BTreeMap::new());
    let ring = problems.iter().find(|problem| problem.severity == Severity::Warning).unwrap();
    assert_eq!(ring.message, "no component sends first: a and b receive messages only from each other");
}
