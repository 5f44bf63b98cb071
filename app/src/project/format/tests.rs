//! The format: documents survive a round trip, handwritten files are understood, and hostile files do no harm.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::document::{EditCommand, History, arbitrary};

const EXAMPLE: &str = r#"{
  "format": "kamaelia-compose/1",
  "name": "Meow mix",
  "description": "A producer, a sender and a receiver, in slow motion.",
  "parameters": {
    "pause": { "type": "float", "default": 1.0, "help": "Between two messages" }
  },
  "components": {
    "producer": { "type": "DataSource", "params": { "interval": "${pause}", "messages": ["I want chicken"] } },
    "box": {
      "type": "Composite",
      "inboxes": ["door"],
      "restart": "on failure",
      "graph": {
        "components": {
          "sender": { "type": "Teapot", "limits": { "inbox": 5 }, "colour": "red" }
        },
        "links": [
          "self.door -> sender.inbox",
          "self.inbox -> sender.inbox",
          "sender.outbox -> self.outbox"
        ],
        "layout": { "sender": [0, 0] },
        "author": { "name": "someone" }
      }
    }
  },
  "links": [
    "producer.outbox -> box.door",
    "producer.outbox -> box.inbox"
  ],
  "layout": { "producer": [0, 0.5], "box": [240, 0] },
  "frames": [
    { "title": "Here", "rect": [0, 0, 100, 200], "colour": 3 }
  ],
  "licence": null
}
"#;

#[test]
fn an_example_file_is_written_as_it_was_read() {
    let (document, problems) = from_text(EXAMPLE);
    assert_eq!(problems, []);
    assert_eq!(to_text(&document), EXAMPLE);
    assert_eq!(document.all_wires().count(), 5);
}

#[test]
fn moving_a_component_changes_one_line() {
    let (mut document, _) = from_text(EXAMPLE);
    let id = document.find(None, "box").unwrap();
    document.apply(EditCommand::MoveNodes { moves: vec![(id, [250.0, 10.0])] }).unwrap();
    let text = to_text(&document);
    let changed: Vec<&str> = text.lines().zip(EXAMPLE.lines()).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
    assert_eq!(changed, [r#"  "layout": { "producer": [0, 0.5], "box": [250, 10] },"#]);
}

#[test]
fn components_without_a_position_are_placed_beside_their_sources() {
    let (document, problems) = from_text(
        r#"{"format": "kamaelia-compose/1", "components": {"b": {"type": "X"}, "a": {"type": "X"}},
            "links": ["a.outbox -> b.inbox"]}"#,
    );
    assert_eq!(problems, []);
    let x = |name| document.node(document.find(None, name).unwrap()).unwrap().pos_in_canvas[0];
    assert!(x("a") < x("b"));
}

#[test]
fn every_mistake_is_reported_with_line_and_keys() {
    let (document, problems) = from_text(
        r#"{"format": "kamaelia-compose/1",
 "components": {
  "a": { "type": "X", "params": 3 },
  "a": { "type": "Y" },
  "b.c": { "type": "X", "limits": { "inbox": -1 } },
  "d": 7
 },
 "links": ["a.outbox -> b.c.inbox", "a.outbox -> b.c.inbox", "a to b", 17, "a.outbox -> self.outbox", "x.outbox -> a.inbox"],
 "layout": { "a": [1e300, 0], "ghost": [0, 0] },
 "frames": {}
}"#,
    );
    let reported: Vec<String> = problems.iter().map(|problem| problem.line(&document)).collect();
    let expected = [
        "error: line 3, components.a.params: components.a.params should be a map, not 3",
        "error: line 4, components.a: there are two components a",
        "error: line 5, components.b.c: \"b.c\" cannot be the name of a component",
        "error: line 5, components.b.c.limits.inbox: a capacity must be a whole number from 0 to 9 223 372 036 854 775 807, not -1",
        "error: line 6, components.d: components.d should be a map, not 7",
        "error: line 8, links: there is already a link a.outbox -> b_c.inbox",
        "error: line 8, links: \"a to b\" is not a link",
        "error: line 8, links: 17 is not a link",
        "error: line 8, links: \"a.outbox -> self.outbox\" refers to self",
        "error: line 8, links: \"x.outbox -> a.inbox\" refers to x",
        "warning: line 9, layout: the position of a is not two numbers within 1000000",
        "warning: line 9, layout: ghost has a position, but there is no such component",
        "error: line 10, frames: frames should be a list, not a map",
    ];
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
    for (problem, expected) in reported.iter().zip(expected) {
        assert!(problem.starts_with(expected), "{problem}");
    }
    assert_eq!((document.node_count(), document.all_wires().count()), (3, 1));
}

