//! Section 1, boxes: declaring, sending, receiving, order and loss. Limits are in `boxes_limits`.

use std::sync::Arc;

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::ids::BoxAddr;
use compose_runtime::introspect::snapshot::State;

use crate::world::*;

#[test]
fn box_2_only_declared_boxes_exist_besides_control_and_signal() {
    let mut world = World::default();
    let bare = world.start(desc("bare", "Bare", [("script".to_owned(), script(|_| async { Ok(()) }))].into()));
    let view = world.view(bare);
    assert_eq!(view.inboxes.iter().map(|inbox| &*inbox.name).collect::<Vec<_>>(), ["control"]);
    assert_eq!(view.outboxes.iter().map(|outbox| &*outbox.name).collect::<Vec<_>>(), ["signal"]);
}

#[test]
fn box_3_an_inbox_and_an_outbox_may_share_a_name() {
    let mut world = World::default();
    let both = world.start(composite_desc("both", &["data"], &["data"]));
    let source = world.sender("source", &["in"]);
    let member = world.pass_through("member");
    let sink = world.idle("sink");
    world.join(member, both);
    world.link(data(source, "outbox", both, "data"));
    world.link(inward(both, "data", member, "inbox"));
    world.link(outward(member, "outbox", both, "data"));
    world.link(data(both, "data", sink, "inbox"));
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["in"]);
}

#[test]
fn box_4_a_name_may_be_any_text_including_the_empty_text() {
    let mut world = World::default();
    let odd = world.start(composite_desc("odd", &["", "two words", "_wiring"], &["é"]));
    for name in ["", "two words", "_wiring"] {
        world.put(odd, name, "a");
        assert_eq!(world.depth(odd, name), 1);
    }
}

#[test]
fn box_5_boxes_exist_before_the_first_turn() {
    let mut world = World::default();
    let printer = world.printer("printer");
    world.put(printer, "inbox", "early");
    assert_eq!(world.state(printer), State::Ready);
    let source = world.sender("source", &["late"]);
    world.wire(source, printer);
    world.run();
    assert_eq!(world.console(), ["early", "late", "end"]);
}

#[test]
fn box_6_boxes_are_listed_in_order_of_declaration_then_of_addition() {
    let mut world = World::default();
    let id = world.add("grows", |io| async move {
        io.add_inbox("zebra");
        io.add_inbox("ape");
        io.recv("control").await;
        Ok(())
    });
    world.settle();
    let names: Vec<String> = world.view(id).inboxes.iter().map(|inbox| inbox.name.to_string()).collect();
    assert_eq!(names, ["inbox", "second", "control", "zebra", "ape"]);
}

#[test]
fn box_7_a_message_has_arrived_when_send_returns() {
    let mut world = World::default();
    let composite = world.composite("composite");
    let sink = world.idle("sink");
    let source = world.source("source", |io| async move {
        io.send("outbox", "a").await;
        io.sleep(std::time::Duration::from_secs(1)).await;
        Ok(())
    });
    world.link(data(source, "outbox", composite, "inbox"));
    world.link(inward(composite, "inbox", sink, "inbox"));
    // The composite and the sink get their first turns before the source.
    for _ in 0..3 {
        assert_eq!(world.depth(sink, "inbox"), 0);
        world.step(StepSize::Turn);
    }
    assert_eq!(world.depth(sink, "inbox"), 1);
}

#[test]
fn box_8_the_payload_itself_arrives_and_the_sender_no_longer_owns_it() {
    let mut world = World::default();
    let payload: Arc<str> = "shared".into();
    let sent = payload.clone();
    let source = world.source("source", move |io| {
        let sent = sent.clone();
        async move {
            // `send` moves the message: using it again would not compile.
            io.send("outbox", Message::Text(sent)).await;
            Ok(())
        }
    });
    let sinks = [world.idle("one"), world.idle("two")];
    for sink in sinks {
        world.wire(source, sink);
    }
    world.settle();
    for sink in sinks {
        let arrived = world.scheduler.take_all(&BoxAddr::inbox(sink, "inbox"));
        let [Message::Text(text)] = arrived.as_slice() else { panic!("{arrived:?}") };
        assert!(Arc::ptr_eq(text, &payload));
    }
}

#[test]
fn box_9_an_outbox_without_a_link_discards_and_counts() {
    let mut world = World::default();
    let source = world.sender("source", &["lost", "lost too"]);
    let sink = world.idle("sink");
    world.settle();
    world.wire(source, sink);
    world.settle();
    assert_eq!(world.depth(sink, "inbox"), 0);
    assert_eq!((world.outbox(source, "outbox").sent, world.outbox(source, "outbox").discarded), (2, 2));
}

#[test]
fn is_linked_reports_whether_an_outbox_has_a_link() {
    let mut world = World::default();
    let source = world.source("source", |io| async move {
        for _ in 0..2 {
            io.print(&format!("linked: {}", io.is_linked("outbox")));
            io.recv("control").await;
        }
        Ok(())
    });
    let sink = world.idle("sink");
    world.settle();
    world.wire(source, sink);
    world.put(source, "control", 1);
    world.settle();
    assert_eq!(world.console(), ["linked: false", "linked: true"]);
}

#[test]
fn box_11_the_error_for_an_unknown_outbox_names_box_and_component() {
    let mut world = World::default();
    let id = world.source("source", |io| async move {
        io.send("typo", 1).await;
        Ok(())
    });
    world.run();
    assert_eq!(world.crash(id), "source has no outbox named typo");
}

