//! Policy: chooses the ready component that has the next turn, and how many messages it may handle.
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
    /// In each pass, only the ready component with the highest priority has a turn, for one message. Priorities are
    /// random and are lowered at a few random moments (probabilistic concurrency testing). Finds outcomes that depend
    /// on a few unlucky scheduling decisions. A component that only polls, or has had many turns, goes behind all
    /// others, so that none starves.
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

/// How many turns a component may have before its priority is lowered, while others are ready. This is more
/// than enough to fill all inboxes along a long path at the default limit, so that unlucky orders still occur.
const MAX_TURNS: u32 = 1000;

/// The priority of one component, and its turns at that priority while others were ready.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    priority: i128,
    turns: u32,
}

/// Decides the order and length of turns.
pub(crate) struct TurnOrder {
    policy: Policy,
    rng: fastrand::Rng,
    /// Priorities by slot.
    standings: BTreeMap<u32, Standing>,
    /// The lowest priority so far; the next component placed behind all others gets a lower one.
    lowest: i128,
    /// The turns after which a priority is lowered.
    changes: Vec<u64>,
    turns: u64,
}

impl TurnOrder {
    pub fn new(policy: Policy, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let changes = (0..CHANGES).map(|_| rng.u64(0..HORIZON)).collect();
        Self { policy, rng, standings: BTreeMap::new(), lowest: 0, changes, turns: 0 }
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
            let fresh = || Standing { priority: rng.u64(HORIZON..u64::MAX).into(), turns: 0 };
            self.standings.entry(*slot).or_insert_with(fresh);
        }
        let priority = |slot: &u32| self.standings.get(slot).map_or(0, |standing| standing.priority);
        let Some(chosen) = ready.iter().copied().max_by_key(priority) else { return Vec::new() };
        if self.changes.contains(&self.turns) {
            let priority = HORIZON.saturating_sub(self.turns).into();
            self.standings.insert(chosen, Standing { priority, turns: 0 });
        }
        self.turns += 1;
        if ready.len() > 1
            && let Some(standing) = self.standings.get_mut(&chosen)
        {
            standing.turns += 1;
            if standing.turns > MAX_TURNS {
                self.lower(chosen);
            }
        }
        let others = ready.iter().copied().filter(|slot| *slot != chosen).collect();
        ready.clear();
        ready.push_back(chosen);
        others
    }

    /// Puts a component behind all others.
    pub fn lower(&mut self, slot: u32) {
        if self.policy == Policy::Priority {
            self.lowest -= 1;
            self.standings.insert(slot, Standing { priority: self.lowest, turns: 0 });
        }
    }

    /// Forgets the priority of the component in a slot, so that its successor does not inherit it (MP-3).
    pub fn forget(&mut self, slot: u32) {
        self.standings.remove(&slot);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots that have a turn in each of `passes` passes in which the same slots are ready, and those that have none.
    fn passes(policy: Policy, seed: u64, ready: &[u32], passes: usize) -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut order = TurnOrder::new(policy, seed);
        let mut pass = || {
            let mut turns: VecDeque<u32> = ready.iter().copied().collect();
            let others = order.arrange(&mut turns);
            (turns.into(), others)
        };
        (0..passes).map(|_| pass()).collect()
    }

    #[test]
    fn a_policy_can_be_looked_up_by_name() {
        for policy in [Policy::RoundRobin, Policy::Random, Policy::Priority] {
            assert_eq!(Policy::from_name(policy.name()), Some(policy));
        }
        assert_eq!(Policy::from_name("roundrobin"), None);
    }

    #[test]
    fn round_robin_keeps_the_order_and_gives_the_whole_budget() {
        assert_eq!(passes(Policy::RoundRobin, 7, &[3, 1, 2], 2), vec![(vec![3, 1, 2], vec![]); 2]);
        assert_eq!(TurnOrder::new(Policy::RoundRobin, 7).budget(), TURN_BUDGET);
    }

    #[test]
    fn a_random_order_gives_every_slot_one_turn_and_depends_on_the_seed_only() {
        let ready: Vec<u32> = (0..8).collect();
        let one = passes(Policy::Random, 1, &ready, 20);
        for (turns, others) in &one {
            let mut sorted = turns.clone();
            sorted.sort_unstable();
            assert_eq!((sorted, others.len()), (ready.clone(), 0));
        }
        assert!(one.windows(2).any(|pair| pair[0] != pair[1]), "the order changes from pass to pass");
        assert_eq!(one, passes(Policy::Random, 1, &ready, 20));
        assert_ne!(one, passes(Policy::Random, 2, &ready, 20));
        let mut order = TurnOrder::new(Policy::Random, 1);
        let budgets: Vec<u32> = (0..200).map(|_| order.budget()).collect();
        assert_eq!((budgets.iter().min(), budgets.iter().max()), (Some(&1), Some(&8)));
    }

    #[test]
    fn by_priority_one_slot_has_a_turn_of_one_message_and_the_others_keep_their_order() {
        for seed in 0..20 {
            let found = passes(Policy::Priority, seed, &[4, 2, 9], 50);
            for (turns, others) in &found {
                let rest: Vec<u32> = [4, 2, 9].into_iter().filter(|slot| !turns.contains(slot)).collect();
                assert_eq!((turns.len(), others), (1, &rest), "seed {seed}");
            }
            assert_eq!(found, passes(Policy::Priority, seed, &[4, 2, 9], 50), "seed {seed}");
            assert_eq!(TurnOrder::new(Policy::Priority, seed).budget(), 1);
        }
    }

    #[test]
    fn priorities_change_a_few_times_and_a_lowered_one_stays_below_the_others() {
        let mut most = 0;
        for seed in 0..50 {
            let slots: Vec<u32> = (0..10).collect();
            let found = passes(Policy::Priority, seed, &slots, HORIZON as usize + 50);
            let chosen: Vec<u32> = found.iter().map(|(turns, _)| turns[0]).collect();
            let changes = chosen.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!(changes <= CHANGES as usize, "seed {seed}: {changes} changes");
            let before = chosen.partition_point(|slot| *slot == chosen[0]);
            assert!(
                !chosen[before..].contains(&chosen[0]),
                "seed {seed}: a lowered slot has no turn while others are ready"
            );
            most = most.max(changes);
        }
        assert_eq!(most, CHANGES as usize, "some seed lowers as many priorities as it may");
    }

    #[test]
    fn no_slot_has_a_turn_when_none_is_ready() {
        for policy in [Policy::RoundRobin, Policy::Random, Policy::Priority] {
            assert_eq!(passes(policy, 0, &[], 1), [(vec![], vec![])], "{policy:?}");
        }
    }
}
