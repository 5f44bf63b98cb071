//! Section 8, the scheduler: order, states, idling, ending, time.

use std::time::Duration;

use compose_runtime::command::{RuntimeCommand, StepSize};
use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{ClockKind, Policy, RunEnd, RunLimit};

use crate::world::*;

/// A component that prints its name in each of `turns` turns.
fn turns(world: &mut World, name: &str, count: usize) -> compose_runtime::ids::ComponentId {
    world.add(name, move |io| async move {
        for _ in 0..count {
            io.print(&io.name());
            io.yield_now().await;
        }
        Ok(())
    })
}

#[test]
fn sched_3_components_run_in_order_of_starting_and_keep_that_order() {
    let mut world = World::default();
    for (name, count) in [("a", 3), ("b", 1), ("c", 2)] {
        turns(&mut world, name, count);
    }
    world.run();
    assert_eq!(world.console(), ["a", "b", "c", "a", "c", "a"]);
}

#[test]
fn sched_4_woken_and_new_components_are_appended_behind_the_others() {
    let mut world = World::default();
    let woken = world.printer("woken");
    world.settle();
    turns(&mut world, "a", 3);
    world.pass();
    world.put(woken, "inbox", "woken");
    turns(&mut world, "new", 1);
    world.settle();
    assert_eq!(world.console(), ["a", "a", "woken", "new", "a"]);
}

#[test]
fn sched_5_between_two_turns_of_a_component_every_other_has_one() {
    let mut world = World::default();
    for name in ["a", "b", "c"] {
        turns(&mut world, name, 4);
    }
    world.run();
    assert_eq!(world.console().join(""), "abcabcabcabc");
}

#[test]
fn sched_6_the_effect_of_pausing_and_waking_depends_on_the_state() {
    let mut world = World::default();
    let id = turns(&mut world, "a", 100);
    world.pause(id, true);
    world.pause(id, true);
    world.pass();
    assert_eq!((world.state(id), world.view(id).turns), (State::Paused, 0));
    world.pause(id, false);
    world.pause(id, false);
    for expected in 1..=3 {
        world.pass();
        assert_eq!(world.view(id).turns, expected, "one turn per pass, however often it was woken");
    }
    let missing = compose_runtime::ids::ComponentId(50);
    world.pause(missing, true);
    world.pause(missing, false);
    world.pass();
}

#[test]
fn sched_8_requests_may_come_from_any_thread() {
    let mut world = World::default();
    let id = turns(&mut world, "a", 1_000_000);
    let handle = world.scheduler.handle();
    std::thread::spawn(move || {
        for command in [RuntimeCommand::PauseComponent(id, true), RuntimeCommand::PauseComponent(id, false)] {
            handle.try_send(command).unwrap();
        }
        handle.try_send(RuntimeCommand::StopComponent(id)).unwrap();
    });
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.state(id), State::Finished);
}

#[test]
fn sched_9_nothing_runs_while_every_component_sleeps() {
    let mut world = World::with(|config| config.clock = ClockKind::Real);
    let id = world.add("sleeper", |io| async move {
        io.sleep(Duration::from_millis(30)).await;
        Ok(())
    });
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.scheduler.snapshot().pass <= 3, "{} passes", world.scheduler.snapshot().pass);
    assert_eq!(world.view(id).turns, 2);
}

#[test]
fn sched_10_a_run_ends_when_no_component_is_left() {
    let mut world = World::default();
    assert_eq!(world.run(), RunEnd::Ended);
    world.sender("a", &["x"]);
    assert_eq!(world.run(), RunEnd::Ended);
}

#[test]
fn sched_11_a_stall_is_reported_with_the_names_of_the_components() {
    let mut world = World::default();
    let (a, b) = (world.pass_through("a"), world.pass_through("b"));
    world.wire(a, b);
    world.wire(b, a);
    let RunEnd::Stalled(text) = world.run() else { panic!("it should stall") };
    assert!(text.contains("a is waiting for a message on inbox from b"), "{text}");
}

#[test]
fn sched_12_an_empty_scheduler_can_be_kept_alive_until_a_request_arrives() {
    let mut world = World::default();
    let handle = world.scheduler.handle();
    let start = compose_runtime::command::Step::Start {
        id: compose_runtime::ids::ComponentId(1),
        desc: desc("echo", "Echo", std::collections::BTreeMap::new()),
    };
    let sender = handle.clone();
    let thread = std::thread::spawn(move || {
        sender.reconfigure(vec![start]).unwrap();
        sender.try_send(RuntimeCommand::Quit).unwrap();
    });
    assert_eq!(world.scheduler.run(RunLimit { wait_for_commands: true, ..RunLimit::default() }), RunEnd::Quit);
    thread.join().unwrap();
    assert!(world.exists(compose_runtime::ids::ComponentId(1)));
}

