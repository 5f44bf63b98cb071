//! Section 16, process components. Each child runs this test program with one test that serves as its `main`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use compose_runtime::command::RuntimeCommand;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::process::{ProcessComponent, WINDOW, build_process, serve_if_child, set_child_command};
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit};

use crate::world::*;

/// Passes `inbox` on to `outbox` and `other` in turn, and carries out a few commands.
struct Far;

impl Component for Far {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut count = 0;
        while let Some(message) = io.recv("inbox").await {
            match message.as_text() {
                Some("pid") => io.print(&std::process::id().to_string()),
                Some("fail") => return Err(Fault::new("out there something broke")),
                Some("second") => {
                    let second = io.recv("second").await;
                    io.print(&format!("second: {second:?}"));
                }
                _ => {
                    io.send(if count % 2 == 0 { "outbox" } else { "other" }, message).await;
                    count += 1;
                }
            }
        }
        io.send("outbox", "end of stream").await;
        Ok(())
    }
}

impl ProcessComponent for Far {
    const TYPE_NAME: &'static str = "Far";
}

static FAR: ComponentSpec = ComponentSpec { type_name: "Far", params: &[], build: build_process::<Far>, ..SCRIPT };

/// Passes its input on.
struct Plain;

impl Component for Plain {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

static PLAIN: ComponentSpec = ComponentSpec { type_name: "Plain", params: &[], build: build::<Plain>, ..SCRIPT };

/// Starts its child only after all input, including the end of the stream, must have arrived.
struct Late;

impl Component for Late {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.sleep(Duration::from_millis(200)).await;
        let child = io.spawn("child", &PLAIN, BTreeMap::new(), Fate::EndsWithOwner).await?;
        let own = |direction, name: &str| BoxAddr { component: io.id(), direction, name: name.into() };
        io.link(BoxAddr::outbox(child, "outbox"), own(Direction::Outbox, "outbox")).await?;
        io.link(own(Direction::Inbox, "inbox"), BoxAddr::inbox(child, "inbox")).await?;
        io.child_ended().await;
        Ok(())
    }
}

impl ProcessComponent for Late {
    const TYPE_NAME: &'static str = "Late";
}

static LATE: ComponentSpec = ComponentSpec { type_name: "Late", params: &[], build: build_process::<Late>, ..SCRIPT };

fn far_registry() -> Registry {
    let mut registry = registry();
    registry.register(&FAR).unwrap();
    registry.register(&LATE).unwrap();
    registry
}

#[test]
fn process_child_entry() {
    serve_if_child(far_registry);
}

