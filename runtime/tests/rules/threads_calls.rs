//! Section 9, threaded components: linking, boxes, children and `sync`, which run on the scheduler thread.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::scheduler::RunEnd;

use crate::world::*;

const SINK: ComponentId = ComponentId(1);

#[test]
fn thr_11_link_24_links_are_made_on_the_scheduler_while_the_thread_waits() {
    let mut world = World::default();
    let sink = world.idle("sink");
    assert_eq!(sink, SINK);
    let thread = world.thread("thread", |mut io| {
        let own = io.on_scheduler(|io| async move { io.id() }).unwrap();
        let linkage = io.link(BoxAddr::outbox(own, "outbox"), BoxAddr::inbox(SINK, "inbox"))?;
        io.send("outbox", "linked");
        let refused = io.link(BoxAddr::outbox(own, "typo"), BoxAddr::inbox(SINK, "inbox"));
        io.print(&refused.unwrap_err().to_string());
        io.unlink(linkage);
        io.send("outbox", "unlinked");
        Ok(())
    });
    while !world.state(thread).has_ended() {
        let _ = world.run();
    }
    assert_eq!(world.console(), ["thread has no outbox named typo"]);
    assert_eq!(world.take(sink, "inbox"), ["linked"]);
    assert!(world.links().is_empty());
}

#[test]
fn thr_12_thr_13_sync_waits_for_a_turn_and_earlier_messages_have_left() {
    let mut world = World::default();
    let (report, reports) = mpsc::channel();
    let (release, gate) = mpsc::channel::<()>();
    let thread = world.thread("thread", move |mut io| {
        while gate.recv().is_ok() {
            for number in 0..3 {
                io.send("outbox", number);
            }
            report.send("about to ask").unwrap();
            report.send(if io.sync() { "synced" } else { "stopped" }).unwrap();
        }
        Ok(())
    });
    let sink = world.idle("sink");
    world.wire(thread, sink);
    world.settle();
    for round in 1..=3 {
        let before = world.view(thread).turns;
        release.send(()).unwrap();
        assert_eq!(reports.recv(), Ok("about to ask"));
        for _ in 0..1000 {
            std::thread::yield_now();
            assert!(reports.try_recv().is_err(), "the scheduler is stopped, so the proxy had no turn");
        }
        let answer = loop {
            world.settle();
            match reports.try_recv() {
                Ok(answer) => break answer,
                Err(_) => std::thread::yield_now(),
            }
        };
        // The thread is blocked, so these are the messages present when `sync` returned.
        assert_eq!((answer, world.depth(sink, "inbox")), ("synced", 3 * round));
        assert!(world.view(thread).turns > before);
    }
    drop(release);
    let _ = world.run();
    assert!(world.has_finished(thread));
}

#[test]
fn thr_13_messages_sent_before_a_call_have_left_when_it_is_carried_out() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        for number in 0..3 {
            let before = io.on_scheduler(|io| async move { io.has_space("outbox") });
            io.print(&format!("{number} {before:?}"));
            io.send("outbox", number);
        }
        let after = io.on_scheduler(|io| async move { io.has_space("outbox") });
        io.print(&format!("{after:?}"));
        Ok(())
    });
    let sink = world.idle("sink");
    world.cap(sink, 3);
    world.wire(thread, sink);
    let _ = world.run();
    assert_eq!(world.console(), ["0 Some(true)", "1 Some(true)", "2 Some(true)", "Some(false)"]);
}

#[test]
fn thr_17_the_end_of_a_child_and_space_downstream_both_end_a_pause() {
    let mut world = World::default();
    world.thread("parent", |mut io| {
        let child = io.on_scheduler(|io| async move {
            let params = BTreeMap::new();
            io.spawn("child", &ECHO, params, Fate::LivesOn).await
        });
        let child = child.unwrap()?;
        io.on_scheduler(move |io| async move { io.stop(child).await });
        io.pause(None);
        let outcome = io.on_scheduler(move |io| async move { io.child_outcome(child) });
        io.print(&format!("{outcome:?}"));
        Ok(())
    });
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["Some(Some(Ok(())))"]);

    let mut world = World::default();
    let thread = world.thread("sender", |mut io| {
        while io.try_send("outbox", "x").is_ok() {}
        io.pause(None);
        io.send("outbox", "continued");
        Ok(())
    });
    let slow = world.add("slow", |io| async move {
        while let Some(message) = io.recv("inbox").await {
            if message.as_text() == Some("continued") {
                io.print("continued");
            }
            io.sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    });
    world.cap(slow, 1);
    world.wire(thread, slow);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["continued"]);
}

#[test]
fn thr_20_boxes_are_added_and_deleted_with_their_queues() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        let name = io.add_inbox("inbox")?;
        let out = io.add_outbox("extra")?;
        io.send("outbox", "ready");
        let message = io.recv(&name);
        io.print(&format!("{name} {out} {message:?}"));
        io.send(&out, "through the new box");
        io.delete_outbox(&out)?;
        io.delete_inbox(&name)?;
        let refused = io.delete_inbox(&name).unwrap_err();
        io.print(&refused.to_string());
        let _ = io.recv(&name);
        Ok(())
    });
    let sink = world.idle("sink");
    world.wire(thread, sink);
    while world.depth(sink, "inbox") == 0 {
        let _ = world.run();
    }
    world.link(data(thread, "extra", sink, "second"));
    world.put(thread, "inbox2", "to the new box");
    while !world.state(thread).has_ended() {
        let _ = world.run();
    }
    assert_eq!(world.crash(thread), "there is no inbox named inbox2");
    assert_eq!(world.take(sink, "second"), ["through the new box"]);
    assert_eq!(world.console(), ["inbox2 extra Some(Text(\"to the new box\"))", "thread has no inbox named inbox2"]);
    assert_eq!(world.crash(thread), "there is no inbox named inbox2");
}
