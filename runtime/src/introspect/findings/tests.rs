//! Findings in small topologies.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::component::SendsFirst;
use crate::component::{BoxSpec, Meeting};
use crate::message::Message;
use crate::params::ParamSpec;
use crate::topology::RestartPolicy;

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "In")];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "Out")];
static SPECS: &[ComponentSpec] = &[
    ComponentSpec { type_name: "Source", category: Category::Sources, outboxes: OUT, ..ComponentSpec::EMPTY },
    ComponentSpec {
        type_name: "Chooser",
        category: Category::Sources,
        inboxes: IN,
        outboxes: OUT,
        ..ComponentSpec::EMPTY
    },
    ComponentSpec { type_name: "Pass", inboxes: IN, outboxes: OUT, ..ComponentSpec::EMPTY },
    ComponentSpec {
        type_name: "Socket",
        category: Category::Network,
        inboxes: IN,
        outboxes: OUT,
        sends_first: SendsFirst::Yes,
        meets: &[Meeting::seeks("place", "name")],
        params: NAMED,
        ..ComponentSpec::EMPTY
    },
    ComponentSpec {
        type_name: "Reader",
        category: Category::Files,
        inboxes: IN,
        outboxes: OUT,
        ..ComponentSpec::EMPTY
    },
    ComponentSpec {
        type_name: "Starter",
        category: Category::Chassis,
        inboxes: IN,
        outboxes: OUT,
        params: &[ParamSpec::switch("first", false, "Send first")],
        sends_first: SendsFirst::If("first"),
        ..ComponentSpec::EMPTY
    },
    ComponentSpec {
        type_name: "Both",
        inboxes: &[
            BoxSpec::new("inbox", "One").needed(),
            BoxSpec::new("inbox2", "Other").needed(),
            BoxSpec::new("inbox3", "Not needed"),
        ],
        outboxes: &[BoxSpec::new("outbox", "One").needed(), BoxSpec::new("outbox2", "Other").needed()],
        ..ComponentSpec::EMPTY
    },
    ComponentSpec {
        type_name: "Host",
        params: &[ParamSpec::list("names", "The names to provide")],
        meets: &[Meeting::offers("place", "names")],
        ..ComponentSpec::EMPTY
    },
];
const NAMED: &[ParamSpec] = &[ParamSpec::text("name", "HERE", "The name to wait for")];

fn leaf(type_name: &str, param: &str, value: Message) -> ComponentBody {
    ComponentBody::Leaf { type_name: type_name.into(), params: [(param.to_owned(), value)].into() }
}

