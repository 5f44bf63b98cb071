//! Law of the bridge: the plan from one document to another, carried out by a real scheduler, gives exactly the other;
//! no link is made before both its ends are there, and carrying it out a second time asks for nothing.

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
        // A refused edit changes nothing, which is another law's business.
        let _ = document.apply(edit);
    }
    document
}

fn topology(document: &Document) -> Topology {
    topology_of(document, &compose_components::registry(), &BTreeMap::new())
}

/// What the scheduler says is there: components with parents, and links.
type Seen = (BTreeMap<ComponentId, (String, Option<ComponentId>)>, BTreeSet<LinkageDesc>);

fn wanted(topology: &Topology) -> Seen {
    let components = topology.components.iter().map(|(id, desc)| (*id, (desc.name.to_string(), desc.parent))).collect();
    (components, topology.linkages.clone())
}

fn carried_out(batches: Vec<Vec<Step>>) -> Seen {
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
    fn carrying_a_plan_out_gives_what_was_wanted(first in edits(), second in edits()) {
        let registry = compose_components::registry();
        let before = edited(&Document::new(), &first);
        let after = edited(&before, &second);
        let (before, after) = (topology(&before), topology(&after));
        let build = plan(&Topology::default(), &before, &registry);
        let change = plan(&before, &after, &registry);
        prop_assert_eq!(carried_out(vec![build, change]), wanted(&after));
        prop_assert!(plan(&after, &after, &registry).is_empty(), "nothing is left to do");
    }

    #[test]
    fn no_link_is_made_before_its_ends_are_there(first in edits(), second in edits()) {
        let registry = compose_components::registry();
        let before = edited(&Document::new(), &first);
        let after = edited(&before, &second);
        let (before, after) = (topology(&before), topology(&after));
        let mut there: BTreeSet<ComponentId> = before.components.keys().copied().collect();
        for step in plan(&before, &after, &registry) {
            match step {
                Step::Start { id, desc } => {
                    prop_assert!(desc.parent.is_none_or(|parent| there.contains(&parent)), "its composite is there");
                    there.insert(id);
                }
                Step::Stop { id } => {
                    there.remove(&id);
                }
                Step::Link { linkage } | Step::Unlink { linkage } => {
                    let ends = [linkage.from.component, linkage.to.component];
                    prop_assert!(ends.iter().all(|end| there.contains(end)), "{}", linkage);
                }
                _ => {}
            }
        }
    }
}
