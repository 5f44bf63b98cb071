//! Policy: which ready component has the next turn, and how long it may be.
//!
//! Round robin is the rule (SCHED-3 to SCHED-5). The others exist to look for what a schedule can do to a system: each
//! seed is one schedule, and the same seed is the same schedule again. Owned by the scheduler.

use std::collections::{BTreeMap, VecDeque};

use super::core::TURN_BUDGET;

/// How turns are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Every ready component in each pass, in order.
    #[default]
    RoundRobin,
    /// Every ready component in each pass, in an order drawn by lot, for turns of a length drawn by lot.
    Random,
    /// The ready component with the highest priority, one message at a time; priorities are drawn by lot and lowered at
    /// a few moments drawn by lot (probabilistic concurrency testing). Finds rare outcomes that need few unlucky moments.
    Priority,
}

impl Policy {
    /// The word for the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RoundRobin => "round-robin",
            Self::Random => "random",
            Self::Priority => "priority",
        }
    }

    /// The policy of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::RoundRobin, Self::Random, Self::Priority].into_iter().find(|policy| policy.word() == word)
    }
}

/// How many times priorities change in one run.
const CHANGES: u64 = 3;

/// Turns among which the moments of change are drawn.
const HORIZON: u64 = 300;

/// Draws the lots.
pub(crate) struct Lots {
    policy: Policy,
    rng: fastrand::Rng,
    priorities: BTreeMap<u32, u64>,
    changes: Vec<u64>,
    turns: u64,
}

impl Lots {
    pub fn new(policy: Policy, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let changes = (0..CHANGES).map(|_| rng.u64(0..HORIZON)).collect();
        Self { policy, rng, priorities: BTreeMap::new(), changes, turns: 0 }
    }

    /// Puts those who are ready in order; gives back those who do not get a turn in this pass.
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
        for place in ready.iter() {
            // The upper half is for first priorities, so that every lowered one is below them.
            let rng = &mut self.rng;
            self.priorities.entry(*place).or_insert_with(|| rng.u64(HORIZON..u64::MAX));
        }
        let priority = |place: &u32| self.priorities.get(place).copied().unwrap_or(0);
        let Some(chosen) = ready.iter().copied().max_by_key(priority) else { return Vec::new() };
        if self.changes.contains(&self.turns) {
            self.priorities.insert(chosen, HORIZON.saturating_sub(self.turns));
        }
        self.turns += 1;
        let others = ready.iter().copied().filter(|place| *place != chosen).collect();
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
