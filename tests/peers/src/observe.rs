//! The cost of observing: the chain of six with a reader that takes 30 snapshots per second, as the window does, each
//! with samples of deliveries; and the same chain without an observer.
//!
//! The noise of a busy machine is larger than a few percent, but it only adds time. So the runs alternate, the figures
//! are processor time instead of elapsed time, and of many runs of each kind only the fastest is compared.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::chain::HOPS;
use crate::cpu;
use crate::ours::{chain, run};
use crate::report::Report;
use crate::rounds::ROUNDS;

/// About a fifth of a second: six snapshots.
const MESSAGES: u64 = 2_000_000;

/// Number of runs of each kind.
const RUNS: usize = 4 * ROUNDS;

/// Time between two snapshots of the reader.
const INTERVAL: Duration = Duration::from_millis(33);

/// Measures the cost of observing, in percent of the scheduler's processor time.
pub fn measure(report: &mut Report) {
    let (mut fastest_alone, mut fastest_observed) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..RUNS {
        fastest_alone = fastest_alone.min(alone());
        fastest_observed = fastest_observed.min(observed());
    }
    report.set("observe_cost_percent", (fastest_observed / fastest_alone - 1.0) * 100.0);
    report.set("hops_per_cpu_s", MESSAGES as f64 * HOPS / fastest_alone);
}

fn alone() -> f64 {
    let mut scheduler = chain(MESSAGES).scheduler(|_| {}).expect("the chain starts");
    let times = cpu::own_times();
    let before = cpu::seconds(&times);
    run(&mut scheduler, MESSAGES * HOPS as u64);
    cpu::seconds(&times) - before
}

fn observed() -> f64 {
    let adjust = |config: &mut compose_runtime::scheduler::SchedulerConfig| {
        config.snapshot_interval = INTERVAL;
        config.on_snapshot = Some(Box::new(|| ()));
    };
    let mut scheduler = chain(MESSAGES).scheduler(adjust).expect("the chain starts");
    let handle = scheduler.handle();
    let is_over = AtomicBool::new(false);
    let times = cpu::own_times();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !is_over.load(Ordering::Acquire) {
                let snapshot = handle.snapshot();
                // The first snapshot, from before the run, has no deliveries.
                assert!(snapshot.number == 0 || snapshot.linkages.iter().all(|link| link.last.is_some()));
                seen = snapshot.number;
                std::thread::park_timeout(INTERVAL);
            }
            seen
        });
        let before = cpu::seconds(&times);
        run(&mut scheduler, MESSAGES * HOPS as u64);
        let spent = cpu::seconds(&times) - before;
        is_over.store(true, Ordering::Release);
        reader.thread().unpark();
        let seen = reader.join().expect("the reader does not panic");
        // On a busy machine the reader may be delayed, and the last snapshot may come too late for it.
        let expected = (spent / INTERVAL.as_secs_f64() / 2.0) as u64;
        assert!(seen >= expected, "{seen} snapshots in {spent} s of processor time");
        spent
    })
}
