//! Section 23, invariants of turns, wakes and ends.

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::RunEnd;
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
#[derive(Debug, Clone, Copy)]
enum End {
    Returns,
    Fails,
    Panics,
    IsStopped,
    IsShutDown,
}

fn ends() -> impl Strategy<Value = Vec<(End, bool)>> {
    let end = prop_oneof![
        Just(End::Returns),
        Just(End::Fails),
        Just(End::Panics),
        Just(End::IsStopped),
        Just(End::IsShutDown)
    ];
    prop::collection::vec((end, any::<bool>()), 1..6)
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
        // A wake is the last request. Nothing happens after it that would make up for a wake that was lost before.
        world.pause(id, false);
        for _ in 0..2 {
            world.pass();
        }
        prop_assert_eq!(world.depth(id, "inbox"), 0, "it is {:?}", world.state(id));
        prop_assert_eq!(world.inbox(id, "inbox").taken, messages);
        world.command(RuntimeCommand::StopComponent(busy));
    }

    #[test]
    fn inv_6_between_two_turns_of_one_every_other_that_is_awake_has_exactly_one(
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
    fn inv_7_every_end_sequence_runs_exactly_once(ends in ends()) {
        struct Counts(BoxIo);
        impl Drop for Counts {
            fn drop(&mut self) {
                self.0.print(&format!("{} put away", self.0.name()));
            }
        }
        let mut world = World::default();
        let listener = world.idle("listener");
        world.limit(listener, "inbox", None, FullPolicy::Block);
        let mut ids = Vec::new();
        for (number, (end, again)) in ends.iter().copied().enumerate() {
            let id = world.add(&format!("c{number}"), move |io| async move {
                let io = Counts(io);
                io.0.recv("second").await;
                match end {
                    End::Returns | End::IsShutDown => Ok(()),
                    End::Fails => Err(Fault::new("on purpose")),
                    End::Panics => std::panic::resume_unwind(Box::new("on purpose")),
                    End::IsStopped => std::future::pending().await,
                }
            });
            world.link(data(id, "signal", listener, "inbox"));
            ids.push((id, end, again));
        }
        world.settle();
        for (id, end, again) in &ids {
            match end {
                End::Returns | End::Fails | End::Panics => world.put(*id, "second", 1),
                End::IsStopped => world.command(RuntimeCommand::StopComponent(*id)),
                End::IsShutDown => world.shut_down(*id),
            }
            if *again {
                world.command(RuntimeCommand::StopComponent(*id));
            }
        }
        world.settle();
        for (number, (id, ..)) in ids.iter().enumerate() {
            prop_assert!(world.state(*id).has_ended());
            prop_assert_eq!(world.console().iter().filter(|line| **line == format!("c{number} put away")).count(), 1);
            prop_assert_eq!(world.outbox(*id, "signal").sent, 1);
        }
        prop_assert_eq!(world.depth(listener, "inbox"), ids.len());
    }

    #[test]
    fn inv_8_a_finish_at_the_sources_ends_everything_with_no_loss_and_a_shutdown_in_bounded_passes(
        edges in prop::collection::vec((0usize..6, 1usize..6), 0..12), counts in prop::collection::vec(0i64..40, 6),
        capacity in 1usize..6,
    ) {
        for shutdown in [false, true] {
            let mut world = World::default();
            let ids: Vec<ComponentId> = (0..6).map(|number| world.pass_through(&number.to_string())).collect();
            for id in &ids {
                world.cap(*id, capacity);
            }
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
                let fed: Vec<ComponentId> = world.links().iter().map(|link| link.to.component).collect();
                for id in ids.iter().filter(|id| !fed.contains(id)) {
                    world.finish(*id);
                }
            }
            prop_assert_eq!(world.run(), RunEnd::Ended);
            let snapshot = world.scheduler.snapshot();
            prop_assert!(snapshot.components.iter().all(|view| view.state == State::Finished));
            if shutdown {
                prop_assert!(snapshot.pass <= 20, "{} passes", snapshot.pass);
            } else {
                prop_assert!(snapshot.components.iter().all(|view| view.inboxes[0].dropped == 0));
            }
        }
    }
}
