//! R6 and R8: an outbox that reaches an inbox by several paths sends a copy along each, within the limit of the inbox.

use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use proptest::prelude::*;

use crate::world::*;

/// Links an outbox to an inbox directly, and through further composites.
fn link_twice_or_more(world: &mut World, from: ComponentId, to: ComponentId, paths: usize) {
    world.wire(from, to);
    for path in 1..paths {
        let detour = world.composite(&format!("detour {path}"));
        world.wire(from, detour);
        world.link(inward(detour, "inbox", to, "inbox"));
    }
}

/// Sends the numbers below `count`, then ends.
fn counter(world: &mut World, count: i64) -> ComponentId {
    world.source("counter", move |io| async move {
        for number in 0..count {
            io.send("outbox", number).await;
        }
        Ok(())
    })
}

fn copies(count: i64, paths: usize) -> Vec<String> {
    (0..count).flat_map(|number| vec![number.to_string(); paths]).collect()
}

#[test]
fn r6_two_paths_put_one_message_at_a_time_into_an_inbox_of_capacity_one() {
    let mut world = World::default();
    let (counter, sink) = (counter(&mut world, 2), world.idle("sink"));
    world.cap(sink, 1);
    link_twice_or_more(&mut world, counter, sink, 2);
    let mut taken = Vec::new();
    for _ in 0..4 {
        world.settle();
        assert_eq!(world.depth(sink, "inbox"), 1);
        taken.extend(world.take(sink, "inbox"));
    }
    world.settle();
    assert_eq!(taken, ["0", "0", "1", "1"]);
    assert!(world.has_finished(counter));
    assert_eq!((world.inbox(sink, "inbox").deepest, world.outbox(counter, "outbox").sent), (1, 2));
}

#[test]
fn r6_removing_a_path_also_removes_its_waiting_copy() {
    let mut world = World::default();
    let (counter, sink) = (counter(&mut world, 2), world.idle("sink"));
    world.cap(sink, 1);
    link_twice_or_more(&mut world, counter, sink, 2);
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["0"]);
    world.settle();
    // The second copy of the first message is in. Now the second message waits with both copies.
    assert_eq!(world.take(sink, "inbox"), ["0"]);
    world.settle();
    world.unlink(data(counter, "outbox", sink, "inbox"));
    world.settle();
    assert!(world.has_finished(counter));
}

#[test]
fn r8_a_sender_that_does_not_wait_leaves_no_copy_behind_at_its_end() {
    let mut world = World::default();
    let hasty = world.source("hasty", |io| async move {
        io.try_send("outbox", 1).unwrap();
        assert_eq!(io.try_send("outbox", 2), Err(2.into()));
        Ok(())
    });
    let sink = world.idle("sink");
    world.cap(sink, 1);
    link_twice_or_more(&mut world, hasty, sink, 2);
    world.settle();
    assert!(world.has_finished(hasty));
    assert_eq!(world.take(sink, "inbox"), ["1", "1"]);
}

proptest! {
    #[test]
    fn r6_the_limit_holds_and_every_copy_arrives_in_order_whatever_the_paths(
        paths in 1usize..6,
        capacity in 1usize..5,
        count in 0i64..12,
        other_capacity in 1usize..3,
    ) {
        let mut world = World::default();
        let counter = counter(&mut world, count);
        let (sink, other) = (world.pass_through("sink"), world.printer("other"));
        let end = world.idle("end");
        world.cap(sink, capacity);
        world.cap(other, other_capacity);
        world.limit(end, "inbox", None, FullPolicy::Block);
        link_twice_or_more(&mut world, counter, sink, paths);
        world.wire(counter, other);
        world.wire(sink, end);
        world.settle();
        prop_assert!(world.has_finished(counter) && world.has_finished(sink));
        prop_assert!(world.inbox(sink, "inbox").deepest <= capacity);
        prop_assert_eq!(world.take(end, "inbox"), copies(count, paths));
        prop_assert_eq!(i64::try_from(world.console().len()), Ok(count + 1));
    }
}
