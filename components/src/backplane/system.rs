//! Tests of a whole bus: publishers, bus and subscribers in one scheduler.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

const SENDER: (&str, &str) = ("PublishTo", "destination");
const BUS: (&str, &str) = ("Backplane", "name");
const LISTENER: (&str, &str) = ("SubscribeTo", "source");

/// A scheduler that is filled step by step, with everything printed to its console.
struct System {
    scheduler: Scheduler,
    console: Rc<RefCell<Vec<String>>>,
}

impl System {
    fn new() -> Self {
        let console = Rc::new(RefCell::new(Vec::new()));
        let lines = console.clone();
        let mut config = SchedulerConfig::new(crate::registry());
        config.clock = ClockKind::Virtual;
        config.console = Box::new(move |who, line| lines.borrow_mut().push(format!("{who}: {line}")));
        Self { scheduler: Scheduler::new(config), console }
    }

    fn start(&mut self, id: u64, type_name: &str, params: &[(&str, Message)]) {
        let params: BTreeMap<String, Message> =
            params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let desc = ComponentDesc {
            name: format!("c{id}").into(),
            body: ComponentBody::Leaf { type_name: type_name.into(), params },
            parent: None,
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
        };
        self.change(Step::Start { id: ComponentId(id), desc });
    }

    /// One of the three parts of a bus, on the bus of this name.
    fn part(&mut self, id: u64, (type_name, setting): (&str, &str), bus: &str) {
        self.start(id, type_name, &[(setting, bus.into())]);
    }

    /// Sends these lines through the PublishTo `publisher`, and ends.
    fn lines(&mut self, id: u64, lines: &[&str], publisher: u64) {
        let list = Message::list(lines.iter().map(Message::text));
        self.start(id, "DataSource", &[("messages", list)]);
        self.link(id, publisher);
    }

    /// Prints what the SubscribeTo `listener` hears.
    fn printer(&mut self, id: u64, listener: u64) {
        self.start(id, "ConsoleEchoer", &[]);
        self.link(listener, id);
    }

    fn link(&mut self, from: u64, to: u64) {
        let (from, to) = (BoxAddr::outbox(ComponentId(from), "outbox"), BoxAddr::inbox(ComponentId(to), "inbox"));
        self.change(Step::Link { linkage: LinkageDesc { from, to } });
    }

    fn change(&mut self, step: Step) {
        for outcome in self.scheduler.reconfigure(1, vec![step]) {
            assert_eq!(outcome.error, None);
        }
    }

    fn run(&mut self) -> RunEnd {
        let until = self.scheduler.now() + Duration::from_secs(10);
        self.scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() })
    }

    fn state(&self, id: u64) -> State {
        self.scheduler.snapshot().component(ComponentId(id)).unwrap().state.clone()
    }

    fn printed(&self) -> Vec<String> {
        let mut lines = self.console.borrow().clone();
        lines.sort();
        lines
    }
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
        assert_eq!(system.printed(), ["c5: one", "c5: two", "c6: one", "c6: two"]);
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
            assert_eq!(system.printed(), ["c3: first", "c3: second"]);
        }
    }
}
