//! Tests of the services family, named after the rules they cover.

use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::Message;
use compose_runtime::scheduler::RunEnd;

use crate::test_system::System;

/// Registers the service `D`; c2 prints what is sent to it.
fn display(system: &mut System, params: &[(&str, Message)]) {
    let mut all = vec![("services", Message::list([Message::text("D")]))];
    all.extend_from_slice(params);
    system.start(1, "RegisterService", &all);
    system.start(2, "ConsoleEchoer", &[]);
    system.wire(1, "D", 2, "inbox");
}

fn sender(system: &mut System, id: u64, lines: &[&str]) {
    system.start(id, "ToService", &[("service", "D".into())]);
    system.lines(id + 1, lines, id);
}

#[test]
fn svc_1_an_inbox_is_found_by_name_and_a_second_use_of_a_name_is_refused() {
    let mut system = System::new();
    display(&mut system, &[]);
    system.start(3, "RegisterService", &[("services", Message::list([Message::text("D")]))]);
    system.run();
    match system.state(3) {
        State::Crashed(error) => assert!(error.contains("already a service named D"), "{error}"),
        other => panic!("{other:?}"),
    }
    sender(&mut system, 4, &["hello"]);
    system.run();
    assert_eq!(system.printed_by(2), ["hello"]);
}

#[test]
fn svc_1_the_service_ends_with_its_last_user_unless_kept_open() {
    for keep_open in [false, true] {
        let mut system = System::new();
        display(&mut system, &[("keep_open", keep_open.into())]);
        sender(&mut system, 4, &["a"]);
        let end = system.run();
        assert_eq!(end == RunEnd::Ended, !keep_open, "{end:?}");
        if keep_open {
            sender(&mut system, 6, &["b"]);
            system.run();
            assert_eq!(system.printed_by(2), ["a", "b"]);
            system.put(1, "control", Message::ProducerFinished);
            assert_eq!(system.run(), RunEnd::Ended);
        }
    }
}

#[test]
fn svc_2_subscribe_asks_passes_on_and_withdraws_its_requests_in_reverse_order() {
    let mut system = System::new();
    display(&mut system, &[]);
    let requests = Message::list([Message::text("x"), Message::Int(7)]);
    system.start(3, "Subscribe", &[("service", "D".into()), ("requests", requests)]);
    system.printer(4, 3);
    system.run();
    system.put(3, "inbox", "news");
    system.put(3, "control", Message::ProducerFinished);
    assert_eq!(system.run(), RunEnd::Ended);
    assert_eq!(system.printed_by(4), ["news"]);
    let requests_sent: Vec<String> =
        system.printed_by(2).iter().map(|line| line.replace("Subscribe_3", "it")).collect();
    let list = |verb: &str, request: Message| Message::list([verb.into(), request, "it".into()]).to_string();
    let expected = [("ADD", "x".into()), ("ADD", 7.into()), ("REMOVE", 7.into()), ("REMOVE", "x".into())];
    assert_eq!(requests_sent, expected.map(|(verb, request)| list(verb, request)));
}

#[test]
fn svc_2_the_provider_finds_the_subscriber_by_its_address() {
    let mut system = System::new();
    system.start(1, "PlugSplitter", &[("name", "NEWS".into())]);
    system.start(3, "Subscribe", &[("service", "NEWS".into())]);
    system.printer(4, 3);
    system.run();
    system.put(1, "inbox", "first");
    system.run();
    assert_eq!(system.printed_by(4), ["first"]);
    system.put(3, "control", Message::Shutdown);
    system.run();
    let left = system.view(1).outboxes.iter().filter(|outbox| outbox.name.starts_with("_sink")).count();
    assert_eq!((system.state(3), left), (State::Finished, 0));
}

#[test]
fn svc_3_messages_to_a_service_arrive_in_order_whatever_the_start_order() {
    for service_first in [true, false] {
        let mut system = System::new();
        if service_first {
            display(&mut system, &[]);
        }
        sender(&mut system, 4, &["a", "b", "c"]);
        system.run();
        if !service_first {
            assert!(matches!(system.state(4), State::Waiting(_)), "{:?}", system.state(4));
            display(&mut system, &[]);
        }
        assert_eq!(system.run(), RunEnd::Ended);
        assert_eq!(system.printed_by(2), ["a", "b", "c"]);
    }
}

#[test]
fn svc_4_both_control_messages_end_all_three_while_nothing_reads_their_output() {
    for order in [Message::ProducerFinished, Message::Shutdown] {
        let mut system = System::new();
        display(&mut system, &[("keep_open", true.into())]);
        system.start(3, "Subscribe", &[("service", "D".into())]);
        system.start(4, "ToService", &[("service", "D".into())]);
        system.start(5, "ToService", &[("service", "nowhere".into())]);
        system.run();
        for id in [3, 4, 5] {
            assert!(matches!(system.state(id), State::Waiting(_)), "c{id}");
            system.put(id, "control", order.clone());
        }
        system.run();
        for id in [3, 4, 5] {
            assert_eq!(system.state(id), State::Finished, "c{id} after {order:?}");
        }
        assert!(matches!(system.state(1), State::Waiting(_)), "the service must continue");
    }
}

#[test]
fn messages_for_a_service_that_never_starts_are_reported() {
    let mut system = System::new();
    sender(&mut system, 4, &["a"]);
    system.run();
    system.put(4, "control", Message::ProducerFinished);
    system.run();
    match system.state(4) {
        State::Crashed(error) => assert!(error.contains("no service named D; 1 messages were not sent"), "{error}"),
        other => panic!("{other:?}"),
    }
}