#[test]
fn sched_14_shutting_down_runs_every_end_sequence() {
    let mut world = World::default();
    let deaf = world.add("deaf", |io| async move {
        loop {
            io.pause().await;
        }
    });
    let ids = [world.printer("a"), world.pass_through("b"), world.idle("c"), deaf];
    let listener = world.printer("listener");
    world.wire(ids[3], listener);
    world.settle();
    world.command(RuntimeCommand::ShutDown);
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(ids.into_iter().all(|id| world.has_finished(id)));
    assert_eq!(world.console(), ["end", "end"]);
}

#[test]
fn sched_15_running_again_after_quitting_gives_the_same_answer() {
    let mut world = World::default();
    turns(&mut world, "a", 5);
    world.command(RuntimeCommand::Quit);
    assert_eq!(world.run(), RunEnd::Quit);
    assert_eq!(world.run(), RunEnd::Quit);
    assert!(world.console().is_empty());
}

#[test]
fn sched_18_a_snapshot_lists_every_component_awake_or_asleep() {
    let mut world = World::default();
    let (a, b) = (turns(&mut world, "a", 9), world.printer("b"));
    world.pass();
    world.pause(a, true);
    world.pass();
    let snapshot = world.scheduler.snapshot();
    let states: Vec<_> = snapshot.components.iter().map(|view| (view.id, view.state.name())).collect();
    assert_eq!(states, [(a, "paused"), (b, "waiting")]);
    assert!(
        snapshot.component(compose_runtime::ids::ComponentId(9)).is_none(),
        "an unknown component is not reported as paused"
    );
}

#[test]
fn sched_19_a_component_that_asks_to_pause_and_ends_in_one_turn_has_ended() {
    let mut world = World::default();
    let id = world.add("begins to pause", |io| async move {
        // The pause has already begun when the code reaches its end.
        let paused = futures_lite::future::poll_once(io.pause()).await;
        io.print(&format!("{paused:?}"));
        Ok(())
    });
    let handle = world.scheduler.handle();
    let asks = world.add("asks to be paused", move |io| {
        let handle = handle.clone();
        async move {
            handle.try_send(RuntimeCommand::PauseComponent(io.id(), true)).unwrap();
            Ok(())
        }
    });
    let heard = world.printer("heard");
    world.wire(id, heard);
    world.wire(asks, heard);
    assert_eq!(world.run(), RunEnd::Ended);
    for id in [id, asks] {
        assert_eq!((world.state(id), world.view(id).turns), (State::Finished, 1));
    }
    assert_eq!(world.console(), ["None", "end"]);
}

#[test]
fn sched_20_components_see_the_time_at_the_start_of_the_pass() {
    let mut world = World::with(|config| config.clock = ClockKind::Real);
    let reads = |io: BoxIo| async move {
        let first = io.now();
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        assert_eq!(io.now(), first);
        io.print(&format!("{first:?}"));
        Ok(())
    };
    world.add("a", reads);
    world.add("b", reads);
    world.step(StepSize::Pass);
    let lines = world.console();
    assert_eq!(lines[0], lines[1]);
}

/// Runs a pipeline beside ten components that never end, under the policy that gives a turn to one component only.
fn check_beside_pollers<T: Future<Output = ()> + 'static>(seed: u64, passes: u64, poll: fn(BoxIo) -> T) {
    let mut world = World::with(|config| (config.policy, config.seed) = (Policy::Priority, seed));
    for number in 0..10 {
        world.add(&format!("poller {number}"), move |io| async move {
            poll(io).await;
            Ok(())
        });
    }
    let (sender, printer) = (world.sender("sender", &["a", "b", "c"]), world.printer("printer"));
    world.wire(sender, printer);
    world.scheduler.run(RunLimit { passes: Some(passes), ..RunLimit::default() });
    assert_eq!(world.console(), ["a", "b", "c", "end"], "seed {seed}");
}

#[test]
fn sched_5_components_that_only_poll_starve_no_other_under_the_priority_policy() {
    for seed in 0..50 {
        check_beside_pollers(seed, 400, |io| async move {
            loop {
                io.try_recv("inbox");
                io.yield_now().await;
            }
        });
    }
}

#[test]
fn sched_5_components_that_send_without_end_starve_no_other_under_the_priority_policy() {
    for seed in 0..3 {
        check_beside_pollers(seed, 13_000, |io| async move {
            loop {
                io.send("outbox", "unheard").await;
            }
        });
    }
}
