//! A recording contains the requests of other threads, so a replay repeats the run without them (R2).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::thread;

use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::handle::component::Handle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::record::{Event, Recorded};
use compose_runtime::scheduler::{RunEnd, RunLimit, SchedulerConfig};
use proptest::prelude::*;

use crate::world::*;

type Trace = Rc<RefCell<Vec<String>>>;

/// One call that ordinary code makes to a runtime.
#[derive(Debug, Clone)]
enum Call {
    Attach(u64),
    Release,
    Put(i64),
    Get,
    Start(u64),
    Remove(u64),
    Link(u64, u64),
    Unlink(u64, u64),
    Stop(u64),
    StopOwn,
    Pause(u64, bool),
    Inject(u64),
}

/// Components are numbered from 1; the first three exist from the start.
const MOST: u64 = 6;

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let id = || 1..=MOST;
    let call = prop_oneof![
        2 => id().prop_map(Call::Attach),
        1 => Just(Call::Release),
        6 => any::<i64>().prop_map(Call::Put),
        4 => Just(Call::Get),
        2 => (4..=MOST).prop_map(Call::Start),
        1 => id().prop_map(Call::Remove),
        3 => (id(), id()).prop_map(|(from, to)| Call::Link(from, to)),
        1 => (id(), id()).prop_map(|(from, to)| Call::Unlink(from, to)),
        1 => id().prop_map(Call::Stop),
        1 => Just(Call::StopOwn),
        1 => (id(), any::<bool>()).prop_map(|(id, pause)| Call::Pause(id, pause)),
        2 => id().prop_map(Call::Inject),
    ];
    prop::collection::vec(call, 0..30)
}

/// Makes all calls on a separate thread. A call may be refused, because the component may be gone.
fn act(runtime: &RuntimeHandle, calls: &[Call]) {
    let mut held: Option<Handle> = None;
    for call in calls {
        let command = match call.clone() {
            Call::Attach(id) => {
                if let Ok(handle) = runtime.attach(ComponentId(id), &["inbox"], &["outbox"]) {
                    held = Some(handle);
                }
                continue;
            }
            Call::Release => {
                held = None;
                continue;
            }
            Call::Put(number) => {
                let _ = held.as_ref().map(|handle| handle.try_put("inbox", number));
                continue;
            }
            Call::Get => {
                let _ = held.as_ref().map(|handle| handle.try_get("outbox"));
                continue;
            }
            Call::StopOwn => {
                let _ = held.as_ref().map(Handle::stop);
                continue;
            }
            Call::Start(id) => {
                let desc = desc(&format!("late {id}"), "Echo", BTreeMap::new());
                if let Ok(handle) = runtime.start(ComponentId(id), desc, &["inbox"], &["outbox"]) {
                    held = Some(handle);
                }
                continue;
            }
            Call::Remove(id) => {
                runtime.reconfigure(vec![Step::Stop { id: ComponentId(id) }]);
                continue;
            }
            Call::Link(from, to) => reconfigure(Step::Link { linkage: between(from, to) }),
            Call::Unlink(from, to) => reconfigure(Step::Unlink { linkage: between(from, to) }),
            Call::Stop(id) => RuntimeCommand::StopComponent(ComponentId(id)),
            Call::Pause(id, pause) => RuntimeCommand::PauseComponent(ComponentId(id), pause),
            Call::Inject(id) => {
                RuntimeCommand::Inject { inbox: BoxAddr::inbox(ComponentId(id), "inbox"), message: "by hand".into() }
            }
        };
        runtime.try_send(command).unwrap();
    }
    drop(held);
    // A paused component would never receive the shutdown.
    for id in 1..=MOST {
        runtime.try_send(RuntimeCommand::PauseComponent(ComponentId(id), false)).unwrap();
    }
    runtime.try_send(RuntimeCommand::ShutDown).unwrap();
}

fn between(from: u64, to: u64) -> compose_runtime::topology::LinkageDesc {
    data(ComponentId(from), "outbox", ComponentId(to), "inbox")
}

fn reconfigure(step: Step) -> RuntimeCommand {
    RuntimeCommand::Reconfigure { batch: 1, steps: vec![step] }
}

/// The three components that exist from the start; each delivery is written into `trace`.
fn world(trace: &Trace, adjust: impl FnOnce(&mut SchedulerConfig)) -> World {
    let lines = trace.clone();
    let mut world = World::with(|config| {
        config.trace = Some(Box::new(move |delivery| {
            let line = format!("{} {} {} {}", delivery.pass, delivery.from, delivery.to, delivery.message);
            lines.borrow_mut().push(line);
        }));
        adjust(config);
    });
    let ids = [world.pass_through("a"), world.pass_through("b"), world.printer("c")];
    world.wire(ids[0], ids[1]);
    world.wire(ids[1], ids[2]);
    world
}

/// A run with a thread that makes these calls: its trace, its console lines and its recording.
fn recorded(calls: &[Call]) -> (Vec<String>, Vec<String>, Vec<Recorded>) {
    let (trace, tape) = (Trace::default(), Rc::new(RefCell::new(Vec::new())));
    let events = tape.clone();
    let mut world = world(&trace, |config| {
        config.record = Some(Box::new(move |event| events.borrow_mut().push(event)));
    });
    // This handle keeps the run alive: without a handle, it would end early.
    let kept = world.scheduler.handle();
    let (runtime, calls) = (kept.clone(), calls.to_vec());
    let user = thread::Builder::new().name("user".to_owned()).spawn(move || act(&runtime, &calls)).unwrap();
    let end = world.scheduler.run(RunLimit { wait_for_commands: true, ..RunLimit::default() });
    assert_eq!(end, RunEnd::Ended, "a shutdown also ends a scheduler that waits for commands");
    user.join().unwrap();
    drop(kept);
    let console = world.console();
    drop(world);
    (trace.take(), console, tape.take())
}

fn replayed(tape: Vec<Recorded>) -> (Vec<String>, Vec<String>, RunEnd) {
    let trace = Trace::default();
    let mut world = world(&trace, |config| config.replay = Some(tape));
    let end = world.run();
    let console = world.console();
    drop(world);
    (trace.take(), console, end)
}

proptest! {
    // Each case takes two runs and a thread.
    #![proptest_config(ProptestConfig::with_cases((ProptestConfig::default().cases / 16).max(8)))]

    #[test]
    fn calls_of_other_threads_are_replayed_without_them(calls in calls()) {
        let (trace, console, tape) = recorded(&calls);
        let (trace_again, console_again, end) = replayed(tape);
        prop_assert_eq!(trace_again, trace);
        prop_assert_eq!(console_again, console);
        prop_assert_eq!(end, RunEnd::Ended);
    }
}

#[test]
fn handles_steps_and_stops_are_all_in_the_recording() {
    let calls =
        [Call::Attach(1), Call::Put(7), Call::Start(5), Call::Put(8), Call::Link(5, 3), Call::Put(9), Call::Stop(2)];
    let (trace, _, tape) = recorded(&calls);
    let count = |wanted: fn(&Event) -> bool| tape.iter().filter(|one| wanted(&one.event)).count();
    assert_eq!(count(|event| matches!(event, Event::Attach(..))), 2);
    assert_eq!(count(|event| matches!(event, Event::Steps(_))), 2);
    assert_eq!(count(|event| matches!(event, Event::Stop(_))), 1);
    assert!(trace.iter().any(|line| line.ends_with(" 7")), "{trace:?}");
}
