//! Section 3, wake-ups.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use compose_runtime::command::{Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;

use crate::world::*;

/// Prints a line at every wake and takes no messages.
async fn notes_wakes(io: BoxIo) -> Outcome {
    loop {
        io.pause().await;
        if io.is_shutting_down() {
            return Ok(());
        }
        io.print(&format!("woken, {} wait", io.depth("inbox")));
    }
}

#[test]
fn wake_1_wake_10_every_arrival_wakes_and_only_an_arrival_does() {
    let mut world = World::default();
    let id = world.add("dozer", notes_wakes);
    world.settle();
    world.put(id, "inbox", 1);
    world.settle();
    world.put(id, "inbox", 2);
    world.settle();
    world.settle();
    assert_eq!(world.console(), ["woken, 1 wait", "woken, 2 wait"], "unread messages do not keep it awake");
}

#[test]
fn wake_2_only_the_owner_of_the_final_sink_is_woken() {
    let mut world = World::default();
    let middle = world.add("middle", notes_wakes);
    let sink = world.add("sink", notes_wakes);
    world.link(inward(middle, "inbox", sink, "inbox"));
    world.settle();
    world.put(middle, "inbox", 1);
    world.settle();
    assert_eq!(world.view(middle).turns, 1);
    assert_eq!(world.view(sink).turns, 2);
}

#[test]
fn wake_3_sending_does_not_wake_the_sender() {
    let mut world = World::default();
    let sender = world.add("sender", |io| async move {
        io.send("outbox", 1).await;
        io.pause().await;
        Ok(())
    });
    let sink = world.idle("sink");
    world.wire(sender, sink);
    world.settle();
    assert_eq!(world.view(sender).turns, 1);
}

#[test]
fn wake_5_the_current_links_determine_which_senders_wake_when_space_frees_up() {
    let mut world = World::default();
    let sink = world.idle("sink");
    world.cap(sink, 0);
    let waits = |world: &mut World, name| {
        world.source(name, |io| async move {
            io.space("outbox").await;
            io.print(&format!("{} continues", io.name()));
            Ok(())
        })
    };
    let (cut, late) = (waits(&mut world, "cut"), waits(&mut world, "late"));
    let elsewhere = world.idle("elsewhere");
    world.cap(elsewhere, 0);
    world.wire(cut, sink);
    world.wire(late, elsewhere);
    world.settle();
    world.unlink(data(cut, "outbox", sink, "inbox"));
    world.wire(cut, elsewhere);
    world.unlink(data(late, "outbox", elsewhere, "inbox"));
    world.wire(late, sink);
    world.settle();
    world.cap(sink, 1);
    world.settle();
    assert_eq!(world.console(), ["late continues"]);
    assert!(matches!(world.state(cut), State::Waiting(_)));
}

#[test]
fn wake_6_the_end_of_a_child_wakes_its_parent() {
    let mut world = World::default();
    let child = script(|io: BoxIo| async move {
        io.sleep(Duration::from_secs(1)).await;
        Ok(())
    });
    world.add("parent", move |io| {
        let params = [("script".to_owned(), child.clone())].into();
        async move {
            io.spawn("child", &SCRIPT, params, Fate::LivesOn).await?;
            io.pause().await;
            io.print(&format!("woken at {:?}", io.now()));
            Ok(())
        }
    });
    world.run();
    assert_eq!(world.console(), ["woken at 1s"]);
}

