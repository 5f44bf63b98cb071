//! Tests of the behaviour that all viewers share, through their boxes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::super::TOPOLOGY_VIEWER;
use super::*;

fn rig() -> Rig {
    Rig::new(&TOPOLOGY_VIEWER, &[])
}

/// Names and positions of the nodes, the links, and the selection.
type Shown = (Vec<(String, [f32; 2])>, Vec<(usize, usize)>, Option<usize>);

fn shown(rig: &Rig) -> Shown {
    let Some(Surface::Graph { nodes, links, selected, .. }) = rig.surface() else { panic!("{:?}", rig.surface()) };
    let nodes = nodes.iter().map(|node| (node.name.to_string(), node.at)).collect();
    (nodes, links.iter().map(|link| (link.from, link.to)).collect(), selected)
}

fn names(rig: &Rig) -> Vec<String> {
    shown(rig).0.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn lines_and_lists_of_words_are_equivalent() {
    let mut rig = rig();
    rig.put("inbox", "ADD NODE 1 \"the first\" auto -\nADD NODE 2 two auto -\n\n");
    rig.put("inbox", Message::bytes("ADD LINK 1 2\r\n"));
    rig.put("inbox", word_list(&["ADD", "NODE"], [Message::Int(3), "three".into(), "4,5".into(), "-".into()]));
    rig.put("inbox", word_list(&["ADD", "LINK", "2"], [Message::Int(3)]));
    rig.finish();
    rig.run();
    let (nodes, links, _) = shown(&rig);
    assert_eq!(nodes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["the first", "two", "three"]);
    assert_eq!(links, [(0, 1), (1, 2)]);
    assert_eq!((rig.state(), rig.texts("outbox")), (State::Finished, Vec::new()));
}

#[test]
fn a_failing_command_is_reported_and_rejected_and_the_others_are_executed() {
    let mut rig = rig();
    rig.put("inbox", "ADD NODE 1 one auto -\nADD NODE \"2 two auto -\nDEL NODE 9\nADD NODE 3 three auto -");
    rig.put("inbox", Message::Int(7));
    rig.put("inbox", Message::list([Message::list([])]));
    rig.finish();
    rig.run();
    assert_eq!(names(&rig), ["one", "three"]);
    let errors = rig.texts("outbox");
    assert_eq!(errors.len(), 4);
    assert_eq!(errors[1], "[\"ERROR\", \"there is no node 9: \\\"DEL NODE 9\\\"\"]");
    assert!(errors[0].contains("the quote opened at character 10 is not closed"), "{errors:?}");
    let rejected = rig.take("rejected");
    assert_eq!(rejected[0..3], ["ADD NODE \"2 two auto -".into(), "DEL NODE 9".into(), Message::Int(7)]);
    assert_eq!(rig.console().len(), 4);
    assert_eq!(rig.state(), State::Finished);
}

#[test]
fn it_comes_to_rest_and_then_nothing_moves_and_no_timer_runs() {
    let mut rig = rig();
    rig.put("inbox", "ADD NODE 1 one auto -\nADD NODE 2 two auto -\nADD LINK 1 2\nADD NODE 3 three auto -");
    rig.run_for(Duration::from_millis(100));
    let moving = shown(&rig);
    rig.run();
    let (settled, moment) = (shown(&rig), rig.now());
    assert_ne!(moving, settled);
    assert!(moment < Duration::from_secs(4), "it took {moment:?}");
    rig.run();
    assert_eq!((shown(&rig), rig.now()), (settled, moment), "no timer may remain");
}

#[test]
fn view_13_a_selection_is_announced_once_and_a_dragged_node_follows_the_pointer() {
    let mut rig = rig();
    rig.put("inbox", "ADD NODE 1 one auto -\nADD NODE 2 two auto -");
    rig.run();
    for id in [Message::text("2"), Message::text("2"), Message::Nothing] {
        rig.event(word_list(&["SELECT", "NODE"], [id]));
    }
    rig.run();
    assert_eq!(rig.texts("outbox"), ["[\"SELECT\", \"NODE\", \"2\"]", "[\"SELECT\", \"NODE\", nothing]"]);
    rig.event(word_list(&["SELECT", "NODE", "1"], []));
    rig.event(word_list(&["HOLD", "NODE", "1"], [Message::Float(300.0), Message::Float(40.0)]));
    rig.run();
    let (nodes, _, selected) = shown(&rig);
    assert_eq!((nodes[0].1, selected), ([300.0, 40.0], Some(0)));
    rig.event(word_list(&["DROP", "NODE", "1"], []));
    rig.run();
    assert_ne!(shown(&rig).0[0].1, [300.0, 40.0]);
}

#[test]
fn view_18_a_flood_of_commands_is_drawn_thirty_times_a_second() {
    let mut rig = rig();
    for number in 0..1_000 {
        rig.put("inbox", format!("ADD NODE {number} n auto -"));
    }
    rig.run_for(Duration::from_millis(40));
    assert_eq!(shown(&rig).0.len(), 1_000);
    rig.shutdown();
    rig.run();
    assert_eq!(rig.state(), State::Finished);
}
