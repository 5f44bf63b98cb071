//! Tests of PlugSplitter and Plug, named after the rules they cover.
#![allow(clippy::unwrap_used)]

use compose_runtime::command::RuntimeCommand;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::InboxLimit;

use super::super::graph::{Graph, Part};
use super::super::rig::{once, pass};
use super::*;
use crate::system::System;

const SPLITTER: u64 = 1;

/// A splitter named `S`, printed by c2, with templates `Pass` and `Once`.
fn splitter(params: &[(&str, Message)]) -> System {
    let mut system = System::new();
    system.template("Pass", &pass());
    system.template("Once", &once("only word"));
    let mut all = vec![("name", Message::text("S"))];
    all.extend_from_slice(params);
    system.start(SPLITTER, "PlugSplitter", &all);
    system.printer(2, SPLITTER);
    system
}

/// A component Plug with this template, printed by the component after it.
fn plug(system: &mut System, id: u64, template: &str) {
    system.start(id, "Plug", &[("splitter", "S".into()), ("component", template.into())]);
    system.printer(id + 1, id);
}

fn configure(system: &mut System, words: &[&str]) {
    system.put(SPLITTER, "configuration", Message::list(words.iter().map(Message::text)));
    system.run();
}

/// How many sinks are plugged in.
fn sinks(system: &System) -> usize {
    system.view(SPLITTER).outboxes.iter().filter(|outbox| outbox.name.starts_with("_sink")).count()
}

#[test]
fn split_1_data_goes_to_the_outbox_and_every_sink_and_control_to_every_control_sink() {
    let mut system = splitter(&[]);
    plug(&mut system, 10, "Pass");
    plug(&mut system, 20, "Pass");
    system.start(30, "DataSink", &[]);
    system.wire(SPLITTER, "signal", 30, "control");
    system.run();
    for word in ["a", "b"] {
        system.put(SPLITTER, "inbox", word);
    }
    system.run();
    for printer in [2, 11, 21] {
        assert_eq!(system.printed_by(printer), ["a", "b"], "c{printer}");
    }
    system.put(SPLITTER, "control", "any word");
    system.run();
    let arrived = |system: &System, id| {
        system.view(id).inboxes.into_iter().find(|inbox| &*inbox.name == "control").unwrap().arrived
    };
    assert_eq!([10, 20, 30].map(|id| arrived(&system, id)), [1, 1, 1]);
}

#[test]
fn split_2_adding_twice_and_removing_an_unknown_one_have_no_effect() {
    let mut system = splitter(&[]);
    system.start(3, "RegisterService", &[("services", Message::list(["X", "Y"].map(Message::text)))]);
    system.start(4, "ConsoleEchoer", &[]);
    system.start(5, "ConsoleEchoer", &[]);
    system.wire(3, "X", 4, "inbox");
    system.wire(3, "Y", 5, "inbox");
    system.run();
    configure(&mut system, &["addsink", "X"]);
    configure(&mut system, &["addsink", "X"]);
    configure(&mut system, &["removesink", "Y"]);
    // One component, twice a sink, under different inboxes.
    configure(&mut system, &["addsink", "Y"]);
    system.put(SPLITTER, "inbox", "a");
    system.run();
    assert_eq!((system.printed_by(4), system.printed_by(5)), (vec!["a".to_owned()], vec!["a".to_owned()]));
    configure(&mut system, &["removesink", "X"]);
    system.put(SPLITTER, "inbox", "b");
    system.run();
    assert_eq!((system.printed_by(4).len(), system.printed_by(5).len()), (1, 2));
}

#[test]
fn split_2_what_cannot_be_done_is_said_and_changes_nothing() {
    let mut system = splitter(&[]);
    configure(&mut system, &["addsink", "nowhere"]);
    configure(&mut system, &["frobnicate"]);
    let notes = system.printed().join("\n");
    assert!(notes.contains("nowhere cannot be plugged in: there is no service named nowhere"), "{notes}");
    assert!(notes.contains("configuration wants [\"addsink\", service]"), "{notes}");
    assert_eq!(sinks(&system), 0);
    assert!(matches!(system.state(SPLITTER), State::Waiting(_)));
}

#[test]
fn split_3_both_control_messages_are_passed_on_and_end_it() {
    for told in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = splitter(&[]);
        plug(&mut system, 10, "Pass");
        system.run();
        system.put(SPLITTER, "inbox", "tail");
        system.put(SPLITTER, "control", told.clone());
        system.run();
        let dropped = told == Message::Shutdown;
        assert_eq!(system.printed_by(11).is_empty(), dropped, "{told:?}: {:?}", system.printed());
        for id in [SPLITTER, 10, 11, 2] {
            assert_eq!(system.state(id), State::Finished, "c{id} after {told:?}");
        }
    }
}

