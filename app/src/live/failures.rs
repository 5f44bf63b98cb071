//! Failures: finds the changes of the running system that were refused, by comparing snapshots.

use std::collections::VecDeque;

use compose_runtime::command::{Step, StepOutcome};
use compose_runtime::topology::Topology;

use super::notice::Notice;

/// How many batches are kept, to look up failed steps.
const MOST_BATCHES: usize = 64;

/// The last batches sent, and the failures that were already reported.
#[derive(Debug, Default)]
pub struct Failures {
    sent: VecDeque<(u64, Vec<Step>)>,
    reported: Vec<StepOutcome>,
}

impl Failures {
    /// Records a batch that was sent.
    pub fn sent(&mut self, batch: u64, steps: Vec<Step>) {
        self.sent.push_back((batch, steps));
        if self.sent.len() > MOST_BATCHES {
            self.sent.pop_front();
        }
    }

    /// Returns notices of new failures, and removes the failed parts from `asked`, so that the next sync retries them.
    pub fn new_notices(&mut self, failed: &[StepOutcome], asked: &mut Topology) -> Vec<Notice> {
        if failed == self.reported {
            return Vec::new();
        }
        // Old entries disappear at the front of the list; new entries follow the longest tail that was already
        // reported.
        let known = (0..=self.reported.len())
            .map(|start| self.reported.get(start..).unwrap_or_default())
            .find(|tail| failed.starts_with(tail))
            .map_or(0, <[StepOutcome]>::len);
        let notices = failed.iter().skip(known).map(|outcome| self.notice(outcome, asked)).collect();
        self.reported = failed.to_vec();
        notices
    }

    fn notice(&self, outcome: &StepOutcome, asked: &mut Topology) -> Notice {
        let error = outcome.error.as_deref().unwrap_or("no reason was given");
        let name = outcome.component.and_then(|id| asked.components.get(&id)).map_or_else(
            || outcome.component.map_or_else(|| "the system".to_owned(), |id| id.to_string()),
            |desc| desc.name.to_string(),
        );
        let batch = self.sent.iter().find(|(batch, _)| *batch == outcome.batch);
        let what = match batch.and_then(|(_, steps)| steps.get(outcome.step)) {
            Some(Step::Start { id, .. }) => {
                asked.components.remove(id);
                asked.linkages.retain(|linkage| linkage.from.component != *id && linkage.to.component != *id);
                "could not be started"
            }
            Some(Step::Link { linkage }) => {
                asked.linkages.remove(linkage);
                "could not be linked"
            }
            Some(Step::Stop { .. }) => "could not be stopped",
            Some(Step::Unlink { .. }) => "could not be unlinked",
            Some(Step::Restart { .. }) => "could not be restarted",
            Some(Step::Configure { .. } | Step::Describe { .. } | Step::Limit { .. } | Step::SetTemplate { .. }) => {
                "could not be changed"
            }
            None => "had a failure",
        };
        Notice::wrong(&format!("{name} {what}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::ids::ComponentId;

    use super::*;

    fn outcome(step: usize) -> StepOutcome {
        StepOutcome { batch: 1, step, component: Some(ComponentId(1)), error: Some("no".into()) }
    }

    #[test]
    fn every_failure_is_reported_once() {
        let (mut failures, mut asked) = (Failures::default(), Topology::default());
        failures.sent(1, vec![Step::Stop { id: ComponentId(1) }]);
        let mut report = |failed: &[StepOutcome]| failures.new_notices(failed, &mut asked).len();
        assert_eq!(report(&[outcome(0)]), 1);
        assert_eq!(report(&[outcome(0)]), 0);
        assert_eq!(report(&[outcome(0), outcome(1), outcome(1)]), 2);
        assert_eq!(report(&[outcome(1), outcome(1), outcome(2)]), 1);
    }

    #[test]
    fn the_notice_names_the_failed_step() {
        let mut failures = Failures::default();
        failures.sent(1, vec![Step::Stop { id: ComponentId(1) }]);
        let notices = failures.new_notices(&[outcome(0)], &mut Topology::default());
        assert_eq!(notices[0].text(), "#1 could not be stopped: no.");
    }
}
