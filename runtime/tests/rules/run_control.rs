//! Pausing, stepping, restarting and ending do not interfere with each other in a way that a user would notice.

use std::collections::BTreeMap;

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::component::Fate;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::scheduler::RunEnd;
use compose_runtime::topology::{ComponentBody, ComponentDesc, RestartPolicy};

use crate::scripts::ECHO;
use crate::world::World;

#[test]
fn a_paused_component_ends_when_the_run_is_shut_down() {
    let mut world = World::default();
    let (paused, other) = (world.idle("paused"), world.idle("other"));
    world.settle();
    world.pause(paused, true);
    world.settle();
    world.command(RuntimeCommand::ShutDown);
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(paused) && world.has_finished(other));
}

#[test]
fn a_paused_component_that_was_stopped_does_not_hide_a_stall() {
    let mut world = World::default();
    let (paused, _waiting) = (world.idle("paused"), world.idle("waiting"));
    world.settle();
    world.pause(paused, true);
    world.settle();
    world.command(RuntimeCommand::StopComponent(paused));
    assert!(matches!(world.run(), RunEnd::Stalled(_)));
}

#[test]
fn a_child_that_was_taken_off_the_list_outlives_its_owner() {
    let mut world = World::default();
    let owner = world.source("owner", |io| async move {
        let child = io.spawn("child", &ECHO, BTreeMap::new(), Fate::EndsWithOwner).await?;
        let bound = io.spawn("bound", &ECHO, BTreeMap::new(), Fate::EndsWithOwner).await?;
        io.remove_child(child).await?;
        io.print(&format!("{} {}", child.0, bound.0));
        Ok(())
    });
    world.settle();
    assert!(world.has_finished(owner));
    let ids: Vec<ComponentId> = world.console()[0].split(' ').map(|id| ComponentId(id.parse().unwrap())).collect();
    assert!(!world.has_finished(ids[0]), "the child continues on its own");
    assert!(world.has_finished(ids[1]), "a child on the list ends with its owner");
}

#[test]
fn a_step_of_one_pass_gives_every_ready_component_its_turn_even_if_a_command_comes_in() {
    let mut world = World::default();
    let handle = world.scheduler.handle();
    world.source("first", move |_| {
        let handle = handle.clone();
        async move {
            handle.try_send(RuntimeCommand::Inject {
                inbox: BoxAddr::inbox(ComponentId(9), "inbox"),
                message: 1.into(),
            })?;
            Ok(())
        }
    });
    let second = world.source("second", |_| async { Ok(()) });
    world.pass();
    assert!(world.has_finished(second));
}

#[test]
fn a_component_that_restarts_in_another_composite_leaves_the_first() {
    let mut world = World::default();
    let (first, second) = (world.composite("first"), world.composite("second"));
    let member = world.idle("member");
    world.join(member, first);
    world.settle();
    let body = ComponentBody::Leaf { type_name: "Echo".into(), params: BTreeMap::new() };
    let desc = ComponentDesc {
        name: "second/member".into(),
        body,
        parent: Some(second),
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    };
    world.steps(vec![Step::Restart { id: member, desc }]);
    world.settle();
    assert!(world.has_finished(first), "the first composite no longer has a member");
    assert!(!world.has_finished(second));
}

#[test]
fn a_restart_does_not_lower_the_count_of_messages_that_arrived_on_control() {
    let mut world = World::default();
    let waiting = world.source("waiting", |io| async move {
        io.sleep(std::time::Duration::from_secs(1)).await;
        Ok(())
    });
    world.settle();
    world.put(waiting, "control", "not an end");
    let before = world.inbox(waiting, "control").arrived;
    let desc = ComponentDesc {
        name: "waiting".into(),
        body: ComponentBody::Leaf { type_name: "Echo".into(), params: BTreeMap::new() },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    };
    world.steps(vec![Step::Restart { id: waiting, desc }]);
    let after = world.inbox(waiting, "control");
    assert_eq!((before, after.arrived, after.depth), (1, 1, 0));
}

#[test]
fn a_component_has_as_many_turns_step_by_step_as_at_full_speed() {
    let turns = |by_steps: bool| {
        let mut world = World::default();
        let source = world.sender("source", &["a", "b", "c", "d"]);
        let (relay, printer) = (world.pass_through("relay"), world.printer("printer"));
        world.cap(relay, 1);
        world.wire(source, relay);
        world.wire(relay, printer);
        if by_steps {
            while !world.has_finished(printer) {
                world.step(StepSize::Delivery);
            }
        } else {
            world.run();
        }
        [source, relay, printer].map(|id| world.view(id).turns)
    };
    assert_eq!(turns(true), turns(false));
}
