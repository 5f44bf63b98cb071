//! Observing a running system through a handle alone (R13).

use std::sync::Arc;
use std::time::{Duration, Instant};

use compose_runtime::builder::{ClockKind, RuntimeBuilder};
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::{RunState, Snapshot, State};
use compose_runtime::introspect::stall_watch::Sign;
use compose_runtime::scheduler::{RunEnd, RunLimit};

use crate::common::{apply, inbox, link, registry, scheduler, start, start_with};

fn steps() -> Vec<Step> {
    vec![start_with(1, "Numbers", &[("count", 40), ("rest", 7)]), start(3, "Narrow"), link(1, 3)]
}

fn wait_for(handle: &RuntimeHandle, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let snapshot = handle.snapshot();
        if wanted(&snapshot) {
            return snapshot;
        }
        assert!(Instant::now() < deadline, "the condition does not hold: {snapshot:?}");
        std::thread::yield_now();
    }
}

#[test]
fn a_handle_gets_new_snapshots_without_a_hook() {
    let handle = RuntimeBuilder::new(registry()).snapshot_interval(Duration::from_millis(1)).spawn().unwrap();
    handle.try_send(RuntimeCommand::Reconfigure { batch: 7, steps: steps() }).unwrap();
    wait_for(&handle, |snapshot| snapshot.last_batch == 7);
    let ended = wait_for(&handle, |snapshot| snapshot.run == RunState::Ended);
    assert_eq!(ended.deliveries, 40);
}

/// The scheduler falls asleep after each message, before or after the handle asks for a snapshot.
#[test]
fn asking_for_a_snapshot_wakes_a_sleeping_scheduler() {
    let handle = RuntimeBuilder::new(registry()).snapshot_interval(Duration::from_millis(1)).spawn().unwrap();
    let steps = vec![start(3, "Narrow"), start(4, "Narrow"), link(3, 4)];
    handle.try_send(RuntimeCommand::Reconfigure { batch: 1, steps }).unwrap();
    for round in 1..=200 {
        handle.try_send(RuntimeCommand::Inject { inbox: inbox(3), message: Message::Int(round) }).unwrap();
        wait_for(&handle, |snapshot| {
            snapshot.deliveries == round.unsigned_abs()
                && snapshot.components.iter().all(|view| matches!(view.state, State::Waiting(_)))
        });
    }
}

#[test]
fn a_run_without_observers_builds_one_snapshot_at_its_end() {
    let mut scheduler = scheduler(|config| config.snapshot_interval = Duration::ZERO);
    apply(&mut scheduler, steps());
    let handle = scheduler.handle();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let last = handle.snapshot();
    assert_eq!((last.number, last.deliveries, last.run.clone()), (1, 40, RunState::Ended));
}

/// Takes one message a second.
struct Slow;

impl Component for Slow {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {
            io.sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }
}

static SLOW: ComponentSpec = ComponentSpec {
    type_name: "Slow",
    inboxes: &[BoxSpec::new("inbox", "Anything").unbounded()],
    build: build::<Slow>,
    ..ComponentSpec::EMPTY
};

#[test]
fn a_problem_that_shows_only_over_time_is_in_the_snapshot() {
    for (sink, expected) in [("Slow", true), ("Narrow", false)] {
        let mut scheduler = scheduler(|config| {
            config.registry.register(&SLOW).unwrap();
            config.clock = ClockKind::Virtual;
            config.snapshot_interval = Duration::ZERO;
            config.on_snapshot = Some(Box::new(|| ()));
        });
        let steps = vec![start_with(1, "Numbers", &[("count", 1_000_000), ("rest", 1)]), start(2, sink), link(1, 2)];
        apply(&mut scheduler, steps);
        let handle = scheduler.handle();
        let mut is_reported = false;
        for half_second in 1..=6 {
            let clock = Some(Duration::from_millis(500) * half_second);
            assert_eq!(scheduler.run(RunLimit { clock, ..RunLimit::default() }), RunEnd::LimitReached);
            let signs = handle.snapshot().signs.clone();
            let grows =
                |sign: &Sign| sign.component() == ComponentId(2) && sign.text().contains(".inbox keeps growing");
            assert!(half_second > 3 || signs.is_empty(), "too early for a sign: {signs:?}");
            is_reported |= signs.iter().any(grows);
        }
        assert_eq!(is_reported, expected, "{sink}");
    }
}
