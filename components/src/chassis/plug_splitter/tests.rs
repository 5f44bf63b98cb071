//! Tests of PlugSplitter and Plug. Test names start with the rules they cover.
#![allow(clippy::unwrap_used)]

use compose_runtime::command::RuntimeCommand;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::InboxLimit;

use super::super::graph::{Graph, Part};
use super::super::rig::{once, pass};
use super::*;
use crate::test_system::System;

const SPLITTER: u64 = 1;

/// A splitter named `S` whose output `c2` prints, with templates `Pass` and `Once`.
fn splitter(params: &[(&str, Message)]) -> System {
    let mut system = System::new();
    system.template("Pass", &pass());
    system.template("Once", &once("only text"));
    let mut all = vec![("name", Message::text("S"))];
    all.extend_from_slice(params);
    system.start(SPLITTER, "PlugSplitter", &all);
    system.printer(2, SPLITTER);
    system
}

/// Starts a Plug with this template; the component with the next identity prints its output.
fn plug(system: &mut System, id: u64, template: &str) {
    system.start(id, "Plug", &[("splitter", "S".into()), ("component", template.into())]);
    system.printer(id + 1, id);
}

fn configure(system: &mut System, items: &[&str]) {
    system.put(SPLITTER, "configuration", Message::list(items.iter().map(Message::text)));
    system.run();
}

/// The number of plugged-in sinks.
fn sinks(system: &System) -> usize {
    system.view(SPLITTER).outboxes.iter().filter(|outbox| outbox.name.starts_with("_sink")).count()
}

#[test]
fn split_1_data_reaches_outbox_and_all_sinks_and_control_reaches_all_control_sinks() {
    let mut system = splitter(&[]);
    plug(&mut system, 10, "Pass");
    plug(&mut system, 20, "Pass");
    system.start(30, "DataSink", &[]);
    system.wire(SPLITTER, "signal", 30, "control");
    system.run();
    for text in ["a", "b"] {
        system.put(SPLITTER, "inbox", text);
    }
    system.run();
    for printer in [2, 11, 21] {
        assert_eq!(system.printed_by(printer), ["a", "b"], "c{printer}");
    }
    system.put(SPLITTER, "control", "any text");
    system.run();
    let arrived = |system: &System, id| {
        system.view(id).inboxes.into_iter().find(|inbox| &*inbox.name == "control").unwrap().arrived
    };
    assert_eq!([10, 20, 30].map(|id| arrived(&system, id)), [1, 1, 1]);
}

#[test]
fn split_2_adding_a_sink_twice_or_removing_an_unknown_sink_has_no_effect() {
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
    // One component is two sinks, with different inboxes.
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
fn split_2_invalid_requests_are_reported_and_change_nothing() {
    let mut system = splitter(&[]);
    configure(&mut system, &["addsink", "nowhere"]);
    configure(&mut system, &["frobnicate"]);
    let notes = system.printed().join("\n");
    assert!(notes.contains("cannot add the sink nowhere: there is no service named nowhere"), "{notes}");
    assert!(notes.contains("configuration accepts [\"addsink\", service]"), "{notes}");
    assert_eq!(sinks(&system), 0);
    assert!(matches!(system.state(SPLITTER), State::Waiting(_)));
}

#[test]
fn split_3_both_control_messages_are_passed_on_and_end_it() {
    for end in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = splitter(&[]);
        plug(&mut system, 10, "Pass");
        system.run();
        system.put(SPLITTER, "inbox", "tail");
        system.put(SPLITTER, "control", end.clone());
        system.run();
        let dropped = end == Message::Shutdown;
        assert_eq!(system.printed_by(11).is_empty(), dropped, "{end:?}: {:?}", system.printed());
        for id in [SPLITTER, 10, 11, 2] {
            assert_eq!(system.state(id), State::Finished, "c{id} after {end:?}");
        }
    }
}

#[test]
fn split_3_a_splitter_with_a_source_ends_when_the_source_ends() {
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
    assert_eq!((system.printed_by(2), system.state(SPLITTER)), (vec!["only text".to_owned()], State::Finished));
}

#[test]
fn split_4_a_plug_passes_its_output_on_and_unplugs_when_it_ends() {
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
fn split_4_a_plug_waits_for_its_splitter_and_also_receives_on_its_own_inbox() {
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
fn split_5_a_sink_only_receives_messages_processed_after_it_was_added() {
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
fn split_6_the_inbox_policy_of_a_full_sink_decides_whether_to_wait_or_drop() {
    for (policy, waits, kept) in [
        (FullPolicy::Block, true, ["a", "b"]),
        (FullPolicy::DropOldest, false, ["c", "d"]),
        (FullPolicy::DropNewest, false, ["a", "b"]),
    ] {
        let mut system = splitter(&[]);
        // A sink that does not receive, because it is paused.
        system.start(3, "Subscribe", &[("service", "S".into())]);
        system.run();
        system.limit(3, InboxLimit { capacity: Some(2), policy });
        system.scheduler.handle().try_send(RuntimeCommand::PauseComponent(ComponentId(3), true)).unwrap();
        for text in ["a", "b", "c", "d"] {
            system.put(SPLITTER, "inbox", text);
        }
        system.run();
        assert_eq!(system.printed_by(2).len() < 4, waits, "{policy:?}: {:?}", system.printed());
        assert!(matches!(system.state(SPLITTER), State::Waiting(_)), "{policy:?}");
        let waiting = system.scheduler.take_all(&BoxAddr::inbox(ComponentId(3), "inbox"));
        let waiting: Vec<String> = waiting.iter().map(ToString::to_string).collect();
        assert_eq!(waiting, kept, "{policy:?}");
    }
}