fn world() -> World {
    let program = std::env::current_exe().unwrap();
    let arguments = ["process::process_child_entry", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    set_child_command(program, arguments);
    World::with(|config| {
        config.registry = far_registry();
        config.clock = ClockKind::Real;
    })
}

fn far(world: &mut World) -> ComponentId {
    world.start(desc("far", "Far", BTreeMap::new()))
}

/// Runs until the condition holds.
fn until(world: &mut World, mut holds: impl FnMut(&World) -> bool) {
    let began = Instant::now();
    while !holds(world) {
        let clock = Some(world.scheduler.now() + Duration::from_millis(5));
        world.scheduler.run(RunLimit { clock, ..RunLimit::default() });
        assert!(began.elapsed() < Duration::from_mins(1), "the condition was never met: {:?}", world.console());
    }
}

fn is_gone(pid: &str) -> bool {
    !std::path::Path::new("/proc").join(pid).exists()
}

#[test]
fn proc_8_messages_keep_their_order_and_the_end_of_the_stream_arrives() {
    let mut world = world();
    let source = world.source("source", |io| async move {
        for number in 0..300 {
            io.send("outbox", number).await;
        }
        Ok(())
    });
    let (far, sink) = (far(&mut world), world.idle("sink"));
    world.limit(sink, "inbox", None, FullPolicy::Block);
    world.wire(source, far);
    world.wire(far, sink);
    world.link(data(far, "other", sink, "inbox"));
    world.link(data(far, "signal", sink, "second"));
    until(&mut world, |world| world.state(far).has_ended());
    let mut expected: Vec<String> = (0..300).map(|number: i32| number.to_string()).collect();
    expected.push("end of stream".to_owned());
    assert_eq!(world.take(sink, "inbox"), expected, "messages of both outboxes keep their order");
    assert_eq!(world.take(sink, "second"), ["producer finished"]);
    assert!(world.has_finished(far));
}

#[test]
fn proc_8_the_end_of_the_stream_reaches_components_linked_later() {
    let mut world = world();
    let source = world.source("source", |io| async move {
        for number in 0..3 {
            io.send("outbox", number).await;
        }
        Ok(())
    });
    let (late, sink) = (world.start(desc("late", "Late", BTreeMap::new())), world.idle("sink"));
    world.wire(source, late);
    world.wire(late, sink);
    until(&mut world, |world| world.state(late).has_ended());
    assert_eq!(world.take(sink, "inbox"), ["0", "1", "2"]);
    assert!(world.has_finished(late));
}

#[test]
fn proc_8_both_directions_are_bounded() {
    let mut world = world();
    let (far, sink) = (far(&mut world), world.idle("sink"));
    world.cap(sink, 1);
    world.wire(far, sink);
    world.link(data(far, "other", sink, "inbox"));
    let source = world.source("source", |io| async move {
        for number in 0..100_000 {
            io.send("outbox", number).await;
        }
        Ok(())
    });
    world.wire(source, far);
    until(&mut world, |world| world.depth(far, "inbox") == 100);
    // The component has time to take more messages than allowed.
    for _ in 0..20 {
        let clock = Some(world.scheduler.now() + Duration::from_millis(5));
        world.scheduler.run(RunLimit { clock, ..RunLimit::default() });
    }
    let sent = world.outbox(source, "outbox").sent;
    assert!(sent < 2 * WINDOW as u64 + 500, "{sent} messages are in transit");
}

#[test]
fn proc_8_a_full_inbox_in_the_child_does_not_hold_up_another() {
    let mut world = world();
    let far = far(&mut world);
    world.limit(far, "inbox", None, FullPolicy::Block);
    world.put(far, "inbox", "second");
    for number in 0..1000 {
        world.put(far, "inbox", number);
    }
    until(&mut world, |world| world.depth(far, "inbox") < 1000);
    world.put(far, "second", "came through");
    until(&mut world, |world| !world.console().is_empty());
    assert_eq!(world.console(), ["second: Some(Text(\"came through\"))"]);
}

#[test]
fn proc_8_a_finish_handles_waiting_messages_and_a_failure_keeps_its_text() {
    let mut world = world();
    let (finishes, fails, sink) = (far(&mut world), far(&mut world), world.idle("sink"));
    world.wire(finishes, sink);
    world.link(data(finishes, "other", sink, "inbox"));
    world.put(finishes, "inbox", "a");
    world.put(finishes, "inbox", "b");
    world.finish(finishes);
    world.put(fails, "inbox", "fail");
    until(&mut world, |world| world.state(finishes).has_ended() && world.state(fails).has_ended());
    assert_eq!(world.take(sink, "inbox"), ["a", "b", "end of stream"]);
    assert_eq!(world.crash(fails), "out there something broke");
}

#[test]
fn proc_8_a_stop_ends_the_child() {
    for command in [RuntimeCommand::StopComponent(ComponentId(1)), RuntimeCommand::ShutDown] {
        let mut world = world();
        let far = far(&mut world);
        world.put(far, "inbox", "pid");
        until(&mut world, |world| !world.console().is_empty());
        let pid = world.console().remove(0);
        assert!(!is_gone(&pid));
        world.command(command);
        assert_eq!(world.run(), RunEnd::Ended);
        assert!(world.has_finished(far));
        until(&mut world, |_| is_gone(&pid));
    }
}

#[test]
fn proc_8_killing_a_child_crashes_its_component_only() {
    let mut world = world();
    let (far, other) = (far(&mut world), world.printer("other"));
    world.put(far, "inbox", "pid");
    until(&mut world, |world| !world.console().is_empty());
    let pid = world.console().remove(0);
    assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    until(&mut world, |world| world.state(far).has_ended());
    assert!(world.crash(far).starts_with("its process ended without an outcome: signal: 9"), "{}", world.crash(far));
    assert!(!world.state(other).has_ended());
    assert!(is_gone(&pid));
}

#[test]
fn a_child_that_cannot_be_started_crashes_with_a_clear_error() {
    // The command for children is set for the whole program, so this test needs its own process.
    if std::env::var_os("COMPOSE_ALONE").is_none() {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        alone
            .args(["process::a_child_that_cannot_be_started_crashes_with_a_clear_error", "--exact"])
            .env("COMPOSE_ALONE", "1");
        assert!(alone.output().unwrap().status.success());
        return;
    }
    set_child_command("/nowhere/to/be/found".into(), Vec::new());
    let mut world = World::with(|config| {
        config.registry = far_registry();
        config.clock = ClockKind::Real;
    });
    let far = far(&mut world);
    until(&mut world, |world| world.state(far).has_ended());
    assert!(world.crash(far).starts_with("its process could not be started"), "{}", world.crash(far));
}
