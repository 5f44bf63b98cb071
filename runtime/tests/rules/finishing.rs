//! GRAPH-9 and GRAPH-8 under load: a composite that is asked to finish loses no message.

use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::scheduler::RunEnd;
use proptest::prelude::*;

use crate::world::*;

/// Members of a composite with small inboxes. The first is fed from outside, and the last feeds a sink.
fn chain(world: &mut World, width: usize, members: usize) -> (ComponentId, Vec<ComponentId>, ComponentId) {
    let graph = world.composite("graph");
    let members: Vec<ComponentId> =
        (0..members).map(|position| world.pass_through(&format!("graph/{position}"))).collect();
    for member in &members {
        world.join(*member, graph);
        world.cap(*member, width);
    }
    for pair in members.windows(2) {
        world.wire(pair[0], pair[1]);
    }
    world.link(inward(graph, "inbox", members[0], "inbox"));
    world.link(outward(*members.last().unwrap(), "outbox", graph, "outbox"));
    let sink = world.idle("sink");
    world.limit(sink, "inbox", None, FullPolicy::Block);
    world.wire(graph, sink);
    (graph, members, sink)
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// The number of messages dropped at components that had ended.
fn dropped(world: &World, ids: &[ComponentId]) -> u64 {
    ids.iter().map(|id| world.inbox(*id, "inbox").dropped).sum()
}

proptest! {
    #[test]
    fn graph_9_a_finish_loses_nothing_in_chains_of_any_length(
        members in 1usize..40,
        width in 1usize..5,
        messages in 0usize..60,
        passes in 0usize..10,
    ) {
        let mut world = World::default();
        let (graph, ids, sink) = chain(&mut world, width, members);
        for text in texts(messages) {
            world.put(graph, "inbox", text);
        }
        for _ in 0..passes {
            world.pass();
        }
        world.finish(graph);
        world.settle();
        prop_assert!(world.has_finished(graph));
        prop_assert!(ids.iter().all(|id| world.has_finished(*id)));
        prop_assert_eq!(world.take(sink, "inbox"), texts(messages));
    }

    #[test]
    fn graph_9_a_finish_loses_nothing_where_members_fork_join_and_nest(
        feeders in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..3), 1..14),
        nested in any::<bool>(),
        width in 1usize..4,
        messages in 0usize..12,
    ) {
        let mut world = World::default();
        let graph = world.composite("graph");
        let mut ids: Vec<ComponentId> = Vec::new();
        let mut inner = Vec::new();
        for (position, wanted) in feeders.iter().enumerate() {
            let is_composite = nested && position % 3 == 1;
            let id = if is_composite {
                let id = world.composite(&format!("graph/{position}"));
                let pair = [0, 1].map(|half| world.pass_through(&format!("graph/{position}/{half}")));
                for member in pair {
                    world.join(member, id);
                    world.cap(member, width);
                }
                world.wire(pair[0], pair[1]);
                world.link(inward(id, "inbox", pair[0], "inbox"));
                world.link(outward(pair[1], "outbox", id, "outbox"));
                inner.extend(pair);
                id
            } else {
                let id = world.pass_through(&format!("graph/{position}"));
                world.cap(id, width);
                id
            };
            world.join(id, graph);
            let mut fed_by: Vec<ComponentId> =
                wanted.iter().filter(|_| position > 0).map(|index| ids[index.index(position)]).collect();
            fed_by.sort();
            fed_by.dedup();
            for from in &fed_by {
                world.wire(*from, id);
            }
            if fed_by.is_empty() {
                world.link(inward(graph, "inbox", id, "inbox"));
            }
            ids.push(id);
        }
        for text in texts(messages) {
            world.put(graph, "inbox", text);
        }
        world.pass();
        world.finish(graph);
        prop_assert_eq!(world.run(), RunEnd::Ended);
        prop_assert_eq!(dropped(&world, &ids) + dropped(&world, &inner), 0);
    }
}

#[test]
fn graph_9_unfed_rings_are_asked_to_finish_and_members_after_them_end_later() {
    let mut world = World::default();
    let graph = world.composite("graph");
    let ring = [world.pass_through("a"), world.pass_through("b"), world.pass_through("c")];
    let tail = world.pass_through("tail");
    let alone = world.pass_through("alone");
    for id in ring.into_iter().chain([tail, alone]) {
        world.join(id, graph);
    }
    world.wire(ring[0], ring[1]);
    world.wire(ring[1], ring[2]);
    world.wire(ring[2], ring[0]);
    world.wire(ring[2], tail);
    world.wire(alone, alone);
    world.settle();
    world.finish(graph);
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(graph));
}

#[test]
fn graph_9_a_removed_member_does_not_hold_up_the_members_it_fed() {
    let mut world = World::default();
    let (graph, ids, _) = chain(&mut world, 4, 3);
    let holds_out = world.add("holds out", |io| async move {
        io.sleep(std::time::Duration::from_secs(100)).await;
        Ok(())
    });
    world.join(holds_out, graph);
    world.wire(holds_out, ids[2]);
    world.settle();
    world.finish(graph);
    world.settle();
    assert!(world.has_finished(ids[1]) && !world.has_finished(ids[2]));
    world.steps(vec![compose_runtime::command::Step::Stop { id: holds_out }]);
    world.settle();
    assert!(world.has_finished(ids[2]) && world.has_finished(graph));
}

#[test]
fn graph_9_stop_still_goes_to_all_members_at_once() {
    let mut world = World::default();
    let (graph, ids, sink) = chain(&mut world, 1, 5);
    for text in texts(5) {
        world.put(graph, "inbox", text);
    }
    world.shut_down(graph);
    world.settle();
    assert!(ids.iter().all(|id| world.has_finished(*id)));
    assert!(world.take(sink, "inbox").len() < 5);
}

#[test]
fn shutting_everything_down_follows_the_data_through_composites() {
    let mut world = World::default();
    let (graph, ids, sink) = chain(&mut world, 1, 8);
    let feeder = world.source("feeder", |io| async move {
        for number in 0..20 {
            io.send("outbox", number.to_string()).await;
        }
        io.recv("control").await;
        Ok(())
    });
    world.wire(feeder, graph);
    world.pass();
    world.command(compose_runtime::command::RuntimeCommand::ShutDown);
    for _ in 0..200 {
        world.pass();
    }
    assert!(ids.iter().all(|id| world.has_finished(*id)));
    // A source ends in the middle of its work; the messages it has sent are not lost.
    let arrived = world.take(sink, "inbox").len() as u64;
    assert_eq!(arrived, world.outbox(feeder, "outbox").sent);
}
