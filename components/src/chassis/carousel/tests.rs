//! Tests of the Carousel. Test names start with the rules they cover.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::Message;
use compose_runtime::testing::Rig;

use super::super::rig::{self, once, pass};
use super::super::{PAR, SEQ};
use super::*;

fn carousel(template: &super::super::Graph, params: &[(&str, Message)]) -> Rig {
    let mut all = vec![("child", Message::text("T"))];
    all.extend_from_slice(params);
    rig::chassis(&CAROUSEL, &all, &[("T", template)])
}

#[test]
fn car_1_at_most_one_child_at_a_time() {
    let mut rig = carousel(&pass(), &[]);
    for item in ["a", "b", "c"] {
        rig.put("next", item);
        rig.run();
        assert_eq!(rig.instances(), 1);
    }
}

#[test]
fn car_2_a_message_on_next_starts_a_child_linked_to_inbox_and_outbox() {
    let mut rig = carousel(&pass(), &[]);
    rig.put("next", "x");
    rig.run();
    rig.put("inbox", "hello");
    rig.run();
    assert_eq!(rig.texts("outbox"), ["hello"]);
    assert_eq!(rig.names(), ["subject/1", "subject/1/pass"]);
}

#[test]
fn car_3_the_first_request_is_sent_once_at_the_start() {
    for (wanted, requests) in [(true, 1), (false, 0)] {
        let mut rig = carousel(&pass(), &[("make1stRequest", wanted.into())]);
        rig.run();
        assert_eq!(rig.texts("requestNext").len(), requests);
    }
}

#[test]
fn car_4_the_end_of_a_child_sends_next_unless_a_message_is_waiting() {
    let mut rig = carousel(&once("${item}"), &[]);
    rig.put("next", "first");
    rig.run();
    assert_eq!((rig.texts("outbox"), rig.texts("requestNext")), (vec!["first".to_owned()], vec!["NEXT".to_owned()]));
    assert_eq!(rig.names(), Vec::<String>::new());
    rig.put("next", "second");
    rig.put("next", "third");
    rig.run();
    assert_eq!(rig.texts("requestNext"), ["NEXT"]);
    assert!(matches!(rig.state(), State::Waiting(_)), "{:?}", rig.state());
}

#[test]
fn car_5_a_message_on_next_stops_the_child_and_starts_the_next() {
    let mut rig = carousel(&pass(), &[]);
    rig.put("next", "a");
    rig.run();
    rig.put("next", "b");
    rig.run();
    assert_eq!(rig.names(), ["subject/2", "subject/2/pass"]);
    assert_eq!(rig.texts("requestNext"), Vec::<String>::new());
}

#[test]
fn car_6_without_a_child_messages_wait_for_the_next_child() {
    let mut rig = carousel(&pass(), &[]);
    rig.put("inbox", "early");
    rig.run();
    assert_eq!(rig.texts("outbox"), Vec::<String>::new());
    rig.put("next", "x");
    rig.run();
    assert_eq!(rig.texts("outbox"), ["early"]);
}

#[test]
fn car_7_stop_ends_carousel_and_child_and_drops_waiting_messages() {
    let mut rig = carousel(&pass(), &[]);
    rig.shutdown();
    rig.run();
    assert_eq!(rig.state(), State::Finished);
    let mut rig = carousel(&pass(), &[]);
    rig.put("next", "a");
    rig.run();
    rig.put("next", "b");
    rig.shutdown();
    rig.run();
    assert_eq!((rig.state(), rig.texts("signal")), (State::Finished, vec!["shutdown".to_owned()]));
    assert!(!rig.names().contains(&"subject/2".to_owned()));
}

#[test]
fn car_8_finish_processes_waiting_messages_before_the_end() {
    let mut rig = carousel(&once("${item}"), &[]);
    for item in ["a", "b", "c"] {
        rig.put("next", item);
    }
    rig.finish();
    rig.run();
    assert_eq!(rig.state(), State::Finished);
    assert_eq!(rig.texts("signal"), ["producer finished"]);
    assert_eq!(rig.texts("requestNext"), Vec::<String>::new());
    let mut rig = carousel(&pass(), &[]);
    rig.put("next", "a");
    rig.run();
    rig.finish();
    rig.run();
    assert_eq!(rig.state(), State::Finished);
}

#[test]
fn car_9_a_child_that_cannot_be_created_crashes_only_the_carousel() {
    let mut rig = carousel(&once("${colour}"), &[]);
    rig.put("next", Message::map([("colour", Message::text("red"))]));
    rig.run();
    assert_eq!(rig.texts("outbox"), ["red"]);
    rig.put("next", "blue");
    rig.run();
    let error = format!("{:?}", rig.state());
    assert!(error.contains("T uses ${colour}, but its chassis gives ${item}"), "{error}");
}

#[test]
fn car_10_signals_of_the_child_are_not_passed_on() {
    let mut rig = carousel(&once("${item}"), &[]);
    rig.put("next", "x");
    rig.run_for(Duration::from_secs(1));
    assert_eq!(rig.texts("signal"), Vec::<String>::new());
}

#[test]
fn the_output_stream_continues_after_a_child_has_ended() {
    let mut rig = carousel(&once("${item}"), &[]);
    for item in ["a", "b"] {
        rig.put("next", item);
        rig.run();
    }
    assert_eq!(rig.texts("outbox"), ["a", "b"]);
    assert!(!rig.stream_has_ended("outbox"));
}

#[test]
fn finish_loses_no_messages_inside_any_chassis() {
    let texts: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let list = Message::list([Message::text("T")]);
    for (spec, params) in [
        (&CAROUSEL, vec![("child", Message::text("T"))]),
        (&SEQ, vec![("sequence", list.clone())]),
        (&PAR, vec![("components", list.clone()), ("policy", "copy".into())]),
        (&PAR, vec![("components", list), ("policy", "deal".into())]),
    ] {
        let mut rig = rig::chassis(spec, &params, &[("T", &rig::chain(7))]);
        if spec.type_name == "Carousel" {
            rig.put("next", "x");
        }
        rig.run();
        for text in &texts {
            rig.put("inbox", text.as_str());
        }
        rig.finish();
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (texts.clone(), State::Finished), "{}", spec.type_name);
    }
}

#[test]
fn a_refused_setting_in_the_template_is_reported_with_the_component_and_the_template() {
    let clock = super::super::Part::new("CheapAndCheerfulClock").with("interval", "${item}");
    let links = ["tick.outbox -> self.outbox"];
    let template = super::super::Graph::graphline(&[("tick", clock)], &links).unwrap();
    let mut rig = carousel(&template, &[]);
    rig.put("next", "abc");
    rig.run();
    let state = format!("{:?}", rig.state());
    assert!(state.contains("component tick of the template ") && state.contains("interval must be"), "{state}");
}
