//! Section 7, failures: a failure ends its own component, with the full end sequence, and nothing else.

use compose_runtime::command::RuntimeCommand;
use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{ClockKind, RunEnd};
use compose_runtime::topology::RestartPolicy;

use crate::scripts::{desc, script};
use crate::world::*;

#[test]
fn fail_4_a_failure_ends_only_its_component_with_the_full_end_sequence() {
    let mut world = World::default();
    let fails = world.source("fails", |io| async move {
        io.send("outbox", "before").await;
        Err(Fault::new("on purpose"))
    });
    let (printer, bystander) = (world.printer("printer"), world.sender("bystander", &["x"]));
    world.wire(fails, printer);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.crash(fails), "on purpose");
    assert_eq!(world.console(), ["before", "end"]);
    assert!(world.has_finished(bystander) && world.has_finished(printer));
}

#[test]
fn fail_6_a_failure_during_clean_up_crashes_only_that_component() {
    struct Trap;
    impl Drop for Trap {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("the trap went off".to_owned()));
        }
    }
    let mut world = World::default();
    let id = world.add("trapped", |io| async move {
        let _trap = Trap;
        io.recv("inbox").await;
        std::future::pending::<()>().await;
        Ok(())
    });
    let printer = world.printer("printer");
    world.wire(id, printer);
    world.settle();
    world.command(compose_runtime::command::RuntimeCommand::StopComponent(id));
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.crash(id), "the trap went off");
    assert_eq!(world.console(), ["end"]);
}

#[test]
fn fail_7_a_panic_counts_as_an_error_and_the_first_failure_can_stop_everything() {
    let bomb = |io: BoxIo| async move {
        io.yield_now().await;
        std::panic::resume_unwind(Box::new("boom"));
    };
    let mut world = World::default();
    let id = world.add("bomb", bomb);
    let other = world.printer("other");
    world.settle();
    assert_eq!(world.crash(id), "boom");
    assert!(!world.state(other).has_ended());

    let mut world = World::with(|config| config.stop_at_failure = true);
    let id = world.add("bomb", bomb);
    let other = world.printer("other");
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.crash(id), "boom");
    assert_eq!(world.state(other), State::Finished, "the other components end in order");
}

#[test]
fn a_shutdown_ends_a_component_that_waits_to_be_started_again_after_a_crash() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let mut world = World::with(|config| config.clock = clock);
        let code = script(|_| async { Err(Fault::new("at every start")) });
        let mut desc = desc("unstable", "Script", [("script".to_owned(), code)].into());
        desc.restart = RestartPolicy::OnFailure;
        let (unstable, printer) = (world.start(desc), world.printer("printer"));
        world.wire(unstable, printer);
        world.settle();
        world.command(RuntimeCommand::ShutDown);
        assert_eq!(world.run(), RunEnd::Ended, "{clock:?}");
        assert_eq!(world.crash(unstable), "at every start");
        assert_eq!(world.console(), ["end"], "its reader is notified, because it will not send again");
    }
}
