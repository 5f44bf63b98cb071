//! Section 19, pipelines and graphlines: both are composites here.

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::RunEnd;
use compose_runtime::topology::LinkageDesc;

use crate::world::*;

/// A composite with two members linked as a pipeline.
fn pipeline(world: &mut World, members: [ComponentId; 2]) -> ComponentId {
    let pipe = world.composite("pipe");
    let [first, last] = members;
    for member in members {
        world.join(member, pipe);
    }
    world.wire(first, last);
    world.link(data(first, "signal", last, "control"));
    for (outer, inner) in [("inbox", "inbox"), ("control", "control")] {
        world.link(inward(pipe, outer, first, inner));
    }
    for name in ["outbox", "signal"] {
        world.link(outward(last, name, pipe, name));
    }
    pipe
}

fn echoes(world: &mut World) -> [ComponentId; 2] {
    [world.pass_through("first"), world.pass_through("last")]
}

#[test]
fn pipe_1_members_are_linked_in_a_row_and_the_outer_boxes_pass_through() {
    let mut world = World::default();
    let members = echoes(&mut world);
    let pipe = pipeline(&mut world, members);
    let sink = world.idle("sink");
    world.wire(pipe, sink);
    world.link(data(pipe, "signal", sink, "second"));
    world.put(pipe, "inbox", "a");
    world.finish(pipe);
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["a"]);
    assert_eq!(world.take(sink, "second"), ["producer finished"]);
    assert!(members.into_iter().chain([pipe]).all(|id| world.has_finished(id)));
}

#[test]
fn pipe_2_messages_that_came_before_the_links_reach_the_first_member() {
    let mut world = World::default();
    let pipe = world.composite("pipe");
    world.put(pipe, "inbox", "early");
    let printer = world.printer("printer");
    world.join(printer, pipe);
    world.link(inward(pipe, "inbox", printer, "inbox"));
    world.settle();
    assert_eq!(world.console(), ["early"]);
}

#[test]
fn pipe_3_it_ends_when_all_members_have_ended_and_not_before() {
    let mut world = World::default();
    let members = [world.pass_through("first"), world.idle("holds out")];
    let pipe = pipeline(&mut world, members);
    world.unlink(data(members[0], "signal", members[1], "control"));
    world.finish(pipe);
    world.settle();
    assert!(world.has_finished(members[0]));
    assert!(matches!(world.state(pipe), State::Waiting(_)));
    world.finish(members[1]);
    world.settle();
    assert!(world.has_finished(pipe));
}

#[test]
fn pipe_5_a_member_that_ends_without_an_announcement_does_not_hold_up_the_others() {
    let mut world = World::default();
    let quits = world.add("quits", |_| async { Ok(()) });
    let last = world.pass_through("last");
    let pipe = pipeline(&mut world, [quits, last]);
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(last) && world.has_finished(pipe));
}

#[test]
fn pipe_7_a_circular_pipeline_has_two_sources_for_its_first_member() {
    let mut world = World::default();
    let members = echoes(&mut world);
    let pipe = pipeline(&mut world, members);
    world.unlink(outward(members[1], "outbox", pipe, "outbox"));
    world.wire(members[1], members[0]);
    world.put(pipe, "inbox", "round and round");
    for _ in 0..10 {
        world.pass();
    }
    assert!(world.inbox(members[0], "inbox").arrived > 3);
}

#[test]
fn graph_1_graph_4_members_and_boxes_may_have_any_names() {
    let mut world = World::default();
    let graph = world.start(composite_desc("graph", &["questions"], &["answers"]));
    let inboxes: Vec<String> = world.view(graph).inboxes.iter().map(|inbox| inbox.name.to_string()).collect();
    let outboxes: Vec<String> = world.view(graph).outboxes.iter().map(|outbox| outbox.name.to_string()).collect();
    assert_eq!(
        (inboxes.join(" "), outboxes.join(" ")),
        ("inbox questions control".into(), "outbox answers signal".into())
    );
    let member = world.pass_through("graph/member");
    world.join(member, graph);
    world.link(inward(graph, "questions", member, "inbox"));
    world.link(outward(member, "outbox", graph, "answers"));
    let sink = world.idle("sink");
    world.link(data(graph, "answers", sink, "inbox"));
    world.put(graph, "questions", "why?");
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["why?"]);
}

