//! Tests of pipelines and graphlines. Test names start with the rules they cover.
#![allow(clippy::unwrap_used)]

use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::introspect::snapshot::State;

use super::super::rig::{self, once};
use super::*;
use crate::test_system::System;

fn pass(count: usize) -> Vec<Part> {
    vec![Part::new("PassThrough"); count]
}

#[test]
fn pipe_1_messages_and_the_end_pass_from_member_to_member() {
    let mut rig = rig::graph(&Graph::pipeline(pass(3)).unwrap());
    for text in ["a", "b"] {
        rig.put("inbox", text);
    }
    rig.finish();
    rig.run();
    assert_eq!(rig.texts("outbox"), ["a", "b"]);
    assert_eq!((rig.texts("signal"), rig.state()), (vec!["producer finished".to_owned()], State::Finished));
}

#[test]
fn pipe_2_messages_sent_before_the_members_run_reach_the_first() {
    let mut rig = rig::graph(&Graph::pipeline(pass(2)).unwrap());
    rig.put("inbox", "before the first turn");
    rig.run();
    assert_eq!(rig.texts("outbox"), ["before the first turn"]);
}

#[test]
fn pipe_3_it_ends_only_when_all_members_have_ended() {
    let mut rig = rig::graph(&Graph::pipeline(pass(2)).unwrap());
    rig.run();
    assert!(!rig.state().has_ended());
    rig.shutdown();
    rig.run();
    assert_eq!(rig.state(), State::Finished);
}

#[test]
fn pipe_5_a_member_that_ends_by_itself_ends_the_members_after_it() {
    let source = Part::new("DataSource").with("messages", Message::list(["x".into()]));
    let mut rig = rig::graph(&Graph::pipeline(vec![source, Part::new("PassThrough")]).unwrap());
    rig.run();
    assert_eq!((rig.texts("outbox"), rig.state()), (vec!["x".to_owned()], State::Finished));
}

#[test]
fn pipe_6_a_pipeline_without_members_is_refused() {
    assert_eq!(Graph::pipeline(Vec::new()), Err(GraphError::Empty));
}

#[test]
fn pipe_7_a_circular_pipeline_links_the_last_member_to_the_first() {
    let graph = Graph::circular(pass(2)).unwrap();
    let template = graph.template();
    let back = |link: &&LinkageDesc| link.from.component == ComponentId(2) && link.to.component == ComponentId(1);
    assert_eq!(template.graph.linkages.iter().filter(back).count(), 1);
    let mut rig = rig::graph(&graph);
    rig.run();
    assert_eq!(rig.texts("outbox"), Vec::<String>::new());
}

#[test]
fn pipe_8_a_full_inbox_makes_the_previous_member_wait() {
    let graph = Graph::pipeline(vec![Part::new("PassThrough"), Part::new("PassThrough").limit(2)]).unwrap();
    let (pipeline, first, second) = (5, 6, 7);
    let mut system = System::new();
    for step in Step::start_all(&graph.topology("p", pipeline)) {
        system.change(step);
    }
    let handle = system.scheduler.handle();
    handle.try_send(RuntimeCommand::PauseComponent(ComponentId(second), true)).unwrap();
    for number in 0..5_i64 {
        system.put(pipeline, "inbox", number);
    }
    system.run();
    let depth = |system: &System, id| system.view(id).inboxes[0].depth;
    assert_eq!(
        (depth(&system, first), depth(&system, second)),
        (2, 2),
        "the first member holds one message while it waits"
    );
    handle.try_send(RuntimeCommand::PauseComponent(ComponentId(second), false)).unwrap();
    system.run();
    assert_eq!((depth(&system, first), depth(&system, second)), (0, 0));
    assert_eq!(system.view(second).inboxes[0].taken, 5);
}

#[test]
fn graph_1_members_are_linked_by_name() {
    let graph = Graph::graphline(
        &[("a", Part::new("PassThrough")), ("b", Part::new("PassThrough"))],
        &["self.inbox -> a.inbox", "a.outbox -> b.inbox", "b.outbox -> self.outbox", "a.outbox -> self.copy"],
    );
    let mut rig = rig::graph(&graph.unwrap());
    rig.put("inbox", "x");
    rig.finish();
    rig.run();
    // GRAPH-4: the graph has the box that the link names. GRAPH-15: one outbox is linked to two boxes.
    assert_eq!((rig.texts("outbox"), rig.texts("copy")), (vec!["x".to_owned()], vec!["x".to_owned()]));
    assert_eq!(rig.state(), State::Finished);
}

#[test]
fn graph_3_an_unknown_member_name_is_refused() {
    let error = Graph::graphline(&[("a", Part::new("PassThrough"))], &["selv.inbox -> a.inbox"]).unwrap_err();
    assert!(error.to_string().contains("no member named selv; use a"), "{error}");
    assert!(Graph::graphline(&[("a", Part::new("PassThrough"))], &[".inbox -> a.inbox"]).is_ok());
}

#[test]
fn graph_7_a_link_that_bypasses_all_members_is_refused() {
    let error = Graph::graphline(&[], &["self.inbox -> self.outbox"]).unwrap_err();
    assert_eq!(error, GraphError::Bypass("self.inbox -> self.outbox".to_owned()));
}

#[test]
fn graph_12_without_members_it_finishes_immediately() {
    let mut rig = rig::graph(&Graph::graphline(&[], &[]).unwrap());
    rig.run();
    assert_eq!((rig.texts("signal"), rig.state()), (vec!["producer finished".to_owned()], State::Finished));
}

#[test]
fn invalid_links_and_duplicates_are_refused() {
    let a = || ("a", Part::new("PassThrough"));
    assert_eq!(Graph::graphline(&[a()], &["a.outbox"]), Err(GraphError::InvalidLink("a.outbox".to_owned())));
    assert_eq!(Graph::graphline(&[a(), a()], &[]), Err(GraphError::DuplicateMember("a".to_owned())));
    let link = "a.outbox -> self.outbox";
    assert_eq!(Graph::graphline(&[a()], &[link, link]), Err(GraphError::DuplicateLink(link.to_owned())));
}

#[test]
fn a_graph_can_be_used_as_a_template() {
    let template = once("x").template();
    assert_eq!((template.graph.components.len(), template.outboxes.len()), (1, 0));
}
