//! Run control: stepping, slow motion and pausing never change the order of deliveries (R11).

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Speed, Step, StepSize};
use compose_runtime::dev::Message;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::{ComponentView, RunState, Snapshot, State};
use compose_runtime::scheduler::{Delivery, RunEnd, RunLimit, Scheduler};

use crate::common::{Lines, apply, inbox, link, registry, scheduler, start, start_with};

/// Two sources feed a chain of two relays.
fn steps() -> Vec<Step> {
    let numbers = [("count", 40), ("rest", 7)];
    let sources = [start_with(1, "Numbers", &numbers), start_with(2, "Numbers", &numbers)];
    let rest = [start(3, "Narrow"), start(4, "Narrow"), link(1, 3), link(2, 3), link(3, 4)];
    sources.into_iter().chain(rest).collect()
}

fn traced() -> (Scheduler, Lines) {
    let trace = Lines::default();
    let sink = trace.clone();
    let tracer = move |delivery: &Delivery<'_>| {
        let line = format!("{} {} {:?} {}", delivery.from, delivery.to, delivery.at, delivery.message);
        sink.borrow_mut().push(line);
    };
    let mut scheduler = scheduler(|config| config.trace = Some(Box::new(tracer)));
    apply(&mut scheduler, steps());
    (scheduler, trace)
}

fn at_full_speed() -> Vec<String> {
    let (mut scheduler, trace) = traced();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let trace = trace.borrow().clone();
    assert!(trace.len() >= 160, "{}", trace.len());
    trace
}

fn stepped(size: StepSize) -> Vec<String> {
    let (mut scheduler, trace) = traced();
    let handle = scheduler.handle();
    let mut largest = 0;
    while !scheduler.snapshot().components.iter().all(|view| view.state.has_ended()) {
        let before = trace.borrow().len();
        handle.try_send(RuntimeCommand::Advance(size)).unwrap();
        scheduler.run_step();
        largest = largest.max(trace.borrow().len() - before);
    }
    if size == StepSize::Delivery {
        assert_eq!(largest, 1, "one step delivers one message");
    }
    trace.take()
}

#[test]
fn stepping_by_delivery_turn_or_pass_keeps_the_order_of_full_speed() {
    let full = at_full_speed();
    assert_eq!(full, at_full_speed(), "two runs differ");
    assert_eq!(full, stepped(StepSize::Delivery));
    assert_eq!(full, stepped(StepSize::Turn));
    assert_eq!(full, stepped(StepSize::Pass));
}

#[test]
fn slow_motion_keeps_the_order_of_full_speed() {
    let (mut scheduler, trace) = traced();
    scheduler.handle().try_send(RuntimeCommand::SetSpeed(Speed::DeliveriesPerSecond(2000.0))).unwrap();
    let began = Instant::now();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*trace.borrow(), at_full_speed());
    assert!(began.elapsed() >= Duration::from_millis(20), "{:?}", began.elapsed());
}

/// A background runtime, and a signal for every new snapshot.
fn background(interval: Duration) -> (RuntimeHandle, Receiver<()>) {
    let (sender, published) = std::sync::mpsc::channel();
    let builder = RuntimeBuilder::new(registry()).snapshot_interval(interval);
    // The test may be over before the runtime.
    let builder = builder.on_snapshot(move || {
        let _ = sender.send(());
    });
    (builder.spawn().unwrap(), published)
}

/// Looks at every new snapshot until the condition holds.
fn wait_for(runtime: &(RuntimeHandle, Receiver<()>), wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let (handle, published) = runtime;
    loop {
        let snapshot = handle.snapshot();
        if wanted(&snapshot) {
            return snapshot;
        }
        let signal = published.recv_timeout(Duration::from_secs(10));
        assert!(signal.is_ok(), "the condition does not hold in the last snapshot: {snapshot:?}");
    }
}

#[test]
fn a_background_runtime_pauses_steps_and_resumes() {
    let runtime = background(Duration::from_millis(1));
    let handle = &runtime.0;
    handle.try_send(RuntimeCommand::Pause).unwrap();
    handle.try_send(RuntimeCommand::Reconfigure { batch: 7, steps: steps() }).unwrap();
    let paused = wait_for(&runtime, |snapshot| snapshot.last_batch == 7);
    assert_eq!((paused.deliveries, paused.run.clone()), (0, RunState::Paused));
    for expected in 1..=3 {
        handle.try_send(RuntimeCommand::Advance(StepSize::Delivery)).unwrap();
        wait_for(&runtime, |snapshot| snapshot.deliveries == expected);
    }
    handle.try_send(RuntimeCommand::Resume).unwrap();
    let ended = wait_for(&runtime, |snapshot| snapshot.run == RunState::Ended);
    assert_eq!(ended.linkages.iter().map(|link| link.delivered).collect::<Vec<_>>(), [40, 40, 80]);
    // The last snapshot shows the final state: the relay without a link has discarded every message.
    assert_eq!(ended.component(ComponentId(4)).unwrap().outboxes[0].discarded, 80);
}

#[test]
fn the_last_snapshot_of_a_sleeping_system_shows_it_asleep() {
    let runtime = background(Duration::from_millis(20));
    let handle = &runtime.0;
    let steps = vec![start(3, "Narrow"), start(4, "Narrow"), link(3, 4)];
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).unwrap();
    for round in 1..=5 {
        handle.try_send(RuntimeCommand::Inject { inbox: inbox(3), message: Message::Int(round) }).unwrap();
        wait_for(&runtime, |snapshot| {
            let asleep = |view: &ComponentView| matches!(view.state, State::Waiting(_));
            snapshot.deliveries == round.unsigned_abs() && snapshot.components.iter().all(asleep)
        });
    }
}