/// Takes components by name and type (a member as `composite/member`), links as in a project file, and the expected
/// findings as `name: text`.
#[track_caller]
fn check(components: &[(&str, &str)], links: &[&str], expected: &[&str]) {
    let mut registry = Registry::default();
    for spec in SPECS {
        registry.register(spec).unwrap();
    }
    let mut topology = Topology::default();
    let id = |name: &str| ComponentId(components.iter().position(|(known, _)| *known == name).unwrap() as u64);
    for (name, type_name) in components {
        let body = match *type_name {
            "Composite" => ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() },
            "Host" => leaf("Host", "names", Message::list([Message::text("HERE"), Message::text("THERE")])),
            "Starter first" => leaf("Starter", "first", true.into()),
            "Socket elsewhere" => leaf("Socket", "name", "ELSEWHERE".into()),
            plain => ComponentBody::Leaf { type_name: plain.into(), params: BTreeMap::new() },
        };
        let parent = name.split_once('/').map(|(parent, _)| id(parent));
        let desc = ComponentDesc {
            name: (*name).into(),
            body,
            parent,
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        };
        topology.components.insert(id(name), desc);
    }
    for link in links {
        let (from, to) = link.split_once(" -> ").unwrap();
        let end = |text: &str| {
            let (name, part) = text.split_once('.').unwrap();
            let direction =
                if part.starts_with("inbox") || part == "control" { Direction::Inbox } else { Direction::Outbox };
            BoxAddr { component: id(name), direction, name: part.into() }
        };
        topology.linkages.insert(LinkageDesc { from: end(from), to: end(to) });
    }
    let found: Vec<String> = findings(&topology, &registry)
        .iter()
        .map(|finding| {
            let name = &topology.components[&finding.component().unwrap()].name;
            format!("{name}: {}", finding.text(&topology))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_pipeline_from_source_to_sink_has_no_findings() {
    check(&[("a", "Source"), ("b", "Socket"), ("h", "Host")], &["a.outbox -> b.inbox"], &[]);
}

#[test]
fn unlinked_boxes_are_found_unless_the_component_meets_others_by_name() {
    check(
        &[("a", "Source"), ("b", "Pass"), ("c", "Socket"), ("h", "Host")],
        &[],
        &[
            "a: messages sent from outbox are discarded",
            "b: nothing feeds inbox",
            "b: messages sent from outbox are discarded",
        ],
    );
}

#[test]
fn a_ring_in_which_no_component_sends_first_is_found() {
    let ring = ["a.outbox -> b.inbox", "b.outbox -> a.inbox"];
    check(
        &[("a", "Pass"), ("b", "Pass")],
        &ring,
        &["a: no component sends first: a and b receive messages only from each other"],
    );
    check(&[("a", "Pass"), ("b", "Chooser")], &ring, &[]);
    check(&[("a", "Pass"), ("b", "Socket"), ("h", "Host")], &ring, &[]);
    // A component that reads files on request does not send first; for a chassis, a setting decides.
    check(
        &[("a", "Pass"), ("b", "Reader")],
        &ring,
        &["a: no component sends first: a and b receive messages only from each other"],
    );
    check(
        &[("a", "Pass"), ("b", "Starter")],
        &ring,
        &["a: no component sends first: a and b receive messages only from each other"],
    );
    check(&[("a", "Pass"), ("b", "Starter first")], &ring, &[]);
    check(
        &[("a", "Pass")],
        &["a.outbox -> a.inbox"],
        &["a: no component sends first: a receives messages only from itself"],
    );
}

#[test]
fn a_ring_that_the_end_of_the_input_cannot_reach_is_found() {
    let components = [("a", "Pass"), ("b", "Pass"), ("s", "Source")];
    let fed = ["a.outbox -> b.inbox", "b.outbox -> a.inbox", "s.outbox -> a.inbox"];
    check(&components, &fed, &["a: the end of the input never arrives: a and b feed each other"]);
    check(&components, &[&fed[..], &["s.signal -> b.control"]].concat(), &[]);
    // A link from inside the ring cannot end the ring.
    check(
        &components,
        &[&fed[..], &["a.signal -> b.control"]].concat(),
        &["a: the end of the input never arrives: a and b feed each other"],
    );
}

#[test]
fn a_ring_through_a_composite_is_found() {
    let components = [("a", "Pass"), ("c", "Composite"), ("c/m", "Pass")];
    let ring = ["a.outbox -> c.inbox", "c.inbox -> c/m.inbox", "c/m.outbox -> c.outbox", "c.outbox -> a.inbox"];
    check(&components, &ring, &["a: no component sends first: a and c/m receive messages only from each other"]);
}

#[test]
fn unlinked_boxes_of_a_composite_are_found_if_they_are_used_inside() {
    let components = [("c", "Composite"), ("c/m", "Pass")];
    check(
        &components,
        &["c.inbox -> c/m.inbox", "c/m.outbox -> c.outbox"],
        &["c: nothing feeds inbox", "c: messages sent from outbox are discarded"],
    );
}

#[test]
fn needed_boxes_are_found_even_if_others_are_linked() {
    let components = [("a", "Source"), ("b", "Both"), ("c", "Pass"), ("d", "Pass")];
    let some = ["a.outbox -> b.inbox", "b.outbox -> c.inbox", "c.outbox -> d.inbox", "d.outbox -> c.inbox"];
    check(
        &components,
        &some,
        &[
            "c: the end of the input never arrives: c and d feed each other",
            "b: nothing feeds inbox2",
            "b: messages sent from outbox2 are discarded",
        ],
    );
}

#[test]
fn a_component_that_waits_for_a_missing_name_is_found() {
    check(
        &[("a", "Socket"), ("b", "Socket elsewhere"), ("h", "Host")],
        &[],
        &["b: no component provides the place ELSEWHERE that it waits for"],
    );
}
