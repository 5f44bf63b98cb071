//! Failures: steps that were refused and crashes of components that no longer exist, kept for snapshots (FAIL-7).

use std::collections::VecDeque;
use std::sync::Arc;

use crate::command::StepOutcome;
use crate::ids::ComponentId;

/// How many failed steps and how many crashes are kept.
const FAILURES_KEPT: usize = 100;

/// The failures of one run, oldest first.
#[derive(Default)]
pub(crate) struct Failures {
    steps: VecDeque<StepOutcome>,
    crashes: VecDeque<(Arc<str>, Arc<str>)>,
    last_batch: u64,
}

impl Failures {
    /// Keeps a step that was refused.
    pub fn keep_step(&mut self, outcome: StepOutcome) {
        keep(&mut self.steps, outcome);
    }

    /// Keeps a failure that does not belong to a step.
    pub fn note(&mut self, component: Option<ComponentId>, text: &str) {
        let outcome = StepOutcome { batch: self.last_batch, step: 0, component, error: Some(text.into()) };
        self.keep_step(outcome);
    }

    /// Keeps the crash of a component that is being removed: its name and the text of its fault.
    pub fn keep_crash(&mut self, name: Arc<str>, text: Arc<str>) {
        keep(&mut self.crashes, (name, text));
    }

    /// Forgets the crashes of removed components whose names begin with `prefix`, because their owner has handled them.
    pub fn forgive(&mut self, prefix: &str) {
        self.crashes.retain(|(name, _)| !name.starts_with(prefix));
    }

    /// Notes that a batch of steps was applied.
    pub fn set_last_batch(&mut self, batch: u64) {
        self.last_batch = batch;
    }

    pub fn last_batch(&self) -> u64 {
        self.last_batch
    }

    pub fn steps(&self) -> Vec<StepOutcome> {
        self.steps.iter().cloned().collect()
    }

    pub fn crashes(&self) -> Vec<(Arc<str>, Arc<str>)> {
        self.crashes.iter().cloned().collect()
    }
}

fn keep<T>(kept: &mut VecDeque<T>, one: T) {
    if kept.len() == FAILURES_KEPT {
        kept.pop_front();
    }
    kept.push_back(one);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_failures_are_kept() {
        let mut failures = Failures::default();
        failures.set_last_batch(7);
        for number in 0..=FAILURES_KEPT {
            failures.note(None, &number.to_string());
            failures.keep_crash(format!("a/{number}").into(), "text".into());
        }
        let steps = failures.steps();
        assert_eq!((steps.len(), steps[0].batch), (FAILURES_KEPT, 7));
        assert_eq!(steps[0].error.as_deref(), Some("1"));
        failures.keep_crash("ab".into(), "text".into());
        failures.forgive("a/");
        assert_eq!(failures.crashes(), [("ab".into(), "text".into())]);
    }
}