#[test]
fn a_composite_without_the_key_graph_is_read_and_reported() {
    let (document, problems) = from_text(
        r#"{"format": "kamaelia-compose/1", "components": {
 "box": {
  "components": { "a": { "type": "X" } },
  "links": ["self.inbox -> a.inbox"]
 }
}}"#,
    );
    let reported: Vec<String> = problems.iter().map(|problem| problem.line(&document)).collect();
    let expected = [
        "warning: line 3, components.box.components: the components of a composite belong in its \"graph\"",
        "warning: line 4, components.box.links: the links of a composite belong in its \"graph\"",
    ];
    let all_match = reported.iter().zip(expected).all(|(problem, expected)| problem.starts_with(expected));
    assert!(reported.len() == 2 && all_match, "{reported:#?}");
    assert_eq!((document.node_count(), document.all_wires().count()), (2, 1));
    assert_eq!(from_text(&to_text(&document)).1, []);
}

#[test]
fn composites_nested_too_deeply_are_reported() {
    let mut text = "{\"format\": \"kamaelia-compose/1\", ".to_owned();
    text.push_str(&"\"components\": {\"c\": {\"graph\": {".repeat(30));
    text.push_str(&"}}}".repeat(30));
    text.push('}');
    let (document, problems) = from_text(&text);
    assert!(problems[0].message.contains("nested at most 20 deep"), "{problems:?}");
    assert_eq!(document.node_count(), 21);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_survives_a_round_trip(edits in arbitrary::edits()) {
        let document = arbitrary::document(&edits);
        let text = to_text(&document);
        let (read, problems) = from_text(&text);
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(to_text(&read), text);
        prop_assert_eq!(arbitrary::without_ids(&read), arbitrary::without_ids(&document));
    }

    #[test]
    fn undoing_everything_restores_the_first_file(edits in arbitrary::edits()) {
        let (mut document, mut history) = (Document::new(), History::new());
        let mut texts = vec![to_text(&document)];
        for numbers in edits {
            let command = arbitrary::command(&document, numbers);
            let revision = document.revision();
            let is_done = history.edit(&mut document, command).is_ok();
            if is_done && document.revision() > revision {
                texts.push(to_text(&document));
            } else {
                prop_assert_eq!(Some(&to_text(&document)), texts.last());
            }
        }
        while history.undo(&mut document).unwrap().is_some() {
            texts.pop();
            prop_assert_eq!(Some(&to_text(&document)), texts.last());
        }
    }

    #[test]
    fn damaged_files_can_be_opened_and_saved(cut in 0..EXAMPLE.len(), text in "[ -~]{0,8}", skip in 0..40_usize) {
        let end = (cut + skip).min(EXAMPLE.len());
        let damaged = format!("{}{text}{}", &EXAMPLE[..cut], &EXAMPLE[end..]);
        let (document, _) = from_text(&damaged);
        let (again, problems) = from_text(&to_text(&document));
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(to_text(&again), to_text(&document));
    }

    #[test]
    fn any_text_gives_a_document_that_can_be_saved(text in any::<String>()) {
        let (document, _) = from_text(&text);
        let (_, problems) = from_text(&to_text(&document));
        prop_assert_eq!(problems, vec![]);
    }
}