#[test]
fn graph_5_boxes_of_one_graph_do_not_appear_on_the_next() {
    let mut world = World::default();
    world.start(composite_desc("one", &["extra"], &[]));
    let other = world.composite("other");
    assert!(!world.scheduler.put(&BoxAddr::inbox(other, "extra"), 1.into()));
}

#[test]
fn graph_7_a_link_straight_through_is_refused() {
    let mut world = World::default();
    let graph = world.composite("graph");
    let linkage = LinkageDesc { from: BoxAddr::inbox(graph, "inbox"), to: BoxAddr::outbox(graph, "outbox") };
    assert!(world.refusal(Step::Link { linkage }).unwrap().contains("cannot be linked"));
}

#[test]
fn graph_8_it_ends_when_all_members_have_ended() {
    let mut world = World::default();
    let graph = world.composite("graph");
    let members = [world.sender("a", &["x"]), world.printer("b")];
    for member in members {
        world.join(member, graph);
    }
    world.wire(members[0], members[1]);
    let unknown = Step::Link { linkage: data(members[0], "typo", members[1], "inbox") };
    assert!(world.refusal(unknown).is_some());
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(graph));
}

/// A composite with two members that only wait for `control`; the listener keeps messages from `signal`.
fn controlled(world: &mut World) -> (ComponentId, [ComponentId; 2], ComponentId) {
    let graph = world.composite("graph");
    let members = [world.idle("a"), world.idle("b")];
    for member in members {
        world.join(member, graph);
    }
    let listener = world.idle("listener");
    world.link(data(graph, "signal", listener, "second"));
    (graph, members, listener)
}

#[test]
fn graph_9_control_goes_to_every_member_whose_control_is_unlinked() {
    let mut world = World::default();
    let (graph, members, _) = controlled(&mut world);
    let feeder = world.idle("feeder");
    world.link(data(feeder, "outbox", members[1], "control"));
    world.put(graph, "control", "any word");
    world.settle();
    assert!(world.has_finished(members[0]));
    assert_eq!(world.inbox(members[1], "control").arrived, 0);
}

#[test]
fn graph_10_linked_control_messages_follow_the_link_only() {
    let mut world = World::default();
    let (graph, members, _) = controlled(&mut world);
    world.link(inward(graph, "control", members[1], "control"));
    world.shut_down(graph);
    world.settle();
    assert!(!world.state(members[0]).has_ended());
    assert!(world.has_finished(members[1]));
}

#[test]
fn graph_11_it_announces_a_shutdown_if_it_received_one_and_otherwise_a_finish() {
    for (message, expected) in [(Message::ProducerFinished, "producer finished"), (Message::Shutdown, "shutdown")] {
        let mut world = World::default();
        let (graph, members, listener) = controlled(&mut world);
        world.put(graph, "control", message);
        world.settle();
        assert!(members.into_iter().all(|id| world.has_finished(id)));
        assert_eq!(world.take(listener, "second"), [expected]);
    }
}

#[test]
fn graph_12_with_signal_linked_a_member_announces_the_end_and_without_members_it_ends_at_once() {
    let mut world = World::default();
    let (graph, members, listener) = controlled(&mut world);
    world.link(outward(members[1], "signal", graph, "signal"));
    world.finish(graph);
    world.settle();
    assert!(world.has_finished(graph));
    assert_eq!(world.take(listener, "second"), ["producer finished"], "announced once, by the member");

    let mut world = World::default();
    let (empty, listener) = (world.composite("empty"), world.idle("listener"));
    world.link(data(empty, "signal", listener, "second"));
    world.settle();
    assert_eq!(world.take(listener, "second"), ["producer finished"]);
}

#[test]
fn graph_13_an_unread_message_in_its_own_inbox_does_not_keep_it_awake() {
    let mut world = World::default();
    let (graph, ..) = controlled(&mut world);
    world.put(graph, "inbox", "unread");
    world.settle();
    let turns = world.view(graph).turns;
    for _ in 0..5 {
        world.pass();
    }
    assert_eq!(world.view(graph).turns, turns);
}