#[test]
fn wake_8_a_sender_waits_for_space_and_retries() {
    let mut world = World::default();
    let sink = world.add("slow", |io| async move {
        while let Some(message) = io.recv("inbox").await {
            io.print(&message.to_string());
            io.sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    });
    world.cap(sink, 1);
    let source = world.source("source", |io| async move {
        for number in 1..=4 {
            let mut message = Message::Int(number);
            while let Err(back) = io.try_send("outbox", message) {
                message = back;
                io.space("outbox").await;
            }
        }
        Ok(())
    });
    world.wire(source, sink);
    world.run();
    assert_eq!(world.console(), ["1", "2", "3", "4"]);
}

#[test]
fn wake_9_an_unrelated_wake_does_not_end_a_wait() {
    let mut world = World::default();
    let id = world.add("waits", |io| async move {
        let message = io.recv("inbox").await;
        io.print(&format!("{message:?} at {:?}", io.now()));
        Ok(())
    });
    world.settle();
    world.put(id, "control", "not a request");
    world.put(id, "second", 1);
    world.settle();
    assert!(world.console().is_empty());
    world.put(id, "inbox", 2);
    world.settle();
    assert_eq!(world.console(), ["Some(Int(2)) at 0ns"]);
}

#[test]
fn many_messages_before_a_turn_cause_one_wake() {
    let mut world = World::default();
    let id = world.add("dozer", notes_wakes);
    world.settle();
    world.put(id, "inbox", 1);
    world.put(id, "inbox", 2);
    world.step(StepSize::Turn);
    assert_eq!(world.console(), ["woken, 2 wait"]);
    world.settle();
    assert_eq!(world.view(id).turns, 2);
}

#[test]
fn a_foreign_future_wakes_its_own_component_only() {
    const WAITING: usize = 300;
    let mut world = World::default();
    let add = |world: &mut World| {
        let (sender, receiver) = async_channel::bounded::<i64>(1);
        let id = world.add("waits", move |io| {
            let receiver = receiver.clone();
            async move {
                while let Ok(number) = receiver.recv().await {
                    io.print(&number.to_string());
                }
                Ok(())
            }
        });
        (id, sender)
    };
    let all: Vec<_> = (0..WAITING).map(|_| add(&mut world)).collect();
    world.settle();
    let turns = |world: &World| -> u64 { world.scheduler.snapshot().components.iter().map(|view| view.turns).sum() };
    let before = turns(&world);
    for (number, index) in (0i64..).zip([7, 0, WAITING - 1, 7]) {
        all[index].1.try_send(number).unwrap();
        world.settle();
        assert_eq!(turns(&world), before + number.unsigned_abs() + 1, "one wake is one turn, however many wait");
    }
    assert_eq!(world.console(), ["0", "1", "2", "3"]);
}

#[test]
fn a_foreign_future_wakes_a_component_that_also_waits_for_a_message() {
    let mut world = World::default();
    let (sender, receiver) = async_channel::bounded::<i64>(1);
    world.add("waits", move |io| {
        let receiver = receiver.clone();
        async move {
            let number = async { receiver.recv().await.ok().map(Message::Int) };
            let first = futures_lite::future::or(io.recv("inbox"), number).await;
            io.print(&format!("{first:?}"));
            Ok(())
        }
    });
    world.settle();
    sender.try_send(5).unwrap();
    world.settle();
    assert_eq!(world.console(), ["Some(Int(5))"]);
}

/// Keeps the waker of its first turn, and waits forever for a foreign future.
async fn keeps_its_waker(kept: Rc<RefCell<Vec<Waker>>>) {
    poll_fn(|context| {
        kept.borrow_mut().push(context.waker().clone());
        Poll::Ready(())
    })
    .await;
    pending::<()>().await;
}

#[test]
fn the_waker_of_a_removed_component_does_not_wake_its_successor_in_the_slot() {
    let mut world = World::default();
    let kept = Rc::new(RefCell::new(Vec::new()));
    let add = |world: &mut World| {
        let kept = kept.clone();
        world.add("waits", move |_| {
            let kept = kept.clone();
            async move {
                keeps_its_waker(kept).await;
                Ok(())
            }
        })
    };
    let first = add(&mut world);
    world.settle();
    world.steps(vec![Step::Stop { id: first }]);
    let second = add(&mut world);
    world.settle();
    kept.borrow()[0].wake_by_ref();
    world.settle();
    assert_eq!(world.view(second).turns, 1);
    kept.borrow()[1].wake_by_ref();
    world.settle();
    assert_eq!(world.view(second).turns, 2);
}
