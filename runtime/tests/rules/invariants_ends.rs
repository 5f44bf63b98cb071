//! Section 21, invariants of turns, wakes and ends.

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{RunEnd, RunLimit};
use compose_runtime::topology::LinkageKind;
use proptest::prelude::*;

use crate::world::*;

#[derive(Debug, Clone)]
enum Ask {
    Pause,
    Wake,
    Message,
    Turn,
    Pass,
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let ask = prop_oneof![
        3 => Just(Ask::Pause),
        3 => Just(Ask::Wake),
        3 => Just(Ask::Message),
        2 => Just(Ask::Turn),
        1 => Just(Ask::Pass),
    ];
    prop::collection::vec(ask, 0..40)
}

/// How a component ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Returns,
    Fails,
    Panics,
    IsStopped,
    IsShutDown,
    /// Its code is dropped and replaced by new code, which is shut down.
    IsRestarted,
}

/// The position of a component: on its own, or owned by another component.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Position {
    Alone,
    Member,
    Child,
}

/// For each component: how it ends, its position, and whether it is also stopped.
fn ends() -> impl Strategy<Value = Vec<(End, Position, bool)>> {
    let end = prop_oneof![
        Just(End::Returns),
        Just(End::Fails),
        Just(End::Panics),
        Just(End::IsStopped),
        Just(End::IsShutDown),
        Just(End::IsRestarted),
    ];
    let position = prop_oneof![Just(Position::Alone), Just(Position::Member), Just(Position::Child)];
    prop::collection::vec((end, position, any::<bool>()), 1..7)
}

/// The behaviour of a component while it is awake, turn by turn.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// Continues by itself for this number of turns.
    Yields(usize),
    /// Takes one message per turn and passes it on, waiting for messages and for space.
    PassesOn,
    /// Sleeps for this number of milliseconds between turns.
    Naps(u64),
}

fn works() -> impl Strategy<Value = Vec<Work>> {
    let work = prop_oneof![(1usize..12).prop_map(Work::Yields), Just(Work::PassesOn), (1u64..4).prop_map(Work::Naps)];
    prop::collection::vec(work, 2..9)
}

fn worker(world: &mut World, number: usize, work: Work) -> ComponentId {
    world.add(&format!("w{number}"), move |io| async move {
        match work {
            Work::Yields(turns) => {
                for _ in 0..turns {
                    io.send("outbox", "x").await;
                    io.yield_now().await;
                }
            }
            Work::PassesOn => {
                while let Some(message) = io.recv("inbox").await {
                    io.send("outbox", message).await;
                    io.yield_now().await;
                }
            }
            Work::Naps(span) => {
                for _ in 0..5 {
                    io.sleep(std::time::Duration::from_millis(span)).await;
                    io.send("outbox", "x").await;
                }
            }
        }
        Ok(())
    })
}

/// A component that passes messages on: at once, slowly, all of them at its end, or through two members in a row.
fn node(world: &mut World, number: usize, kind: usize, capacity: usize) -> ComponentId {
    let name = format!("n{number}");
    let id = match kind {
        0 => world.pass_through(&name),
        1 => world.add(&name, |io| async move {
            while let Some(message) = io.recv("inbox").await {
                io.sleep(std::time::Duration::from_millis(3)).await;
                io.send("outbox", message).await;
            }
            Ok(())
        }),
        2 => world.add(&name, |io| async move {
            let mut all = Vec::new();
            while let Some(message) = io.recv("inbox").await {
                all.push(message);
            }
            for message in all {
                io.send("outbox", message).await;
            }
            Ok(())
        }),
        _ => {
            let composite = world.composite(&name);
            let pair = [0, 1].map(|half| world.pass_through(&format!("{name}/{half}")));
            for member in pair {
                world.join(member, composite);
                world.cap(member, capacity);
            }
            world.wire(pair[0], pair[1]);
            world.link(inward(composite, "inbox", pair[0], "inbox"));
            world.link(outward(pair[1], "outbox", composite, "outbox"));
            composite
        }
    };
    world.cap(id, capacity);
    id
}

