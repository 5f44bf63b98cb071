//! Section 2, links: the kinds, making, backlogs, removing, odd shapes.

use std::collections::BTreeMap;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::{LinkageDesc, LinkageKind};

use crate::world::*;

/// A chain: source, two boxes linked inbox to inbox, and a sink that takes nothing.
fn chain(world: &mut World) -> [ComponentId; 4] {
    let source = world.source("source", |io| async move {
        for number in 1..=6 {
            io.send("outbox", number).await;
            io.yield_now().await;
        }
        Ok(())
    });
    [source, world.idle("outer"), world.idle("inner"), world.idle("sink")]
}

fn chain_links([source, outer, inner, sink]: [ComponentId; 4]) -> [LinkageDesc; 3] {
    [
        data(source, "outbox", outer, "inbox"),
        inward(outer, "inbox", inner, "inbox"),
        inward(inner, "inbox", sink, "inbox"),
    ]
}

#[test]
fn link_1_link_2_there_are_three_kinds_and_the_two_boxes_determine_which() {
    let (a, b) = (ComponentId(1), ComponentId(2));
    assert_eq!(data(a, "o", b, "i").kind(), Some(LinkageKind::Data));
    assert_eq!(inward(a, "i", b, "i").kind(), Some(LinkageKind::InboxToInbox));
    assert_eq!(outward(a, "o", b, "o").kind(), Some(LinkageKind::OutboxToOutbox));
    let mut world = World::default();
    let (one, other) = (world.idle("one"), world.idle("other"));
    let linkage = LinkageDesc { from: BoxAddr::inbox(one, "inbox"), to: BoxAddr::outbox(other, "outbox") };
    let text = world.refusal(Step::Link { linkage }).unwrap();
    assert!(text.contains("an inbox cannot be linked to an outbox"), "{text}");
}

#[test]
fn link_7_an_inbox_may_have_any_number_of_incoming_links() {
    let mut world = World::default();
    let sink = world.idle("sink");
    for name in ["a", "b", "c"] {
        let source = world.sender(name, &["x"]);
        world.wire(source, sink);
    }
    world.settle();
    assert_eq!(world.depth(sink, "inbox"), 3);
}

#[test]
fn link_9_a_chain_may_be_built_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut world = World::default();
        let members = chain(&mut world);
        for position in order {
            world.link(chain_links(members)[position].clone());
        }
        world.settle();
        assert_eq!(world.take(members[3], "inbox"), ["1", "2", "3", "4", "5", "6"], "{order:?}");
    }
}

#[test]
fn link_10_a_link_to_an_unknown_box_is_refused_at_once_and_names_the_box() {
    let mut world = World::default();
    let (a, b) = (world.idle("alice"), world.idle("bob"));
    let refusal = |world: &mut World, linkage| world.refusal(Step::Link { linkage }).unwrap();
    assert_eq!(refusal(&mut world, data(a, "typo", b, "inbox")), "alice has no outbox named typo");
    assert_eq!(refusal(&mut world, data(a, "outbox", b, "typo")), "bob has no inbox named typo");
    assert_eq!(refusal(&mut world, data(a, "outbox", ComponentId(99), "inbox")), "there is no component #99");
    assert!(world.links().is_empty());
}

#[test]
fn link_11_a_backlog_moves_oldest_first_behind_waiting_messages() {
    let mut world = World::default();
    let (middle, sink) = (world.idle("middle"), world.idle("sink"));
    world.put(sink, "inbox", "was there");
    world.put(middle, "inbox", "old");
    world.put(middle, "inbox", "new");
    world.link(inward(middle, "inbox", sink, "inbox"));
    assert_eq!(world.take(sink, "inbox"), ["was there", "old", "new"]);
    assert_eq!(world.depth(middle, "inbox"), 0);
}

#[test]
fn link_12_a_moved_message_counts_as_collected_and_as_delivered() {
    let mut world = World::default();
    let middle = world.idle("middle");
    world.cap(middle, 1);
    let source = world.sender("source", &["a", "b"]);
    world.wire(source, middle);
    let printer = world.printer("printer");
    world.settle();
    assert!(matches!(world.state(source), State::Waiting(_)), "there is no space in the middle");
    world.link(inward(middle, "inbox", printer, "inbox"));
    world.settle();
    assert_eq!(world.console(), ["a", "b", "end"], "the sender continued and the sink was woken");
    assert_eq!(world.inbox(middle, "inbox").taken, 1);
}

#[test]
fn link_13_a_backlog_may_exceed_the_limit_and_no_link_is_half_made() {
    let mut world = World::default();
    let (middle, sink) = (world.idle("middle"), world.idle("sink"));
    world.cap(sink, 1);
    for number in 1..=3 {
        world.put(middle, "inbox", number);
    }
    world.link(inward(middle, "inbox", sink, "inbox"));
    assert_eq!(world.depth(sink, "inbox"), 3);
    assert_eq!(world.scheduler.try_put(&BoxAddr::inbox(middle, "inbox"), 4.into()), Err(Message::Int(4)));
}

