//! Determinism: the same project, seed and recorded inputs give the same deliveries in the same order.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use compose_runtime::command::Step;
use compose_runtime::introspect::record::Recorded;
use compose_runtime::scheduler::{ClockKind, Policy, RunEnd, RunLimit};
use proptest::prelude::*;

use crate::common::{Lines, apply, link, scheduler, start, start_with};

/// Two sources feed a third component, one through a thread and the other through an outside task.
fn steps() -> Vec<Step> {
    let numbers = [("count", 150), ("rest", 50)];
    let sources = [start_with(1, "Numbers", &numbers), start_with(2, "Numbers", &numbers)];
    let others = [start(3, "ByThread"), start(4, "ByOutside"), start(5, "ByThread")];
    let links = [link(1, 3), link(2, 4), link(3, 5), link(4, 5)];
    sources.into_iter().chain(others).chain(links).collect()
}

struct Run {
    clock: ClockKind,
    policy: Policy,
    seed: u64,
    replay: Option<Vec<Recorded>>,
}

fn run(setup: Run) -> (Vec<String>, Vec<Recorded>) {
    let trace = Lines::default();
    let record = Rc::new(RefCell::new(Vec::new()));
    let (lines, tape) = (trace.clone(), record.clone());
    let mut scheduler = scheduler(|config| {
        config.clock = setup.clock;
        config.policy = setup.policy;
        config.seed = setup.seed;
        config.replay = setup.replay;
        config.record = Some(Box::new(move |event| tape.borrow_mut().push(event)));
        config.trace = Some(Box::new(move |d| {
            lines.borrow_mut().push(format!("{} {:?} {} {} {}", d.pass, d.at, d.from, d.to, d.message));
        }));
    });
    apply(&mut scheduler, steps());
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    (trace.take(), record.take())
}

fn check(clock: ClockKind, policy: Policy, seed: u64) {
    let (first, tape) = run(Run { clock, policy, seed, replay: None });
    assert!(first.len() >= 600, "{}", first.len());
    let (second, again) = run(Run { clock, policy, seed, replay: Some(tape) });
    compare(&first, &second);
    // A replay can itself be recorded.
    let (third, _) = run(Run { clock, policy, seed, replay: Some(again) });
    compare(&first, &third);
}

fn compare(one: &[String], other: &[String]) {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    assert_eq!(one.get(same), other.get(same), "the runs differ at delivery {same} of {}", one.len());
}

#[test]
fn a_recorded_run_with_threads_and_real_time_is_replayed_delivery_by_delivery() {
    for seed in 0..3 {
        check(ClockKind::Real, Policy::RoundRobin, seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_under_any_policy_and_seed_gives_the_same_deliveries(seed: u64, choice in 0usize..3, virtually: bool) {
        let policy = [Policy::RoundRobin, Policy::Random, Policy::Priority][choice];
        let clock = if virtually { ClockKind::Virtual } else { ClockKind::Real };
        check(clock, policy, seed);
    }
}

/// Two sources that race for one receiver, without inputs from outside.
fn race(policy: Policy, seed: u64) -> Vec<String> {
    let trace = Lines::default();
    let lines = trace.clone();
    let mut scheduler = scheduler(|config| {
        config.policy = policy;
        config.seed = seed;
        config.trace = Some(Box::new(move |d| lines.borrow_mut().push(format!("{} {}", d.from, d.message))));
    });
    let numbers = [("count", 100)];
    let sources = [start_with(1, "Numbers", &numbers), start_with(2, "Numbers", &numbers)];
    apply(&mut scheduler, sources.into_iter().chain([start(3, "Narrow"), link(1, 3), link(2, 3)]).collect());
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    trace.take()
}

#[test]
fn different_seeds_give_different_schedules() {
    for policy in [Policy::Random, Policy::Priority] {
        let orders: BTreeSet<Vec<String>> = (0..20).map(|seed| race(policy, seed)).collect();
        assert!(orders.len() > 5, "{policy:?} gave {} orders", orders.len());
    }
    let orders: BTreeSet<Vec<String>> = (0..5).map(|seed| race(Policy::RoundRobin, seed)).collect();
    assert_eq!(orders.len(), 1, "round robin makes no random choices");
}
