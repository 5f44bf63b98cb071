//! Properties of plans: applied to the running system, a plan gives the wanted system, and each step can be carried
//! out.
#![allow(clippy::unwrap_used)]

use compose_runtime::component::BoxSpec;
use compose_runtime::message::Message;
use compose_runtime::params::ParamSpec;
use proptest::prelude::*;

use super::super::topology_of::topology_of;
use super::*;
use crate::document::{Document, EditCommand, Node, NodeId, Wire, arbitrary};

static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "Source",
    inboxes: &[BoxSpec::new("inbox", "In").capacity(7)],
    outboxes: &[BoxSpec::new("outbox", "Out")],
    params: &[
        ParamSpec::new("p0", compose_runtime::params::ParamKind::Any, DEFAULT, "Live").live(),
        ParamSpec::new("p1", compose_runtime::params::ParamKind::Any, DEFAULT, "Not live"),
    ],
    ..ComponentSpec::EMPTY
};
const DEFAULT: compose_runtime::params::DefaultValue = compose_runtime::params::DefaultValue::Nothing;
static PASS: ComponentSpec = ComponentSpec { type_name: "Pass", ..SOURCE };
static SINK: ComponentSpec = ComponentSpec { type_name: "Sink", params: &[], ..SOURCE };

fn registry() -> Registry {
    let mut registry = Registry::default();
    for spec in [&SOURCE, &PASS, &SINK] {
        registry.register(spec).unwrap();
    }
    registry
}

fn topology(document: &Document) -> Topology {
    topology_of(document, &registry(), &document.meta().defaults())
}

/// Carries out the steps as a runtime does, and asserts the preconditions of each step.
fn carry_out(mut running: Topology, steps: &[Step]) -> Topology {
    for step in steps {
        let lives = |id: &ComponentId| running.components.contains_key(id);
        match step {
            Step::Start { id, desc } => {
                assert!(!lives(id) && desc.parent.as_ref().is_none_or(lives), "{step:?}");
                running.components.insert(*id, desc.clone());
            }
            Step::Stop { id } => {
                assert!(lives(id) && !running.components.values().any(|desc| desc.parent == Some(*id)), "{step:?}");
                assert!(!running.linkages.iter().any(|l| l.from.component == *id || l.to.component == *id));
                running.components.remove(id);
            }
            Step::Restart { id, desc } => {
                let old = running.components.insert(*id, desc.clone()).unwrap();
                assert_eq!((&old.name, old.parent), (&desc.name, desc.parent));
            }
            Step::Configure { id, params: wanted } => match &mut running.components.get_mut(id).unwrap().body {
                ComponentBody::Leaf { params, .. } => params.clone_from(wanted),
                ComponentBody::Composite { .. } => panic!("{step:?}"),
            },
            Step::Describe { id, desc } => {
                assert!(desc.parent.as_ref().is_none_or(lives), "{step:?}");
                let body = running.components.remove(id).unwrap().body;
                running.components.insert(*id, ComponentDesc { body, ..desc.clone() });
            }
            Step::Link { linkage } => {
                assert!(lives(&linkage.from.component) && lives(&linkage.to.component), "{step:?}");
                assert!(running.linkages.insert(linkage.clone()), "{step:?}");
            }
            Step::Unlink { linkage } => assert!(running.linkages.remove(linkage), "{step:?}"),
            Step::SetTemplate { name, template } => {
                match template {
                    Some(template) => running.templates.insert(name.clone(), template.clone()),
                    None => running.templates.remove(name),
                };
            }
            Step::Limit { inbox, .. } => assert!(lives(&inbox.component), "{step:?}"),
        }
    }
    running
}

/// `a -> b`.
fn sample() -> Document {
    let mut document = Document::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(id), name, "Source") }).unwrap();
    }
    document.apply(EditCommand::Connect { wire: Wire::data(NodeId(1), "outbox", NodeId(2), "inbox") }).unwrap();
    document
}

fn steps_for(edit: impl FnOnce(&Document) -> EditCommand) -> Vec<Step> {
    let mut document = sample();
    let before = topology(&document);
    let command = edit(&document);
    document.apply(command).unwrap();
    let steps = plan(&before, &topology(&document), &registry());
    assert_eq!(carry_out(before, &steps), topology(&document));
    steps
}

fn set(name: &str) -> Vec<Step> {
    let value = Some(Message::Int(3));
    steps_for(|_| EditCommand::SetParam { id: NodeId(1), name: name.to_owned(), value })
}

#[test]
fn moving_a_component_gives_an_empty_plan() {
    assert_eq!(steps_for(|_| EditCommand::MoveNodes { moves: vec![(NodeId(1), [5.0, 5.0])] }), []);
}

#[test]
fn a_live_setting_is_configured_and_other_settings_restart_only_their_component() {
    assert!(matches!(set("p0").as_slice(), [Step::Configure { id: ComponentId(1), .. }]));
    assert!(matches!(set("p1").as_slice(), [Step::Restart { id: ComponentId(1), .. }]));
}

#[test]
fn renaming_gives_a_describe_step() {
    let steps = steps_for(|_| EditCommand::Rename { id: NodeId(1), name: "new".to_owned() });
    assert!(matches!(steps.as_slice(), [Step::Describe { id: ComponentId(1), .. }]));
}

#[test]
fn a_removed_limit_is_replaced_by_the_default() {
    let mut document = sample();
    let limit = |limit| EditCommand::SetLimit { id: NodeId(2), inbox: "inbox".to_owned(), limit };
    let own = InboxLimit { capacity: Some(1), policy: FullPolicy::Fail };
    document.apply(limit(Some(own))).unwrap();
    let before = topology(&document);
    document.apply(limit(None)).unwrap();
    let steps = plan(&before, &topology(&document), &registry());
    let default = InboxLimit { capacity: Some(7), policy: FullPolicy::Block };
    assert_eq!(steps[1], Step::Limit { inbox: BoxAddr::inbox(ComponentId(2), "inbox"), limit: default });
}

#[test]
fn grouping_restarts_no_component() {
    let steps = steps_for(|document| {
        crate::document::edits::group(document, &BTreeSet::from([NodeId(1), NodeId(2)]), "pair").unwrap().0
    });
    let started = steps.iter().filter(|step| matches!(step, Step::Start { .. })).count();
    assert!(started == 1 && !steps.iter().any(|step| matches!(step, Step::Stop { .. } | Step::Restart { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn carrying_out_a_plan_gives_the_wanted_topology(first in arbitrary::edits(), then in arbitrary::edits()) {
        let mut document = arbitrary::document(&first);
        let before = topology(&document);
        for numbers in then {
            let command = arbitrary::command(&document, numbers);
            let _ = document.apply(command);
        }
        let after = topology(&document);
        for (one, other) in [(&before, &after), (&after, &before)] {
            let steps = plan(one, other, &registry());
            prop_assert_eq!(&carry_out(one.clone(), &steps), other);
        }
        prop_assert_eq!(plan(&after, &after, &registry()), vec![]);
    }

    #[test]
    fn a_plan_between_unrelated_documents_works(one in arbitrary::edits(), other in arbitrary::edits()) {
        let (one, other) = (topology(&arbitrary::document(&one)), topology(&arbitrary::document(&other)));
        prop_assert_eq!(carry_out(one.clone(), &plan(&one, &other, &registry())), other);
    }
}