#[test]
fn link_14_delivered_messages_stay_and_the_source_stores_messages_itself_again() {
    let mut world = World::default();
    let members = chain(&mut world);
    let [source, outer, _, sink] = members;
    for linkage in chain_links(members) {
        world.link(linkage);
    }
    for _ in 0..2 {
        world.pass();
    }
    let delivered = world.depth(sink, "inbox");
    assert!(delivered > 0);
    world.unlink(chain_links(members)[1].clone());
    world.pass();
    assert_eq!(world.depth(sink, "inbox"), delivered);
    assert_eq!(world.depth(outer, "inbox"), 1, "an inbox stores");
    world.unlink(chain_links(members)[0].clone());
    world.settle();
    assert_eq!(world.depth(outer, "inbox"), 1);
    assert!(world.outbox(source, "outbox").discarded > 0, "an outbox discards");
}

#[test]
fn link_15_a_cut_in_a_chain_redirects_everything_upstream_to_the_box_before_it() {
    let mut world = World::default();
    let members = chain(&mut world);
    for linkage in chain_links(members) {
        world.link(linkage);
    }
    world.unlink(chain_links(members)[2].clone());
    world.settle();
    assert_eq!(world.take(members[2], "inbox").len(), 6);
    assert_eq!(world.depth(members[3], "inbox"), 0);
}

#[test]
fn link_20_a_refused_link_changes_no_limit() {
    let mut world = World::default();
    let (a, b) = (world.idle("a"), world.idle("b"));
    let before = world.inbox(b, "inbox");
    assert!(world.refusal(Step::Link { linkage: data(a, "typo", b, "inbox") }).is_some());
    assert_eq!(world.inbox(b, "inbox"), before);
}

#[test]
fn link_21_a_component_may_be_linked_to_itself_and_data_may_circulate() {
    let mut world = World::default();
    let counts = world.add("counts", |io| async move {
        while let Some(Message::Int(number)) = io.recv("inbox").await {
            io.print(&number.to_string());
            if number < 3 {
                io.send("outbox", number + 1).await;
            }
        }
        Ok(())
    });
    world.wire(counts, counts);
    world.put(counts, "inbox", 1);
    world.settle();
    assert_eq!(world.console(), ["1", "2", "3"]);
}

#[test]
fn link_22_a_ring_of_passthrough_links_is_refused() {
    let mut world = World::default();
    let (a, b) = (world.composite("a"), world.composite("b"));
    world.put(a, "inbox", "waiting");
    for linkage in [inward(a, "inbox", a, "inbox"), outward(a, "outbox", a, "outbox")] {
        let text = world.refusal(Step::Link { linkage }).unwrap();
        assert!(text.contains("ring of passthrough links"), "{text}");
    }
    world.link(inward(a, "inbox", b, "inbox"));
    assert!(world.refusal(Step::Link { linkage: inward(b, "inbox", a, "inbox") }).is_some());
    assert_eq!(world.depth(b, "inbox"), 1);
}

#[test]
fn link_23_messages_to_a_finished_component_are_dropped_and_counted() {
    let mut world = World::default();
    let quits = world.add("quits", |_| async { Ok(()) });
    world.settle();
    let source = world.sender("source", &["a", "b"]);
    world.wire(source, quits);
    world.run();
    let inbox = world.inbox(quits, "inbox");
    assert_eq!((inbox.depth, inbox.dropped), (0, 2));
}

#[test]
fn the_trace_names_components_by_their_new_names() {
    let lines = log();
    let traced = lines.clone();
    let mut world = World::with(|config| {
        config.trace = Some(Box::new(move |delivery| {
            traced.borrow_mut().push(format!("{} -> {}", delivery.from, delivery.to));
        }));
    });
    let (source, outer, inner) = (world.pass_through("source"), world.composite("outer"), world.idle("inner"));
    world.join(inner, outer);
    world.link(inward(outer, "inbox", inner, "inbox"));
    world.wire(source, outer);
    let mut renamed = desc("sink", "", BTreeMap::new());
    renamed.parent = Some(outer);
    world.steps(vec![Step::Describe { id: inner, desc: renamed }]);
    world.put(source, "inbox", 1);
    world.settle();
    world.steps(vec![Step::Restart { id: source, desc: desc("other source", "Echo", BTreeMap::new()) }]);
    world.put(source, "inbox", 2);
    world.settle();
    assert_eq!(lines.take(), ["source.outbox -> sink.inbox", "other source.outbox -> sink.inbox"]);
}
