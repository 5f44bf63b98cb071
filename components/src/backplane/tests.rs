//! Tests of a complete bus: publishers, bus and subscribers in one scheduler. Test names start with the rules they
//! cover.
#![allow(clippy::unwrap_used)]

use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::Message;
use compose_runtime::scheduler::RunEnd;

use super::{inbox_service, outbox_service};
use crate::test_system::System;

const SENDER: (&str, &str) = ("PublishTo", "destination");
const BUS: (&str, &str) = ("Backplane", "name");
const LISTENER: (&str, &str) = ("SubscribeTo", "source");

impl System {
    /// Starts one of the three component types of a bus, using the bus with this name.
    fn part(&mut self, id: u64, (type_name, setting): (&str, &str), bus: &str) {
        self.start(id, type_name, &[(setting, bus.into())]);
    }

    fn waits(&self, id: u64) -> bool {
        matches!(self.state(id), State::Waiting(_))
    }
}

/// A bus, a subscriber whose messages `c3` prints, and two publishers. `c6` prints what component `of` sends on
/// `signal`.
fn bus_with_two_publishers(of: u64) -> System {
    let mut system = System::new();
    system.part(1, BUS, "A");
    system.part(2, LISTENER, "A");
    system.printer(3, 2);
    system.part(4, SENDER, "A");
    system.part(5, SENDER, "A");
    system.start(6, "ConsoleEchoer", &[]);
    system.wire(of, "signal", 6, "inbox");
    system.run();
    system
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn back_1_cat_11_a_bus_registers_two_services_while_it_runs() {
    assert_eq!((inbox_service("A"), outbox_service("A")), ("Backplane_I_A".to_owned(), "Backplane_O_A".to_owned()));
    let mut system = System::new();
    system.part(1, BUS, "A");
    system.part(2, LISTENER, "A");
    system.printer(3, 2);
    system.run();
    system.start(4, "ToService", &[("service", "Backplane_I_A".into())]);
    system.lines(5, &["by name"], 4);
    assert_eq!(system.run(), RunEnd::Ended);
    assert_eq!(system.printed_by(3), ["by name"]);
    // It has ended, so its service names are free again.
    system.part(6, BUS, "A");
    system.run();
    assert!(system.waits(6), "{:?}", system.state(6));
}

#[test]
fn back_3_a_forwarder_also_sends_a_copy_to_its_own_outbox() {
    for forwarder in [false, true] {
        let mut system = System::new();
        system.part(1, BUS, "A");
        system.part(2, LISTENER, "A");
        system.printer(3, 2);
        system.start(4, "PublishTo", &[("destination", "A".into()), ("forwarder", forwarder.into())]);
        system.printer(5, 4);
        system.run();
        system.lines(6, &["one", "two"], 4);
        assert_eq!(system.run(), RunEnd::Ended);
        assert_eq!(system.printed_by(3), ["one", "two"]);
        let copies = if forwarder { vec!["one", "two"] } else { Vec::new() };
        assert_eq!(system.printed_by(5), copies);
    }
}

#[test]
fn back_5_every_subscriber_receives_everything_in_order_for_any_start_order() {
    for (sender, bus, listener) in [(1, 2, 3), (3, 2, 1), (2, 3, 1), (2, 1, 3)] {
        let mut system = System::new();
        for id in 1..=3 {
            match id {
                id if id == sender => system.part(id, SENDER, "A"),
                id if id == bus => system.part(id, BUS, "A"),
                id => system.part(id, LISTENER, "A"),
            }
        }
        system.part(4, LISTENER, "A");
        system.printer(5, listener);
        system.printer(6, 4);
        // The publisher is running before the lines are sent, because nothing is kept for later subscribers.
        system.run();
        system.lines(7, &["one", "two"], sender);
        assert_eq!(system.run(), RunEnd::Ended);
        for printer in [5, 6] {
            assert_eq!(system.printed_by(printer), ["one", "two"]);
        }
    }
}

#[test]
fn back_5_nothing_is_kept_for_later_subscribers() {
    let mut system = System::new();
    system.part(1, BUS, "A");
    system.part(2, SENDER, "A");
    system.part(3, SENDER, "A");
    system.run();
    system.lines(4, &["early"], 2);
    system.run();
    system.part(5, LISTENER, "A");
    system.printer(6, 5);
    system.run();
    system.lines(7, &["late"], 3);
    assert_eq!(system.run(), RunEnd::Ended);
    assert_eq!(system.printed_by(6), ["late"]);
}

#[test]
fn back_4_publisher_and_subscriber_wait_for_a_bus_that_starts_later() {
    let mut system = System::new();
    system.part(1, SENDER, "A");
    system.part(2, LISTENER, "A");
    system.lines(3, &["kept"], 1);
    system.printer(4, 2);
    system.run();
    assert!(system.waits(1), "{:?}", system.state(1));
    system.part(5, BUS, "A");
    assert_eq!(system.run(), RunEnd::Ended);
    assert_eq!(system.state(5), State::Finished);
}

#[test]
fn back_2_a_second_bus_with_the_same_name_crashes_with_the_reason() {
    let mut system = System::new();
    system.part(1, BUS, "A");
    system.part(2, BUS, "B");
    system.part(3, BUS, "A");
    system.run();
    match system.state(3) {
        State::Crashed(error) => assert!(error.contains("already a Backplane named A"), "{error}"),
        other => panic!("{other:?}"),
    }
    assert!(system.waits(1) && system.waits(2));
}

#[test]
fn a_bus_ends_with_its_last_publisher_unless_it_is_kept_open() {
    for keep_open in [false, true] {
        let mut system = System::new();
        system.start(1, "Backplane", &[("name", "A".into()), ("keep_open", keep_open.into())]);
        system.part(2, LISTENER, "A");
        system.printer(3, 2);
        system.part(4, SENDER, "A");
        system.run();
        system.lines(5, &["first"], 4);
        system.run();
        assert_eq!(system.state(4), State::Finished);
        assert_eq!(system.state(1) == State::Finished, !keep_open, "{:?}", system.state(1));
        assert_eq!(system.state(2) == State::Finished, !keep_open, "{:?}", system.state(2));
        if keep_open {
            system.part(6, SENDER, "A");
            system.lines(7, &["second"], 6);
            system.run();
            assert_eq!(sorted(system.printed()), ["c3: first", "c3: second"]);
        }
    }
}

#[test]
fn back_6_a_publisher_asked_to_end_announces_it_and_the_bus_continues() {
    for ending in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = bus_with_two_publishers(4);
        system.put(4, "control", ending.clone());
        system.run();
        assert_eq!((system.state(4), system.printed_by(6)), (State::Finished, vec![ending.to_string()]));
        assert!(system.waits(1) && system.waits(2) && system.waits(5));
        system.lines(7, &["still here"], 5);
        system.run();
        assert_eq!(system.printed_by(3), ["still here"]);
    }
}