proptest! {
    #[test]
    fn inv_5_no_wake_is_lost_between_pausing_and_waking(asks in asks()) {
        let mut world = World::default();
        let id = world.add("counts", |io| async move {
            while io.recv("inbox").await.is_some() {}
            Ok(())
        });
        let busy = world.add("busy", |io| async move {
            loop {
                io.yield_now().await;
            }
        });
        let mut messages = 0;
        for ask in asks {
            match ask {
                Ask::Pause => world.pause(id, true),
                Ask::Wake => world.pause(id, false),
                Ask::Message => {
                    world.put(id, "inbox", 1);
                    messages += 1;
                }
                Ask::Turn => world.step(StepSize::Turn),
                Ask::Pass => world.pass(),
            }
        }
        // A wake is the last request. Nothing happens after it that could hide an earlier lost wake.
        world.pause(id, false);
        for _ in 0..2 {
            world.pass();
        }
        prop_assert_eq!(world.depth(id, "inbox"), 0, "it is {:?}", world.state(id));
        prop_assert_eq!(world.inbox(id, "inbox").taken, messages);
        world.command(RuntimeCommand::StopComponent(busy));
    }

    #[test]
    fn inv_6_between_two_turns_of_a_component_every_other_one_has_exactly_one(
        lengths in prop::collection::vec(1usize..12, 2..8),
    ) {
        let mut world = World::default();
        for (number, length) in lengths.iter().copied().enumerate() {
            world.add(&number.to_string(), move |io| async move {
                for _ in 0..length {
                    io.print(&io.name());
                    io.yield_now().await;
                }
                Ok(())
            });
        }
        world.run();
        let lines: Vec<usize> = world.console().iter().map(|line| line.parse().unwrap()).collect();
        let mut expected = Vec::new();
        for pass in 0..lengths.iter().copied().max().unwrap_or(0) {
            expected.extend((0..lengths.len()).filter(|number| lengths[*number] > pass));
        }
        prop_assert_eq!(lines, expected);
    }

    #[test]
    fn inv_6_every_component_that_is_awake_has_exactly_one_turn_per_pass(
        works in works(), wires in prop::collection::vec((0usize..9, 0usize..9), 0..12), capacity in 1usize..4,
    ) {
        let mut world = World::default();
        let ids: Vec<ComponentId> =
            works.iter().enumerate().map(|(number, work)| worker(&mut world, number, *work)).collect();
        for (from, to) in wires {
            let linkage = data(ids[from % ids.len()], "outbox", ids[to % ids.len()], "inbox");
            let _ = world.refusal(Step::Link { linkage });
        }
        for id in &ids {
            world.cap(*id, capacity);
            world.put(*id, "inbox", "first");
        }
        // For each component: its turns so far, and whether it is awake.
        let look = |world: &World| -> Vec<(u64, bool)> {
            let snapshot = world.scheduler.snapshot();
            let views = ids.iter().filter_map(|id| snapshot.component(*id));
            views.map(|view| (view.turns, matches!(view.state, State::Ready | State::Running))).collect()
        };
        for _ in 0..60 {
            let before = look(&world);
            if before.iter().all(|(_, is_awake)| !is_awake) {
                // The clock may move now and wake the sleepers.
                let until = world.scheduler.now() + std::time::Duration::from_millis(1);
                let passes = world.scheduler.snapshot().pass + 1;
                let limit = RunLimit { clock: Some(until), passes: Some(passes), ..RunLimit::default() };
                let _ = world.scheduler.run(limit);
                continue;
            }
            world.pass();
            for (id, (before, after)) in ids.iter().zip(before.iter().zip(look(&world))) {
                let had = after.0 - before.0;
                prop_assert!(had <= 1, "{} had {} turns in a pass", id, had);
                prop_assert!(had == 1 || !before.1, "{} was awake and had no turn", id);
            }
        }
    }

    #[test]
    fn inv_7_every_end_sequence_runs_exactly_once(ends in ends()) {
        struct Counts(BoxIo);
        impl Drop for Counts {
            fn drop(&mut self) {
                self.0.print(&format!("{} dropped", self.0.name()));
            }
        }
        let mut world = World::default();
        let listener = world.idle("listener");
        world.limit(listener, "inbox", None, FullPolicy::Block);
        let mut ids = Vec::new();
        let mut composites = Vec::new();
        for (number, (end, position, again)) in ends.iter().copied().enumerate() {
            let name = format!("c{number}");
            let code = script(move |io| async move {
                let io = Counts(io);
                io.0.recv("second").await;
                match end {
                    End::Returns | End::IsShutDown | End::IsRestarted => Ok(()),
                    End::Fails => Err(Fault::new("on purpose")),
                    End::Panics => std::panic::resume_unwind(Box::new("on purpose")),
                    End::IsStopped => std::future::pending().await,
                }
            });
            let own = desc(&name, "Script", [("script".to_owned(), code)].into());
            let id = world.start(own.clone());
            world.link(data(id, "signal", listener, "inbox"));
            let mut own = own;
            match position {
                Position::Alone => {}
                Position::Member => {
                    let composite = world.composite(&format!("of c{number}"));
                    world.join(id, composite);
                    world.link(data(composite, "signal", listener, "inbox"));
                    own.parent = Some(composite);
                    composites.push(composite);
                }
                Position::Child => {
                    world.add("parent", move |io| async move {
                        io.adopt(id).await?;
                        while let Some((child, _)) = io.child_ended().await {
                            io.print(&format!("c{number} has ended, notified of {child}"));
                        }
                        Ok(())
                    });
                }
            }
            ids.push((id, end, position, again, own));
        }
        world.settle();
        for (id, end, _, again, own) in &ids {
            match end {
                End::Returns | End::Fails | End::Panics => world.put(*id, "second", 1),
                End::IsStopped => world.command(RuntimeCommand::StopComponent(*id)),
                End::IsShutDown => world.shut_down(*id),
                End::IsRestarted => {
                    world.steps(vec![Step::Restart { id: *id, desc: own.clone() }]);
                    world.settle();
                    world.shut_down(*id);
                }
            }
            if *again {
                world.command(RuntimeCommand::StopComponent(*id));
            }
        }
        world.settle();
        let console = world.console();
        let count = |line: &str| console.iter().filter(|printed| printed.starts_with(line)).count();
        for (number, (id, end, position, ..)) in ids.iter().enumerate() {
            prop_assert!(world.state(*id).has_ended());
            let lives = if *end == End::IsRestarted { 2 } else { 1 };
            prop_assert_eq!(count(&format!("c{number} dropped")), lives);
            prop_assert_eq!(world.outbox(*id, "signal").sent, 1, "a restarted component has not ended");
            prop_assert_eq!(count(&format!("c{number} has ended")), usize::from(*position == Position::Child));
        }
        for composite in &composites {
            prop_assert!(world.has_finished(*composite));
            prop_assert_eq!(world.outbox(*composite, "signal").sent, 1);
        }
        prop_assert_eq!(world.depth(listener, "inbox"), ids.len() + composites.len());
    }

    #[test]
    fn inv_8_a_finish_ends_everything_without_loss_and_a_shutdown_in_bounded_passes(
        kinds in prop::collection::vec(0usize..4, 6), edges in prop::collection::vec((0usize..6, 1usize..6), 0..12),
        counts in prop::collection::vec(0i64..40, 6), capacity in 1usize..6,
    ) {
        for shutdown in [false, true] {
            let mut world = World::default();
            let ids: Vec<ComponentId> =
                kinds.iter().enumerate().map(|(number, kind)| node(&mut world, number, *kind, capacity)).collect();
            for (from, step) in &edges {
                let to = (from + step).min(5);
                if to > *from {
                    let _ = world.refusal(Step::Link { linkage: data(ids[*from], "outbox", ids[to], "inbox") });
                }
            }
            for (id, count) in ids.iter().zip(&counts) {
                for number in 0..*count {
                    world.put(*id, "inbox", number);
                }
            }
            if shutdown {
                for id in &ids {
                    world.shut_down(*id);
                }
            } else {
                let links = world.links();
                let data_links = links.iter().filter(|link| link.kind() == Some(LinkageKind::Data));
                let fed: Vec<ComponentId> = data_links.map(|link| link.to.component).collect();
                for id in ids.iter().filter(|id| !fed.contains(id)) {
                    world.finish(*id);
                }
            }
            prop_assert_eq!(world.run(), RunEnd::Ended);
            let snapshot = world.scheduler.snapshot();
            prop_assert!(snapshot.components.iter().all(|view| view.state == State::Finished));
            if shutdown {
                prop_assert!(snapshot.pass <= 20, "{} passes", snapshot.pass);
                continue;
            }
            for view in &snapshot.components {
                let (inbox, outbox) = (&view.inboxes[0], &view.outboxes[0]);
                prop_assert_eq!((inbox.dropped, inbox.depth), (0, 0), "{}", view.name);
                if &*view.type_name != "Composite" {
                    prop_assert_eq!(outbox.sent, inbox.taken, "{}", view.name);
                }
            }
        }
    }
}
