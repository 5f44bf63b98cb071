//! Properties of plans: a real scheduler that applies the plan from one document to another ends up with exactly the
//! other one. No link is made before both its ends exist, and the plan between equal documents is empty.

use std::collections::{BTreeMap, BTreeSet};

use compose_app::document::Document;
use compose_app::live::plan::plan;
use compose_app::live::topology_of::topology_of;
use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::ids::ComponentId;
use compose_runtime::topology::{LinkageDesc, Topology};
use compose_tests::arbitrary::{KINDS, Numbers, command};
use proptest::prelude::*;

fn edited(document: &Document, edits: &[Numbers]) -> Document {
    let mut document = document.clone();
    for numbers in edits {
        let edit = command(&mut document, *numbers);
        // A rejected edit changes nothing; `undo.rs` tests that.
        let _ = document.apply(edit);
    }
    document
}

fn topology(document: &Document) -> Topology {
    topology_of(document, &compose_components::registry(), &BTreeMap::new())
}

/// What the scheduler reports: components with their parents, and links.
type Reported = (BTreeMap<ComponentId, (String, Option<ComponentId>)>, BTreeSet<LinkageDesc>);

fn expected(topology: &Topology) -> Reported {
    let components = topology.components.iter().map(|(id, desc)| (*id, (desc.name.to_string(), desc.parent))).collect();
    (components, topology.linkages.clone())
}

fn applied(batches: Vec<Vec<Step>>) -> Reported {
    let builder = RuntimeBuilder::new(compose_components::registry());
    let handle = builder.snapshot_interval(std::time::Duration::from_millis(1)).spawn().unwrap();
    handle.try_send(RuntimeCommand::Pause).unwrap();
    let last = batches.len() as u64;
    for (batch, steps) in (1..).zip(batches) {
        handle.try_send(RuntimeCommand::Reconfigure { batch, steps }).unwrap();
    }
    let snapshot = compose_tests::wait_until("the batches", std::time::Duration::from_secs(20), || {
        Some(handle.snapshot()).filter(|snapshot| snapshot.last_batch >= last)
    });
    assert!(snapshot.failed_steps.is_empty(), "{:?}", snapshot.failed_steps);
    let components = snapshot.components.iter().map(|view| (view.id, (view.name.to_string(), view.parent))).collect();
    (components, snapshot.linkages.iter().map(|view| view.desc.clone()).collect())
}

fn edits() -> impl Strategy<Value = Vec<Numbers>> {
    prop::collection::vec((0..KINDS, any::<u8>(), any::<u8>(), any::<u8>()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_plan_gives_the_target_document(first in edits(), second in edits()) {
        let registry = compose_components::registry();
        let before = edited(&Document::new(), &first);
        let after = edited(&before, &second);
        let (before, after) = (topology(&before), topology(&after));
        let build = plan(&Topology::default(), &before, &registry);
        let change = plan(&before, &after, &registry);
        prop_assert_eq!(applied(vec![build, change]), expected(&after));
        prop_assert!(plan(&after, &after, &registry).is_empty(), "no steps are left");
    }

    #[test]
    fn no_link_is_made_before_its_ends_exist(first in edits(), second in edits()) {
        let registry = compose_components::registry();
        let before = edited(&Document::new(), &first);
        let after = edited(&before, &second);
        let (before, after) = (topology(&before), topology(&after));
        let mut existing: BTreeSet<ComponentId> = before.components.keys().copied().collect();
        for step in plan(&before, &after, &registry) {
            match step {
                Step::Start { id, desc } => {
                    prop_assert!(desc.parent.is_none_or(|parent| existing.contains(&parent)), "its composite exists");
                    existing.insert(id);
                }
                Step::Stop { id } => {
                    existing.remove(&id);
                }
                Step::Link { linkage } | Step::Unlink { linkage } => {
                    let ends = [linkage.from.component, linkage.to.component];
                    prop_assert!(ends.iter().all(|end| existing.contains(end)), "{}", linkage);
                }
                _ => {}
            }
        }
    }
}
