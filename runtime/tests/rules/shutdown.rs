//! Section 11, shutdown: R9 makes the protocol hold for every component.

use std::time::Duration;

use compose_runtime::command::RuntimeCommand;
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::scheduler::RunEnd;

use crate::world::*;

/// Links `signal` of one component to `control` of another, like a chassis of the original.
fn chain_control(world: &mut World, from: ComponentId, to: ComponentId) {
    world.link(data(from, "signal", to, "control"));
}

/// A component that keeps the messages on its `second` inbox.
fn listener(world: &mut World, to: ComponentId) -> ComponentId {
    let listener = world.idle("listener");
    world.link(data(to, "signal", listener, "second"));
    listener
}

#[test]
fn shut_2_a_source_without_more_data_announces_a_finish_after_its_last_message() {
    let mut world = World::default();
    let source = world.sender("source", &["a", "b"]);
    let sink = world.idle("sink");
    world.link(data(source, "outbox", sink, "second"));
    world.link(data(source, "signal", sink, "second"));
    world.settle();
    assert_eq!(world.take(sink, "second"), ["a", "b", "producer finished"]);
}

#[test]
fn shut_3_shut_6_a_finish_takes_effect_after_the_waiting_messages() {
    let mut world = World::default();
    let pass = world.pass_through("pass");
    let sink = world.idle("sink");
    world.link(data(pass, "outbox", sink, "second"));
    world.link(data(pass, "signal", sink, "second"));
    world.finish(pass);
    for text in ["a", "b", "c"] {
        world.put(pass, "inbox", text);
    }
    world.settle();
    assert_eq!(world.take(sink, "second"), ["a", "b", "c", "producer finished"]);
    assert!(world.has_finished(pass));
}

#[test]
fn shut_4_a_shutdown_is_passed_on_at_once_and_outranks_a_finish() {
    let mut world = World::default();
    let pass = world.pass_through("pass");
    let heard = listener(&mut world, pass);
    world.put(pass, "inbox", "dropped");
    world.finish(pass);
    world.shut_down(pass);
    world.settle();
    assert_eq!(world.take(heard, "second"), ["shutdown"]);
    assert_eq!(world.inbox(pass, "inbox").dropped, 1);
}

#[test]
fn shut_7_shut_10_no_component_downstream_waits_for_ever() {
    let ends: [fn(&mut World) -> ComponentId; 4] = [
        |world| world.source("returns", |_| async { Ok(()) }),
        |world| world.source("fails", |_| async { Err(Fault::new("on purpose")) }),
        |world| world.source("panics", |_| async { std::panic::resume_unwind(Box::new("on purpose")) }),
        |world| {
            let id = world.source("is stopped", |_| std::future::pending());
            world.command(RuntimeCommand::StopComponent(id));
            id
        },
    ];
    for end in ends {
        let mut world = World::default();
        let id = end(&mut world);
        let (printer, controlled) = (world.printer("printer"), world.printer("controlled"));
        world.wire(id, printer);
        chain_control(&mut world, id, controlled);
        assert_eq!(world.run(), RunEnd::Ended, "{}", world.name(id));
        assert_eq!(world.console(), ["end", "end"]);
    }
}

#[test]
fn shut_10_the_announcement_is_made_once_even_if_the_component_makes_it_itself() {
    for announce in [Message::ProducerFinished, Message::Shutdown] {
        for waits in [true, false] {
            let mut world = World::default();
            let own = announce.clone();
            let polite = world.source("polite", move |io| {
                let own = own.clone();
                async move {
                    if waits {
                        io.send("signal", own).await;
                    } else {
                        io.try_send("signal", own).unwrap();
                    }
                    Ok(())
                }
            });
            let heard = listener(&mut world, polite);
            world.settle();
            assert_eq!(world.take(heard, "second"), [announce.to_string()], "waits: {waits}");
        }
    }
}

#[test]
fn shut_9_one_rule_for_every_kind_of_component() {
    let kinds: [fn(&mut World) -> ComponentId; 5] = [
        |world| world.pass_through("pass"),
        |world| {
            world.source("source", |io| async move {
                loop {
                    io.sleep(Duration::from_secs(1)).await;
                }
            })
        },
        |world| world.composite("composite"),
        |world| {
            world.thread("thread", |mut io| {
                while io.recv("inbox").is_some() {}
                Ok(())
            })
        },
        |world| {
            world.add("picks", |io| async move {
                while io.recv_any(&["inbox", "second"]).await.is_some() {}
                Ok(())
            })
        },
    ];
    for make in kinds {
        for (message, passed_on) in [(Message::ProducerFinished, "producer finished"), (Message::Shutdown, "shutdown")]
        {
            let mut world = World::default();
            let id = make(&mut world);
            let heard = listener(&mut world, id);
            if world.name(id) == "composite" {
                // A composite without members would end before it receives the message.
                let member = world.pass_through("member");
                world.join(member, id);
            }
            // The rule is the same whether the component sleeps or works.
            world.settle();
            world.put(id, "control", message);
            world.settle();
            while !world.has_finished(id) {
                // A thread needs a moment to end.
                std::thread::yield_now();
                world.settle();
            }
            assert_eq!(world.take(heard, "second"), [passed_on], "{}", world.name(id));
        }
    }
}

#[test]
fn the_end_of_a_stream_travels_along_data_links() {
    let mut world = World::default();
    let (source, pass, printer) =
        (world.sender("source", &["a"]), world.pass_through("pass"), world.printer("printer"));
    world.wire(source, pass);
    world.wire(pass, printer);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["a", "end"]);
}
