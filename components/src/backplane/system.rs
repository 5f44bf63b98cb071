//! Tests of a whole bus: publishers, bus and subscribers in one scheduler.
#![allow(clippy::unwrap_used)]

use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::RunEnd;

use crate::system::System;

const SENDER: (&str, &str) = ("PublishTo", "destination");
const BUS: (&str, &str) = ("Backplane", "name");
const LISTENER: (&str, &str) = ("SubscribeTo", "source");

impl System {
    /// One of the three parts of a bus, on the bus of this name.
    fn part(&mut self, id: u64, (type_name, setting): (&str, &str), bus: &str) {
        self.start(id, type_name, &[(setting, bus.into())]);
    }
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn every_subscriber_hears_everything_in_whatever_order_they_start() {
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
        // The publisher is up when the lines begin: nothing is kept for those who subscribe later.
        system.run();
        system.lines(7, &["one", "two"], sender);
        assert_eq!(system.run(), RunEnd::Ended);
        assert_eq!(sorted(system.printed()), ["c5: one", "c5: two", "c6: one", "c6: two"]);
    }
}

#[test]
fn publisher_and_subscriber_wait_for_a_bus_that_starts_later() {
    let mut system = System::new();
    system.part(1, SENDER, "A");
    system.part(2, LISTENER, "A");
    system.lines(3, &["kept"], 1);
    system.printer(4, 2);
    system.run();
    assert!(matches!(system.state(1), State::Waiting(_)), "{:?}", system.state(1));
    system.part(5, BUS, "A");
    assert_eq!(system.run(), RunEnd::Ended);
    assert_eq!(system.state(5), State::Finished);
}

#[test]
fn a_second_bus_of_the_same_name_is_refused_in_words() {
    let mut system = System::new();
    system.part(1, BUS, "A");
    system.part(2, BUS, "B");
    system.part(3, BUS, "A");
    system.run();
    match system.state(3) {
        State::Crashed(words) => assert!(words.contains("already a Backplane named A"), "{words}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(system.state(1), State::Waiting(_)) && matches!(system.state(2), State::Waiting(_)));
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
