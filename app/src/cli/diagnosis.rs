//! Reports on a run at its end: which components wait for which, starved components, growing queues, the slowest component.
//!
//! The report goes to standard error. For a run that stalled, the waiting components are always listed; for a run that was
//! cut short, the starved components and growing queues are. `--explain` prints everything.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::Snapshot;
use compose_runtime::introspect::stall;
use compose_runtime::introspect::stall_watch::{Sign, Watcher};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};

use super::terminal::report;

/// Time between two snapshots.
const INTERVAL: Duration = Duration::from_millis(100);

/// Number of snapshots of a run on a virtual clock, evenly spaced over its time limit.
const VIRTUAL_SNAPSHOTS: u32 = 16;

/// Systems with more components than this are observed only with `--explain`, because snapshots of them are expensive.
const MAX_UNASKED: usize = 20_000;

/// How many waiting components the stall message already names.
const NAMED_BY_STALL: usize = 4;

/// Takes snapshots of a run in progress.
pub struct Diagnosis {
    watcher: Rc<RefCell<Watcher>>,
    /// Whether to report everything.
    is_asked: bool,
}

impl Diagnosis {
    /// Makes a scheduler with this configuration publish snapshots. The handle may be set later.
    pub fn begin(
        config: &mut SchedulerConfig,
        handle: Rc<RefCell<Option<RuntimeHandle>>>,
        is_asked: bool,
        components: usize,
    ) -> Self {
        let watcher = Rc::new(RefCell::new(Watcher::default()));
        if !is_asked && components > MAX_UNASKED {
            return Self { watcher, is_asked };
        }
        let sink = watcher.clone();
        config.snapshot_interval = INTERVAL;
        config.on_snapshot = Some(Box::new(move || {
            if let Some(handle) = handle.borrow().as_ref() {
                sink.borrow_mut().add(handle.snapshot());
            }
        }));
        Self { watcher, is_asked }
    }

    /// Runs the scheduler. With a virtual clock, also takes the snapshots.
    pub fn run(&self, scheduler: &mut Scheduler, limit: RunLimit, is_virtual: bool) -> RunEnd {
        let Some(until) = limit.clock.filter(|_| is_virtual) else { return scheduler.run(limit) };
        for part in 1..VIRTUAL_SNAPSHOTS {
            let part_limit = until * part / VIRTUAL_SNAPSHOTS;
            let end = scheduler.run(RunLimit { clock: Some(part_limit), ..limit });
            let snapshot = scheduler.snapshot();
            // The run reached another limit before the clock limit.
            let is_early = snapshot.clock < part_limit;
            if end != RunEnd::LimitReached || is_early || limit.passes.is_some_and(|passes| snapshot.pass >= passes) {
                return end;
            }
            self.watcher.borrow_mut().add(Arc::new(snapshot));
        }
        scheduler.run(limit)
    }

    /// Prints the report.
    pub fn finish(&self, end: &RunEnd, last: &Snapshot) {
        let signs = self.watcher.borrow().signs();
        for sentence in sentences(end, &stall::waits(last), &signs, self.is_asked) {
            report(sentence);
        }
    }
}

fn sentences(end: &RunEnd, waits: &[String], signs: &[Sign], is_asked: bool) -> Vec<String> {
    // A run that ended by itself waits for nothing.
    let is_waiting = match end {
        RunEnd::Ended => false,
        RunEnd::Stalled(_) => is_asked || waits.len() > NAMED_BY_STALL,
        RunEnd::LimitReached | RunEnd::Quit => is_asked,
    };
    // The slowest component is reported only on request. A run that ended by itself has no lasting problem.
    let is_cut_short = matches!(end, RunEnd::LimitReached | RunEnd::Quit);
    let is_reported = |sign: &&Sign| is_asked || is_cut_short && !matches!(sign, Sign::Slowest { .. });
    let mut sentences: Vec<String> = signs.iter().filter(is_reported).map(|sign| sign.text().to_owned()).collect();
    if is_waiting {
        sentences.extend_from_slice(waits);
    }
    if sentences.is_empty() && is_asked {
        sentences.push("no component is waiting, starved or holding up the others".to_owned());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use compose_runtime::ids::{BoxAddr, ComponentId};

    use super::*;

    #[test]
    fn a_stall_lists_every_waiting_component() {
        let stalled = RunEnd::Stalled(String::new());
        let waits: Vec<String> = (0..5).map(|number| format!("c{number} waits")).collect();
        assert_eq!(sentences(&stalled, &waits, &[], false), waits);
        assert!(sentences(&stalled, &waits[..4], &[], false).is_empty(), "the message about the stall names them");
        assert_eq!(
            sentences(&RunEnd::Ended, &waits, &[], true),
            ["no component is waiting, starved or holding up the others"]
        );
        assert_eq!(sentences(&RunEnd::LimitReached, &waits, &[], true), waits);
    }

    #[test]
    fn growing_queues_are_reported_for_a_run_that_was_cut_short() {
        let inbox = BoxAddr::inbox(ComponentId(1), "inbox");
        let grows = Sign::Grows { inbox, text: "it grows".to_owned() };
        let component = ComponentId(2);
        let slow = Sign::Slowest { component, busy: 1.0, before: 1.0, after: None, text: "it is slow".to_owned() };
        let signs = [grows, slow];
        assert_eq!(sentences(&RunEnd::LimitReached, &[], &signs, false), ["it grows"]);
        assert_eq!(sentences(&RunEnd::LimitReached, &[], &signs, true), ["it grows", "it is slow"]);
        assert!(sentences(&RunEnd::Ended, &[], &signs, false).is_empty());
    }
}
