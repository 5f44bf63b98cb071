//! Section 1, boxes: limits.

use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::InboxLimit;

use crate::world::*;

/// Tries to send four numbers without waiting, and prints the numbers that are returned.
async fn tries(io: BoxIo) -> Outcome {
    for number in 1..=4 {
        match io.try_send("outbox", number) {
            Ok(()) => io.print(&format!("{number} sent")),
            Err(back) => io.print(&format!("{back} back")),
        }
    }
    Ok(())
}

#[test]
fn box_20_a_limit_is_set_from_outside_or_by_the_owner() {
    let mut world = World::default();
    let sink = world.add("sink", |io| async move {
        io.set_limit("second", InboxLimit { capacity: Some(3), policy: FullPolicy::Block });
        io.recv("control").await;
        Ok(())
    });
    world.cap(sink, 2);
    world.settle();
    assert_eq!(world.inbox(sink, "inbox").capacity, Some(2));
    assert_eq!(world.inbox(sink, "second").capacity, Some(3));
    world.limit(sink, "inbox", None, FullPolicy::Block);
    assert_eq!(world.inbox(sink, "inbox").capacity, None);
}

#[test]
fn box_21_sending_to_a_full_inbox_fails_at_once_and_stores_and_wakes_nothing() {
    let mut world = World::default();
    // Every arrival on either inbox wakes the sink; it never takes messages from `inbox`.
    let sink = world.add("sink", |io| async move {
        loop {
            io.pause().await;
        }
    });
    world.cap(sink, 2);
    let source = world.add("source", |io| async move {
        while io.recv("inbox").await.is_some() {
            io.print(&format!("{:?}", io.try_send("outbox", 1)));
        }
        Ok(())
    });
    world.wire(source, sink);
    world.settle();
    let mut turns = Vec::new();
    for _ in 0..4 {
        world.put(source, "inbox", "try");
        world.settle();
        turns.push(world.view(sink).turns);
    }
    assert_eq!(world.console(), ["Ok(())", "Ok(())", "Err(Int(1))", "Err(Int(1))"]);
    assert_eq!(turns, [2, 3, 3, 3], "an arrival wakes the sink, a refused message does not");
    assert_eq!(world.take(sink, "inbox"), ["1", "1"]);
}

#[test]
fn box_22_a_limit_of_zero_refuses_everything() {
    let mut world = World::default();
    let sink = world.idle("sink");
    world.cap(sink, 0);
    let source = world.source("source", tries);
    world.wire(source, sink);
    world.settle();
    assert_eq!(world.console(), ["1 back", "2 back", "3 back", "4 back"]);
}

#[test]
fn box_23_lowering_a_limit_drops_nothing_and_raising_it_takes_effect_at_once() {
    let mut world = World::default();
    let sink = world.idle("sink");
    let source = world.sender("source", &["a", "b", "c"]);
    for number in 0..3 {
        world.put(sink, "inbox", number);
    }
    world.cap(sink, 1);
    world.wire(source, sink);
    world.settle();
    assert_eq!(world.depth(sink, "inbox"), 3);
    world.cap(sink, 5);
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["0", "1", "2", "a", "b"]);
    world.limit(sink, "inbox", None, FullPolicy::Block);
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["c"]);
}

#[test]
fn box_24_box_25_only_the_limit_of_the_final_sink_counts() {
    let mut world = World::default();
    let (middle, sink) = (world.idle("middle"), world.idle("sink"));
    let source = world.source("source", |io| async move {
        for number in 1..=9 {
            io.send("outbox", number).await;
        }
        Ok(())
    });
    world.cap(middle, 1);
    world.wire(source, middle);
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.cap(sink, 3);
    world.settle();
    assert_eq!(world.depth(sink, "inbox"), 3, "the limit in the middle refuses nothing");
    world.unlink(inward(middle, "inbox", sink, "inbox"));
    world.settle();
    assert_eq!(world.depth(middle, "inbox"), 1, "the middle inbox is now the final sink, with its own limit");
    assert!(matches!(world.state(source), State::Waiting(_)));
}

#[test]
fn box_26_all_sources_share_the_limit() {
    let mut world = World::default();
    let sink = world.idle("sink");
    world.cap(sink, 3);
    let sources = [world.sender("a", &["a", "a"]), world.sender("b", &["b", "b"])];
    let middle = world.composite("middle");
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.wire(sources[0], sink);
    world.wire(sources[1], middle);
    world.settle();
    assert_eq!(world.depth(sink, "inbox"), 3);
    assert!(matches!(world.state(sources[1]), State::Waiting(_)), "a sender waits while the sink is full");
}

#[test]
fn box_27_has_space_reports_on_the_final_sink() {
    let mut world = World::default();
    let (middle, sink) = (world.composite("middle"), world.idle("sink"));
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.cap(sink, 1);
    let source = world.source("source", |io| async move {
        io.print(&format!("{} {}", io.has_space("outbox"), io.has_space("other")));
        io.send("outbox", 1).await;
        io.print(&format!("{} {}", io.has_space("outbox"), io.has_space("other")));
        Ok(())
    });
    world.wire(source, middle);
    world.settle();
    assert_eq!(world.console(), ["true true", "false true"], "an outbox without a link is never full");
}

#[test]
fn box_28_a_full_box_gives_the_message_back_or_fails_its_sender_only() {
    let mut world = World::default();
    let sink = world.idle("sink");
    world.limit(sink, "inbox", Some(1), FullPolicy::Fail);
    let (asks, insists) = (world.source("asks", tries), world.sender("insists", &["x"]));
    world.wire(asks, sink);
    world.wire(insists, sink);
    world.settle();
    assert_eq!(world.console(), ["1 sent", "2 back", "3 back", "4 back"]);
    assert!(world.has_finished(asks));
    assert!(world.crash(insists).contains("inbox \"inbox\" is full"), "{}", world.crash(insists));
    assert!(!world.state(sink).has_ended());
}