#[test]
fn back_7_a_subscriber_asked_to_end_announces_it_and_the_others_continue() {
    for ending in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = bus_with_two_publishers(2);
        system.part(7, LISTENER, "A");
        system.printer(8, 7);
        system.run();
        system.put(2, "control", ending.clone());
        system.run();
        assert_eq!((system.state(2), system.printed_by(6)), (State::Finished, vec![ending.to_string()]));
        assert!(system.waits(1) && system.waits(4) && system.waits(7));
        system.lines(9, &["after it left"], 4);
        system.run();
        assert_eq!((system.printed_by(3), system.printed_by(8)), (Vec::new(), vec!["after it left".to_owned()]));
    }
}

#[test]
fn back_8_a_bus_asked_to_end_ends_its_subscribers_but_not_its_publishers() {
    for ending in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = bus_with_two_publishers(2);
        system.put(1, "control", ending);
        system.run();
        assert_eq!((system.state(1), system.state(2)), (State::Finished, State::Finished));
        assert_eq!(system.printed_by(6), ["producer finished"], "the subscriber announces the end of its stream");
        assert!(system.waits(4) && system.waits(5));
        system.lines(7, &["discarded"], 4);
        system.run();
        assert_eq!((system.state(4), system.printed_by(3)), (State::Finished, Vec::new()));
        system.part(8, BUS, "A");
        system.run();
        assert!(system.waits(8), "the names are free: {:?}", system.state(8));
    }
}
