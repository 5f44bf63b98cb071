//! What is said about a run at its end: who waits for whom, what starves or only grows, the slowest part.
//!
//! On standard error, with `--explain`; of a run that stalled, who waits is told in any case.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::Snapshot;
use compose_runtime::introspect::stall;
use compose_runtime::introspect::stall_watch::{Sign, Watcher};
use compose_runtime::scheduler::{RunEnd, SchedulerConfig};

use super::tell;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// How many waiting components the sentence about a stall names itself.
const TOLD_BY_STALL: usize = 4;

/// Looks at a run while it goes on, if asked to.
#[derive(Default)]
pub struct Diagnosis {
    watcher: Option<Rc<RefCell<Watcher>>>,
}

impl Diagnosis {
    /// Lets a scheduler that is set up so show itself. The handle may come later.
    pub fn begin(config: &mut SchedulerConfig, handle: Rc<RefCell<Option<RuntimeHandle>>>) -> Self {
        let watcher = Rc::new(RefCell::new(Watcher::default()));
        let sink = watcher.clone();
        config.snapshot_interval = INTERVAL;
        config.on_snapshot = Some(Box::new(move || {
            if let Some(handle) = handle.borrow().as_ref() {
                sink.borrow_mut().add(handle.snapshot());
            }
        }));
        Self { watcher: Some(watcher) }
    }

    /// Says what there is to say.
    pub fn finish(&self, end: &RunEnd, last: &Snapshot) {
        let signs = self.watcher.as_ref().map(|watcher| watcher.borrow().signs()).unwrap_or_default();
        for words in sentences(end, &stall::waits(last), &signs, self.watcher.is_some()) {
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
    let mut sentences: Vec<String> = signs.iter().map(|sign| sign.words().to_owned()).collect();
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
}
