//! Watch: what only shows over time in the running system, looked at twice a second.
//!
//! The same watcher that `run --explain` asks at the end of a run.

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::{RunState, Snapshot};
use compose_runtime::introspect::stall_watch::{Sign, Watcher};

/// Time between two looks on the wall clock.
const INTERVAL: Duration = Duration::from_millis(500);

/// Looks before anything is said: a short burst is no sign of anything.
const ENOUGH: usize = 4;

/// The last few looks and what they show.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    watcher: Watcher,
    looks: usize,
    next: Duration,
    signs: Vec<Sign>,
}

impl Watch {
    /// Takes a look if it is time for one.
    pub fn look(&mut self, snapshot: &Arc<Snapshot>, now: Duration) {
        if snapshot.run != RunState::Running {
            // Who stands still because all do is told by the stall.
            *self = Self::default();
            return;
        }
        if now < self.next {
            return;
        }
        self.next = now + INTERVAL;
        self.watcher.add(snapshot.clone());
        self.looks += 1;
        self.signs = if self.looks < ENOUGH { Vec::new() } else { self.watcher.signs() };
    }

    /// What can be seen now.
    pub fn signs(&self) -> &[Sign] {
        &self.signs
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::command::Step;
    use compose_runtime::scheduler::{ClockKind, RunLimit, Scheduler, SchedulerConfig};

    use super::*;
    use crate::live::topology_of::topology_of;
    use crate::project::format::from_text;

    /// What is seen of a project after each half second of its clock.
    fn signs_of(text: &str, looks: u32) -> Vec<Vec<String>> {
        let (document, problems) = from_text(text);
        assert_eq!(problems, []);
        let registry = compose_components::registry();
        let topology = topology_of(&document, &registry, &document.meta().defaults());
        let mut config = SchedulerConfig::new(registry);
        config.clock = ClockKind::Virtual;
        let mut scheduler = Scheduler::new(config);
        scheduler.reconfigure(1, Step::start_all(&topology));
        let mut watch = Watch::default();
        let mut seen = Vec::new();
        for look in 1..=looks {
            scheduler.run(RunLimit { clock: Some(INTERVAL * look), ..RunLimit::default() });
            watch.look(&Arc::new(scheduler.snapshot()), INTERVAL * look);
            seen.push(watch.signs().iter().map(|sign| sign.words().to_owned()).collect());
        }
        seen
    }

    #[test]
    fn an_inbox_that_only_grows_is_told_after_a_while() {
        let seen = signs_of(
            r#"{"format": "kamaelia-compose/1", "components": {
                "fast": {"type": "DataSource", "params": {"messages": ["x"], "repeat": true, "interval": 0.01}},
                "slow": {"type": "MessageRateLimit", "params": {"messages_per_second": 1.0},
                         "limits": {"inbox": 100000}},
                "screen": {"type": "NullSink"}
            }, "links": ["fast.outbox -> slow.inbox", "slow.outbox -> screen.inbox"]}"#,
            6,
        );
        assert!(seen.iter().take(ENOUGH - 1).all(Vec::is_empty), "{seen:?}");
        let last = seen.last().map(|words| words.join("; ")).unwrap_or_default();
        assert!(last.contains("slow.inbox only grows"), "{seen:?}");
    }

    #[test]
    fn of_a_system_that_keeps_up_nothing_is_said() {
        let seen = signs_of(
            r#"{"format": "kamaelia-compose/1", "components": {
                "fast": {"type": "DataSource", "params": {"messages": ["x"], "repeat": true, "interval": 0.01}},
                "screen": {"type": "NullSink"}
            }, "links": ["fast.outbox -> screen.inbox"]}"#,
            6,
        );
        assert!(seen.iter().all(Vec::is_empty), "{seen:?}");
    }
}
