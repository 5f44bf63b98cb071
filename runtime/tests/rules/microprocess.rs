//! Section 5, the life of a component: activation, pausing, waking, stopping.

use std::time::Duration;

use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;

use crate::world::*;

/// Prints the number of each of its turns and never ends.
async fn counts_turns(io: BoxIo) -> Outcome {
    for turn in 1..1000 {
        io.print(&turn.to_string());
        io.yield_now().await;
    }
    Ok(())
}

#[test]
fn mp_1_mp_14_a_component_goes_through_all_states() {
    let mut world = World::default();
    let id = world.printer("printer");
    assert_eq!(world.state(id), State::Ready);
    assert!(!world.state(id).has_ended());
    world.settle();
    assert!(matches!(world.state(id), State::Waiting(_)));
    world.pause(id, true);
    world.settle();
    assert_eq!(world.state(id), State::Paused);
    world.pause(id, false);
    world.finish(id);
    world.run();
    assert!(world.state(id).has_ended());
}

#[test]
fn mp_2_the_first_turn_is_in_a_later_pass() {
    let mut world = World::default();
    let id = world.add("counts", counts_turns);
    assert_eq!(world.view(id).turns, 0);
    world.pass();
    assert_eq!(world.view(id).turns, 1);
}

#[test]
fn mp_3_starting_twice_is_refused_and_a_component_gets_one_turn_per_pass() {
    let mut world = World::default();
    let id = world.add("counts", counts_turns);
    let again = desc("again", "Script", [("script".to_owned(), script(counts_turns))].into());
    assert_eq!(world.refusal(Step::Start { id, desc: again }).unwrap(), "#1 is already running");
    // A component that takes the place of a removed one does not inherit its turn.
    let gone = world.add("gone", counts_turns);
    world.pass();
    world.steps(vec![Step::Stop { id: gone }]);
    let next = world.add("next", counts_turns);
    world.pass();
    assert_eq!((world.view(id).turns, world.view(next).turns), (2, 1));
}

#[test]
fn mp_4_a_finished_component_can_be_restarted_but_not_started() {
    let mut world = World::default();
    let id = world.add("short", |_| async { Ok(()) });
    world.run();
    let same = desc("short", "Script", [("script".to_owned(), script(|_| async { Ok(()) }))].into());
    assert!(world.refusal(Step::Start { id, desc: same.clone() }).is_some());
    assert_eq!(world.refusal(Step::Restart { id, desc: same }), None);
    world.run();
    assert!(world.has_finished(id));
}

#[test]
fn mp_6_a_pause_from_inside_takes_effect_at_its_await() {
    let mut world = World::default();
    let id = world.add("pauses", |io| async move {
        let pause = io.pause();
        io.print("the rest of the turn runs");
        pause.await;
        io.print("woken");
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["the rest of the turn runs"]);
    world.put(id, "inbox", 1);
    world.run();
    assert_eq!(world.console().len(), 2);
}

#[test]
fn mp_7_a_pause_from_outside_takes_effect_at_the_safe_point() {
    let mut world = World::default();
    let id = world.add("counts", counts_turns);
    world.pass();
    world.pause(id, true);
    for _ in 0..5 {
        world.pass();
    }
    assert_eq!(world.console(), ["1"]);
    world.pause(id, false);
    world.pass();
    assert_eq!(world.console(), ["1", "2"]);
}

#[test]
fn mp_8_pausing_a_missing_or_ended_component_is_ignored_and_early_messages_wait() {
    let mut world = World::default();
    world.pause(compose_runtime::ids::ComponentId(77), true);
    let id = world.printer("printer");
    world.put(id, "inbox", "early");
    world.finish(id);
    world.run();
    assert_eq!(world.console(), ["early", "end"]);
    world.pause(id, true);
    world.settle();
    assert_eq!(world.state(id), State::Finished);
}

#[test]
fn mp_10_pausing_a_sleeper_loses_no_wake() {
    let mut world = World::default();
    let id = world.printer("printer");
    world.settle();
    world.pause(id, true);
    world.settle();
    world.put(id, "inbox", "while paused");
    world.settle();
    assert!(world.console().is_empty());
    world.pause(id, false);
    world.settle();
    assert_eq!(world.console(), ["while paused"]);
}

#[test]
fn mp_11_mp_12_mp_13_stopping_runs_the_end_sequence_once_in_any_state() {
    struct Cleans(BoxIo);
    impl Drop for Cleans {
        fn drop(&mut self) {
            self.0.print("cleaned up");
        }
    }
    let works = |io: BoxIo| async move {
        let io = Cleans(io);
        loop {
            io.0.yield_now().await;
        }
    };
    let sleeps = |io: BoxIo| async move {
        let io = Cleans(io);
        io.0.sleep(Duration::from_secs(9)).await;
        Ok(())
    };
    for case in 0..3 {
        let mut world = World::default();
        let id = match case {
            0 => world.add("works", works),
            1 => world.add("sleeps", sleeps),
            _ => world.add("paused", sleeps),
        };
        world.pass();
        if case == 2 {
            world.pause(id, true);
            world.pass();
        }
        let listener = world.printer("listener");
        world.wire(id, listener);
        for _ in 0..2 {
            world.command(RuntimeCommand::StopComponent(id));
        }
        world.run();
        assert_eq!(world.console(), ["cleaned up", "end"]);
        assert_eq!(world.state(id), State::Finished);
        assert!(world.has_finished(listener), "its end was announced");
    }
}

#[test]
fn mp_17_run_continues_until_everything_has_ended() {
    let mut world = World::default();
    let ids = [
        world.add("one", |io| async move {
            io.sleep(Duration::from_secs(1)).await;
            Ok(())
        }),
        world.sender("two", &["x"]),
    ];
    assert_eq!(world.run(), compose_runtime::scheduler::RunEnd::Ended);
    assert!(ids.into_iter().all(|id| world.has_finished(id)));
}

#[test]
fn a_component_can_pause_and_wake_another() {
    let mut world = World::default();
    let counts = world.add("counts", counts_turns);
    world.add("warden", move |io| async move {
        io.set_paused(counts, true).await?;
        io.recv("inbox").await;
        io.set_paused(counts, false).await?;
        io.recv("control").await;
        Ok(())
    });
    for _ in 0..6 {
        world.pass();
    }
    assert_eq!(world.state(counts), State::Paused);
    world.put(compose_runtime::ids::ComponentId(2), "inbox", 1);
    for _ in 0..3 {
        world.pass();
    }
    assert_ne!(world.state(counts), State::Paused);
}
