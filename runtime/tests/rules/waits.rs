//! Section 6: yielding, and running a helper to its end before continuing.

use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;

use crate::world::*;

#[test]
fn yield_1_a_component_that_yields_continues_in_the_next_pass() {
    let mut world = World::default();
    let id = world.add("yields", |io| async move {
        for _ in 0..3 {
            io.yield_now().await;
        }
        Ok(())
    });
    for turns in 1..=4 {
        world.pass();
        assert_eq!(world.view(id).turns, turns);
    }
    assert!(world.has_finished(id), "returning ends the component");
}

#[test]
fn yield_2_yield_3_new_components_run_in_the_next_pass_of_the_same_scheduler_in_order() {
    let mut world = World::default();
    let child = script(|io: BoxIo| async move {
        io.print(&format!("{} runs", io.name()));
        Ok(())
    });
    world.add("parent", move |io| {
        let child = child.clone();
        async move {
            for name in ["a", "b"] {
                let params = [("script".to_owned(), child.clone())].into();
                io.spawn(name, &SCRIPT, params, Fate::LivesOn).await?;
            }
            io.print("parent continues");
            Ok(())
        }
    });
    world.pass();
    assert!(world.console().is_empty());
    world.run();
    let lines = world.console();
    let position = |wanted: &str| lines.iter().position(|line| line == wanted).unwrap();
    assert!(position("parent/a runs") < position("parent/b runs"));
    assert!(lines.contains(&"parent continues".to_owned()));
}

#[test]
fn yield_4_returning_ends_the_component() {
    let mut world = World::default();
    let id = world.add("returns", |io| async move {
        io.yield_now().await;
        Ok(())
    });
    world.pass();
    assert!(!world.state(id).has_ended());
    world.pass();
    assert!(world.has_finished(id));
}

/// A helper that takes several turns and may be nested.
async fn helper(io: &BoxIo, depth: u32) -> u32 {
    io.yield_now().await;
    if depth == 0 { 0 } else { 1 + Box::pin(helper(io, depth - 1)).await }
}

#[test]
fn wait_1_wait_6_a_helper_runs_to_its_end_and_then_its_caller_continues() {
    let mut world = World::default();
    let id = world.add("waits", |io| async move {
        io.print("before");
        let levels = helper(&io, 3).await;
        io.print(&format!("after {levels}"));
        Ok(())
    });
    let bystander = world.printer("bystander");
    world.settle();
    assert_eq!(world.console(), ["before", "after 3"]);
    assert!(world.has_finished(id));
    assert!(!world.state(bystander).has_ended(), "the end of a helper ends nothing else");
}

#[test]
fn wait_4_boxes_keep_working_while_a_helper_runs() {
    let mut world = World::default();
    let id = world.add("waits", |io| async move {
        let first = async { io.recv("inbox").await }.await;
        io.send("outbox", first.unwrap()).await;
        Ok(())
    });
    let sink = world.idle("sink");
    world.wire(id, sink);
    world.settle();
    assert!(!world.state(id).has_ended());
    world.put(id, "inbox", "through");
    world.settle();
    assert_eq!(world.take(sink, "inbox"), ["through"]);
}

#[test]
fn wait_7_a_helper_is_part_of_its_component() {
    let mut world = World::default();
    let id = world.add("waits", |io| async move {
        let nap = async {
            io.sleep(Duration::from_secs(1)).await;
            io.yield_now().await;
            io.pause().await;
        };
        nap.await;
        Ok(())
    });
    world.settle();
    let before = world.scheduler.snapshot();
    assert_eq!(before.components.len(), 1);
    assert_eq!(before.components[0].id, id);
    assert!(matches!(before.components[0].state, State::Waiting(_)));
    world.pause(id, true);
    world.settle();
    assert_eq!(world.state(id), State::Paused, "pausing works inside a helper");
}
