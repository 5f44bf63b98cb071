//! Policy: which ready component has the next turn, and how many messages it may handle.
//!
//! The default is round robin (SCHED-3 to SCHED-5). The other policies find faults that depend on the order of turns: each
//! seed produces one order, and the same seed always produces the same order. Owned by the scheduler.

use std::collections::{BTreeMap, VecDeque};

use super::component_core::TURN_BUDGET;

/// How turns are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// In each pass, every ready component has a turn, in order.
    #[default]
    RoundRobin,
    /// In each pass, every ready component has a turn, in random order and of random length.
    Random,
    /// In each pass, only the ready component with the highest priority has a turn, of one message. Priorities are random and
    /// are lowered at a few random moments (probabilistic concurrency testing). Finds outcomes that depend on a few
    /// unlucky scheduling decisions.
    Priority,
}

impl Policy {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RoundRobin => "round-robin",
            Self::Random => "random",
            Self::Priority => "priority",
        }
    }

    /// The policy with this name on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::RoundRobin, Self::Random, Self::Priority].into_iter().find(|policy| policy.name() == name)
    }
}

/// How many times priorities change in one run.
const CHANGES: u64 = 3;

/// Priorities change within this many turns from the beginning.
const HORIZON: u64 = 300;

/// Decides the order and length of turns.
pub(crate) struct TurnOrder {
    policy: Policy,
    rng: fastrand::Rng,
    /// Priorities by slot.
    priorities: BTreeMap<u32, u64>,
    /// The turns after which a priority is lowered.
    changes: Vec<u64>,
    turns: u64,
}

impl TurnOrder {
    pub fn new(policy: Policy, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let changes = (0..CHANGES).map(|_| rng.u64(0..HORIZON)).collect();
        Self { policy, rng, priorities: BTreeMap::new(), changes, turns: 0 }
    }

    /// Sorts the ready slots. Returns those that have no turn in this pass.
    pub fn arrange(&mut self, ready: &mut VecDeque<u32>) -> Vec<u32> {
        match self.policy {
            Policy::RoundRobin => Vec::new(),
            Policy::Random => {
                self.rng.shuffle(ready.make_contiguous());
                Vec::new()
            }
            Policy::Priority => self.arrange_by_priority(ready),
        }
    }

    fn arrange_by_priority(&mut self, ready: &mut VecDeque<u32>) -> Vec<u32> {
        for slot in ready.iter() {
            // Initial priorities start at `HORIZON`, so that every lowered priority is below them.
            let rng = &mut self.rng;
            self.priorities.entry(*slot).or_insert_with(|| rng.u64(HORIZON..u64::MAX));
        }
        let priority = |slot: &u32| self.priorities.get(slot).copied().unwrap_or(0);
        let Some(chosen) = ready.iter().copied().max_by_key(priority) else { return Vec::new() };
        if self.changes.contains(&self.turns) {
            self.priorities.insert(chosen, HORIZON.saturating_sub(self.turns));
        }
        self.turns += 1;
        let others = ready.iter().copied().filter(|slot| *slot != chosen).collect();
        ready.clear();
        ready.push_back(chosen);
        others
    }

    /// How many messages the next turn may take or send.
    pub fn budget(&mut self) -> u32 {
        match self.policy {
            Policy::RoundRobin => TURN_BUDGET,
            Policy::Random => self.rng.u32(1..=8),
            Policy::Priority => 1,
        }
    }
}
