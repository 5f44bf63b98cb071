//! What is said about a run at its end: who waits for whom, what starves or only grows, the slowest part.
//!
//! On standard error. Of a run that stalled, who waits is told in any case, and of one that was cut short, what starved or
//! only grew; everything with `--explain`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::Snapshot;
use compose_runtime::introspect::stall;
use compose_runtime::introspect::stall_watch::{Sign, Watcher};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};

use super::tell;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// Looks at a run on a virtual clock, which takes no time: so many parts of the time that it is to run.
const PARTS: u32 = 16;

/// Pictures of more components than this are only taken if asked for: they would cost more than they tell.
const MOST_UNASKED: usize = 20_000;

/// How many waiting components the sentence about a stall names itself.
const TOLD_BY_STALL: usize = 4;

/// Looks at a run while it goes on.
pub struct Diagnosis {
    watcher: Rc<RefCell<Watcher>>,
    /// Everything is to be told.
    is_asked: bool,
}

impl Diagnosis {
    /// Lets a scheduler that is set up so show itself. The handle may come later.
    pub fn begin(
        config: &mut SchedulerConfig,
        handle: Rc<RefCell<Option<RuntimeHandle>>>,
        is_asked: bool,
        components: usize,
    ) -> Self {
        let watcher = Rc::new(RefCell::new(Watcher::default()));
        if !is_asked && components > MOST_UNASKED {
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

    /// Runs, looking in between where time is only counted.
    pub fn run(&self, scheduler: &mut Scheduler, limit: RunLimit, is_virtual: bool) -> RunEnd {
        let Some(until) = limit.clock.filter(|_| is_virtual) else { return scheduler.run(limit) };
        for part in 1..PARTS {
            let end = scheduler.run(RunLimit { clock: Some(until * part / PARTS), ..limit });
            let snapshot = scheduler.snapshot();
            if end != RunEnd::LimitReached || limit.passes.is_some_and(|passes| snapshot.pass >= passes) {
                return end;
            }
            self.watcher.borrow_mut().add(Arc::new(snapshot));
        }
        scheduler.run(limit)
    }

    /// Says what there is to say.
    pub fn finish(&self, end: &RunEnd, last: &Snapshot) {
        let signs = self.watcher.borrow().signs();
        for words in sentences(end, &stall::waits(last), &signs, self.is_asked) {
            tell(words);
        }
    }
}

fn sentences(end: &RunEnd, waits: &[String], signs: &[Sign], is_asked: bool) -> Vec<String> {
    // What a run that ended by itself waited for last is of no interest.
    let is_waiting = match end {
        RunEnd::Ended => false,
        RunEnd::Stalled(_) => is_asked || waits.len() > TOLD_BY_STALL,
        RunEnd::LimitReached | RunEnd::Quit => is_asked,
    };
    // What keeps up is nobody's business unless asked for, and what ended by itself has got over it.
    let is_cut_short = matches!(end, RunEnd::LimitReached | RunEnd::Quit);
    let is_told = |sign: &&Sign| is_asked || is_cut_short && !matches!(sign, Sign::Slowest { .. });
    let mut sentences: Vec<String> = signs.iter().filter(is_told).map(|sign| sign.words().to_owned()).collect();
    if is_waiting {
        sentences.extend_from_slice(waits);
    }
    if sentences.is_empty() && is_asked {
        sentences.push("nobody waits, starves or holds the others up".to_owned());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use compose_runtime::ids::{BoxAddr, ComponentId};

    use super::*;

    #[test]
    fn a_stall_names_everybody_who_waits() {
        let stalled = RunEnd::Stalled(String::new());
        let waits: Vec<String> = (0..5).map(|number| format!("c{number} waits")).collect();
        assert_eq!(sentences(&stalled, &waits, &[], false), waits);
        assert!(sentences(&stalled, &waits[..4], &[], false).is_empty(), "the stall has said it");
        assert_eq!(sentences(&RunEnd::Ended, &waits, &[], true), ["nobody waits, starves or holds the others up"]);
        assert_eq!(sentences(&RunEnd::LimitReached, &waits, &[], true), waits);
    }

    #[test]
    fn what_only_grows_is_told_of_a_run_that_was_cut_short() {
        let inbox = BoxAddr::inbox(ComponentId(1), "inbox");
        let grows = Sign::Grows { inbox, words: "it grows".to_owned() };
        let component = ComponentId(2);
        let slow = Sign::Slowest { component, busy: 1.0, before: 1.0, after: None, words: "it is slow".to_owned() };
        let signs = [grows, slow];
        assert_eq!(sentences(&RunEnd::LimitReached, &[], &signs, false), ["it grows"]);
        assert_eq!(sentences(&RunEnd::LimitReached, &[], &signs, true), ["it grows", "it is slow"]);
        assert!(sentences(&RunEnd::Ended, &[], &signs, false).is_empty());
    }
}
