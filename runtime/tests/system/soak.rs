//! Soak test: random edits, crashes, restarts and traffic, with threads and outside tasks. No message is lost, no
//! component is stuck, and memory does not grow: over many short-lived schedulers, and over many rounds of one
//! scheduler. It takes two seconds by default; set `COMPOSE_SOAK_SECONDS=600` for a long run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::Message;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{Policy, RunEnd, RunLimit, Scheduler};
use compose_runtime::topology::{ComponentDesc, RestartPolicy};

use crate::common::{apply, desc, inbox, linkage, scheduler};

const COMPONENTS: u64 = 24;
const EDITS_A_ROUND: usize = 300;
/// Largest number of failures of either kind that a scheduler keeps.
const FAILURES_KEPT: usize = 100;
/// Growth of the resident set that does not count as a leak: allocators keep some of the freed memory.
const SLACK: usize = 24 << 20;

/// Mostly plain components, because threads are expensive.
fn any_desc(rng: &mut fastrand::Rng, id: u64) -> ComponentDesc {
    let type_name = ["Narrow", "Narrow", "Narrow", "Narrow", "Narrow", "ByOutside", "ByThread"][rng.usize(0..7)];
    let restart = if rng.bool() { RestartPolicy::OnFailure } else { RestartPolicy::Never };
    ComponentDesc { restart, ..desc(id, type_name, &[]) }
}

/// One system from start to end: built, edited under traffic, brought to rest, checked and dropped.
fn life(seed: u64) {
    let policy = [Policy::RoundRobin, Policy::Random, Policy::Priority][(seed % 3) as usize];
    let mut scheduler = scheduler(|config| {
        config.policy = policy;
        config.seed = seed;
    });
    round(&mut scheduler, seed, 1);
}

/// A round of edits under traffic, with components whose identities and names count from `first`. Returns those that
/// exist at the end, at rest.
fn round(scheduler: &mut Scheduler, seed: u64, first: u64) -> BTreeSet<u64> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let handle = scheduler.handle();
    let mut alive: BTreeSet<u64> = BTreeSet::new();
    for _ in 0..EDITS_A_ROUND {
        let (one, other) = (first + rng.u64(0..COMPONENTS), first + rng.u64(0..COMPONENTS));
        let step = match rng.u32(0..20) {
            0..=3 => Some(Step::Start { id: ComponentId(one), desc: any_desc(&mut rng, one) }),
            4 => Some(Step::Stop { id: ComponentId(one) }),
            5 => Some(Step::Restart { id: ComponentId(one), desc: any_desc(&mut rng, one) }),
            6..=9 if one != other => Some(Step::Link { linkage: linkage(one.min(other), one.max(other)) }),
            10 => Some(Step::Unlink { linkage: linkage(one.min(other), one.max(other)) }),
            11 => {
                drop(handle.try_send(RuntimeCommand::PauseComponent(ComponentId(one), rng.bool())));
                None
            }
            12..=16 => {
                for _ in 0..rng.usize(1..8) {
                    scheduler.put(&inbox(one), Message::Int(1300 + rng.i64(0..200)));
                }
                None
            }
            _ => {
                scheduler.run_ready();
                None
            }
        };
        if let Some(step) = step {
            // Some steps are refused on purpose: a missing component, an existing link.
            let refused = scheduler.reconfigure(1, vec![step.clone()]).remove(0).error.is_some();
            match step {
                Step::Start { id, .. } if !refused => drop(alive.insert(id.0)),
                Step::Stop { id } if !refused => drop(alive.remove(&id.0)),
                _ => {}
            }
        }
    }
    for id in first..first + COMPONENTS {
        handle.try_send(RuntimeCommand::PauseComponent(ComponentId(id), false)).unwrap();
    }
    // At rest, every running component has taken all its messages, whatever was edited before.
    let until = scheduler.now() + Duration::from_hours(1);
    let end = scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
    assert_ne!(end, RunEnd::Quit, "seed {seed}");
    let snapshot = scheduler.snapshot();
    assert_eq!(snapshot.components.len(), alive.len(), "seed {seed}");
    for view in &snapshot.components {
        let inbox = view.inboxes.iter().find(|inbox| &*inbox.name == "inbox").unwrap();
        assert_eq!(inbox.arrived, inbox.taken + inbox.dropped + inbox.depth as u64, "{} with seed {seed}", view.name);
        if !view.state.has_ended() {
            assert_eq!(inbox.depth, 0, "{} is stuck with seed {seed}: {:?}", view.name, view.state);
            // Messages may be dropped, and are counted, only while the component is crashed and its inbox is full.
            assert!(inbox.dropped == 0 || view.restarts > 0, "{} lost messages with seed {seed}", view.name);
        }
        if let State::Crashed(text) = &view.state {
            assert!(text.contains("1313"), "{} with seed {seed}: {text}", view.name);
        }
    }
    alive
}

/// Removes all components. Only the last failures, kept for observers, remain in the scheduler.
fn clear(scheduler: &mut Scheduler, alive: &BTreeSet<u64>) {
    apply(scheduler, alive.iter().map(|id| Step::Stop { id: ComponentId(*id) }).collect());
    // Wait until the threads have ended.
    let until = scheduler.now() + Duration::from_mins(1);
    let end = scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
    assert_eq!(end, RunEnd::Ended);
    let snapshot = scheduler.snapshot();
    assert!(snapshot.components.is_empty() && snapshot.linkages.is_empty());
    assert!(snapshot.failed_steps.len() <= FAILURES_KEPT && snapshot.past_crashes.len() <= FAILURES_KEPT);
}

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()));
    pages.unwrap_or(0) * 4096
}

#[test]
fn a_system_edited_at_random_under_traffic_loses_no_message_and_no_memory() {
    let seconds = std::env::var("COMPOSE_SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let began = Instant::now();
    let mut seed = 0;
    let mut after_warm_up = None;
    // One scheduler lives as long as the test, with new identities and names in every round, to detect growth within
    // one scheduler.
    let mut lasting = scheduler(|_| {});
    while seed < 20 || began.elapsed() < Duration::from_secs(seconds) {
        life(seed);
        let alive = round(&mut lasting, seed, 1 + seed * COMPONENTS);
        clear(&mut lasting, &alive);
        seed += 1;
        if seed == 10 {
            after_warm_up = Some(resident_bytes());
        }
    }
    let grown = resident_bytes().saturating_sub(after_warm_up.unwrap_or(0));
    assert!(grown < SLACK, "{grown} bytes more after {seed} rounds");
}