#[test]
fn split_3_with_a_source_it_ends_when_that_has_ended() {
    let mut system = splitter(&[("source", "Pass".into())]);
    plug(&mut system, 10, "Pass");
    system.run();
    system.put(SPLITTER, "inbox", "through the source");
    system.run();
    assert_eq!(system.printed_by(11), ["through the source"]);
    system.put(SPLITTER, "inbox", "tail");
    system.put(SPLITTER, "control", Message::ProducerFinished);
    system.run();
    assert_eq!(system.printed_by(11), ["through the source", "tail"]);
    assert_eq!((system.state(SPLITTER), system.state(10)), (State::Finished, State::Finished));

    let mut system = splitter(&[("source", "Once".into())]);
    system.run();
    assert_eq!((system.printed_by(2), system.state(SPLITTER)), (vec!["only word".to_owned()], State::Finished));
}

#[test]
fn split_4_a_plug_passes_its_output_through_and_unplugs_when_it_has_ended() {
    let mut system = splitter(&[]);
    let items = Message::list([Message::text("one"), Message::text("two")]);
    let chooser = Part::new("ForwardIteratingChooser").with("items", items);
    let links = ["self.inbox -> choose.inbox", "choose.outbox -> self.outbox"];
    let taker = Graph::graphline(&[("choose", chooser)], &links);
    system.template("Taker", &taker.unwrap());
    plug(&mut system, 10, "Taker");
    system.run();
    assert_eq!(sinks(&system), 2, "data and control");
    for _ in 0..2 {
        system.put(SPLITTER, "inbox", "NEXT");
    }
    system.run();
    assert_eq!((system.printed_by(11), system.state(10)), (vec!["one".to_owned(), "two".into()], State::Finished));
    assert_eq!(sinks(&system), 0);
    assert!(matches!(system.state(SPLITTER), State::Waiting(_)));
}

#[test]
fn split_4_a_plug_waits_for_its_splitter_and_hears_its_own_inbox_too() {
    let mut system = System::new();
    system.template("Pass", &pass());
    plug(&mut system, 10, "Pass");
    system.put(10, "inbox", "own");
    system.run();
    system.start(SPLITTER, "PlugSplitter", &[("name", "S".into())]);
    system.run();
    system.put(SPLITTER, "inbox", "shared");
    system.run();
    assert_eq!(system.printed_by(11), ["own", "shared"]);
}

#[test]
fn split_5_a_sink_sees_only_what_is_handled_after_it_was_added() {
    let mut system = splitter(&[]);
    system.put(SPLITTER, "inbox", "before");
    system.run();
    plug(&mut system, 10, "Pass");
    system.run();
    system.put(SPLITTER, "inbox", "after");
    system.run();
    assert_eq!((system.printed_by(2).len(), system.printed_by(11)), (2, vec!["after".to_owned()]));
}

#[test]
fn split_6_a_full_sink_is_waited_for_or_drops_as_its_inbox_says_and_ends_nothing() {
    for (policy, waits, kept) in [
        (FullPolicy::Block, true, ["a", "b"]),
        (FullPolicy::DropOldest, false, ["c", "d"]),
        (FullPolicy::DropNewest, false, ["a", "b"]),
    ] {
        let mut system = splitter(&[]);
        // A sink that takes nothing, because it is paused.
        system.start(3, "Subscribe", &[("service", "S".into())]);
        system.run();
        system.limit(3, InboxLimit { capacity: Some(2), policy });
        system.scheduler.handle().try_send(RuntimeCommand::PauseComponent(ComponentId(3), true)).unwrap();
        for word in ["a", "b", "c", "d"] {
            system.put(SPLITTER, "inbox", word);
        }
        system.run();
        assert_eq!(system.printed_by(2).len() < 4, waits, "{policy:?}: {:?}", system.printed());
        assert!(matches!(system.state(SPLITTER), State::Waiting(_)), "{policy:?}");
        let waiting = system.scheduler.take_all(&BoxAddr::inbox(ComponentId(3), "inbox"));
        let waiting: Vec<String> = waiting.iter().map(ToString::to_string).collect();
        assert_eq!(waiting, kept, "{policy:?}");
    }
}
