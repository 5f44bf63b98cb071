//! Snapshots are correct: counters add up, a step moves exactly one thing, and observing changes nothing.

use compose_runtime::command::{RuntimeCommand, StepSize};
use compose_runtime::introspect::snapshot::{RunState, Snapshot};
use compose_tests::system::System;

fn chain() -> System {
    System::paused()
        .with("numbers", "TestNumbers", &[("count", 1000.into())])
        .with("between", "PassThrough", &[])
        .with("sum", "TestSum", &[])
        .linked(&["numbers.outbox -> between.inbox", "between.outbox -> sum.inbox"])
}

fn assert_counters_add_up(snapshot: &Snapshot) {
    for component in &snapshot.components {
        for inbox in &component.inboxes {
            let known = inbox.taken + inbox.depth as u64 + inbox.dropped;
            assert!(inbox.arrived == known, "{}: {inbox:?}", component.name);
        }
        let sent: u64 = component.outboxes.iter().map(|outbox| outbox.sent).sum();
        assert_eq!(component.sent, sent, "{}", component.name);
    }
    let delivered: u64 = snapshot.linkages.iter().map(|link| link.delivered).sum();
    assert_eq!(snapshot.deliveries, delivered);
}

#[test]
fn counters_add_up_after_every_turn() {
    let turns = |snapshot: &Snapshot| snapshot.components.iter().map(|view| view.turns).sum::<u64>();
    let system = chain();
    for _ in 0..30 {
        let before = turns(&system.snapshot());
        system.send(RuntimeCommand::Advance(StepSize::Turn));
        let snapshot = system.wait("a turn", |snapshot| turns(snapshot) > before);
        assert_eq!(turns(&snapshot), before + 1, "a turn step makes exactly one turn");
        assert_counters_add_up(&snapshot);
    }
    assert_counters_add_up(&system.run_to_end());
}

#[test]
fn every_message_that_was_sent_has_arrived_at_the_end() {
    let system = chain();
    let snapshot = system.run_to_end();
    for link in ["numbers.outbox -> between.inbox", "between.outbox -> sum.inbox"] {
        assert_eq!(system.link_view(&snapshot, link).delivered, 1000);
    }
    assert_eq!(system.lines("sum"), ["1000 500500"]);
}

#[test]
fn a_delivery_step_makes_exactly_one_delivery() {
    let system = chain();
    for expected in 1..=30 {
        system.send(RuntimeCommand::Advance(StepSize::Delivery));
        let snapshot = system.wait("a delivery", |snapshot| snapshot.deliveries >= expected);
        assert_eq!(snapshot.deliveries, expected);
        assert_eq!(snapshot.run, RunState::Paused);
    }
}

#[test]
fn a_tap_keeps_messages_only_while_it_is_on() {
    let system = chain();
    let linkage = system.linkage("between.outbox -> sum.inbox");
    system.send(RuntimeCommand::Tap { linkage: linkage.clone(), on: true });
    let snapshot = system.run_to_end();
    let link = system.link_view(&snapshot, "between.outbox -> sum.inbox");
    let tap = link.tap.as_ref().expect("the link is tapped");
    assert_eq!(tap.len(), 1000);
    assert_eq!(tap.last().unwrap().message, 1000.into());
    system.send(RuntimeCommand::Tap { linkage, on: false });
    system.wait("the tap to close", |snapshot| system.link_view(snapshot, "between.outbox -> sum.inbox").tap.is_none());
}

#[test]
fn a_full_inbox_makes_its_sender_wait() {
    let system = chain();
    system.send(RuntimeCommand::PauseComponent(system.id("sum"), true));
    system.resume();
    let snapshot = system.wait("both senders to wait", |snapshot| {
        system.view(snapshot, "numbers").state.name() == "waiting"
            && system.view(snapshot, "between").state.name() == "waiting"
    });
    let depth = |name| system.view(&snapshot, name).inboxes.iter().map(|inbox| inbox.depth).max();
    assert_eq!((depth("between"), depth("sum")), (Some(100), Some(100)));
    assert_counters_add_up(&snapshot);
}

#[test]
fn an_injected_message_arrives() {
    let system = System::paused().with("echo", "ConsoleEchoer", &[]);
    system.resume();
    let inbox = compose_runtime::ids::BoxAddr::inbox(system.id("echo"), "inbox");
    system.send(RuntimeCommand::Inject { inbox, message: "by hand".into() });
    system.wait("the message to be received", |snapshot| system.view(snapshot, "echo").received == 1);
    assert_eq!(system.lines("echo"), ["by hand"]);
}