#[test]
fn box_13_try_recv_returns_the_oldest_message_without_waiting() {
    let mut world = World::default();
    let id = world.add("taker", |io| async move {
        io.print(&format!("{:?}", io.try_recv("inbox")));
        io.print(&format!("{:?}", io.try_recv("second")));
        io.try_recv("typo");
        Ok(())
    });
    world.put(id, "inbox", 1);
    world.put(id, "inbox", 2);
    world.run();
    assert_eq!(world.console(), ["Some(Int(1))", "None"]);
    assert_eq!(world.crash(id), "taker has no inbox named typo");
}

#[test]
fn box_14_depth_is_the_number_of_waiting_messages() {
    let mut world = World::default();
    let id = world.add("counter", |io| async move {
        io.print(&format!("{} {}", io.depth("inbox"), io.depth("second")));
        io.depth("typo");
        Ok(())
    });
    world.put(id, "inbox", 1);
    world.put(id, "inbox", 2);
    world.run();
    assert_eq!(world.console(), ["2 0"]);
    assert_eq!(world.crash(id), "counter has no inbox named typo");
}

#[test]
fn box_15_any_ready_names_the_first_inbox_that_holds_a_message() {
    let mut world = World::default();
    let id = world.add("looker", |io| async move {
        io.print(&format!("{:?}", io.any_ready()));
        io.try_recv("second");
        io.print(&format!("{:?}", io.any_ready()));
        io.try_recv("control");
        io.print(&format!("{:?}", io.any_ready()));
        Ok(())
    });
    world.put(id, "second", 1);
    world.put(id, "control", "word");
    world.run();
    assert_eq!(world.console(), ["Some(\"second\")", "Some(\"control\")", "None"]);
}

#[test]
fn box_16_drain_includes_messages_that_arrive_meanwhile() {
    let mut world = World::default();
    let id = world.add("self-feeder", |io| async move {
        for message in io.drain("inbox") {
            if message == Message::Int(1) {
                io.try_send("outbox", 3).unwrap();
            }
            io.print(&message.to_string());
        }
        Ok(())
    });
    world.wire(id, id);
    world.put(id, "inbox", 1);
    world.put(id, "inbox", 2);
    world.run();
    assert_eq!(world.console(), ["1", "2", "3"]);
}

#[test]
fn box_17_box_18_an_inbox_linked_onward_is_empty_to_its_owner() {
    let mut world = World::default();
    let middle = world.add("middle", |io| async move {
        io.print(&format!("{} {:?}", io.depth("inbox"), io.try_recv("inbox")));
        Ok(())
    });
    let sink = world.idle("sink");
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.put(middle, "inbox", "through");
    world.settle();
    assert_eq!(world.console(), ["0 None"]);
    assert_eq!(world.take(sink, "inbox"), ["through"]);
}

#[test]
fn box_19_try_put_is_an_arrival_with_forwarding_and_limits() {
    let mut world = World::default();
    let (middle, sink) = (world.composite("middle"), world.idle("sink"));
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.cap(sink, 1);
    let inbox = BoxAddr::inbox(middle, "inbox");
    assert_eq!(world.scheduler.try_put(&inbox, 1.into()), Ok(()));
    assert_eq!(world.scheduler.try_put(&inbox, 2.into()), Err(Message::Int(2)));
    assert_eq!(world.take(sink, "inbox"), ["1"]);
}

#[test]
fn box_29_messages_arrive_in_order_of_sending_over_all_outboxes_and_senders() {
    let mut world = World::default();
    let both = |name: &'static str| {
        move |io: BoxIo| async move {
            for (number, outbox) in ["outbox", "other", "outbox"].into_iter().enumerate() {
                io.send(outbox, format!("{name}{number}")).await;
                io.yield_now().await;
            }
            Ok(())
        }
    };
    let (a, b) = (world.source("a", both("a")), world.source("b", both("b")));
    let sink = world.idle("sink");
    for source in [a, b] {
        world.wire(source, sink);
        world.link(data(source, "other", sink, "inbox"));
    }
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["a0", "b0", "a1", "b1", "a2", "b2"]);
}

#[test]
fn box_30_there_is_no_order_between_inboxes() {
    let mut world = World::default();
    let id = world.add("picks", |io| async move {
        for inbox in ["second", "inbox"] {
            if let Some(message) = io.recv(inbox).await {
                io.print(&message.to_string());
            }
        }
        Ok(())
    });
    world.put(id, "inbox", "older");
    world.put(id, "second", "newer");
    world.run();
    assert_eq!(world.console(), ["newer", "older"]);
}

#[test]
fn box_31_messages_dropped_at_an_end_are_counted() {
    let mut world = World::default();
    let quits = world.add("quits", |io| async move {
        io.recv("inbox").await;
        Ok(())
    });
    for text in ["taken", "left", "left"] {
        world.put(quits, "inbox", text);
    }
    world.settle();
    let inbox = world.inbox(quits, "inbox");
    assert_eq!((inbox.arrived, inbox.taken, inbox.dropped), (3, 1, 2));
    world.put(quits, "inbox", "too late");
    assert_eq!(world.inbox(quits, "inbox").dropped, 3);
}

#[test]
fn box_32_a_tap_sees_every_delivery_and_changes_nothing() {
    let mut world = World::default();
    let source = world.sender("source", &["a", "b", "c"]);
    let sink = world.idle("sink");
    world.cap(sink, 2);
    let linkage = data(source, "outbox", sink, "inbox");
    world.steps(vec![Step::Link { linkage: linkage.clone() }]);
    world.command(RuntimeCommand::Tap { linkage, on: true });
    world.settle();
    let snapshot = world.scheduler.snapshot();
    let tap = snapshot.linkages[0].tap.clone().unwrap();
    assert_eq!(tap.iter().map(|sample| sample.message.to_string()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(world.depth(sink, "inbox"), 2, "the limit holds");
    assert!(matches!(world.state(source), State::Waiting(_)));
}
