//! What can come out of a run, and how often it did. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::RunEnd;

use crate::cli::tape::Fnv;

/// How many lines of one run are kept; of the rest only their number and a hash.
const LINES: usize = 1000;

/// What a run has printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Console {
    /// The first lines.
    pub lines: Vec<String>,
    /// How many more there were.
    pub more: u64,
    hash_of_more: u64,
}

impl Console {
    /// Takes a line in.
    pub fn add(&mut self, line: &str) {
        if self.lines.len() < LINES {
            self.lines.push(line.to_owned());
            return;
        }
        let mut hash = Fnv(self.hash_of_more);
        hash.add(line.as_bytes());
        hash.add(b"\n");
        self.more += 1;
        self.hash_of_more = hash.0;
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Every component has ended.
    Ended,
    /// The clock reached the limit.
    AtLimit,
    /// The passes were used up.
    Busy,
    /// Nothing could move; in words.
    Stalled(String),
}

impl Ending {
    /// One word for programs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::AtLimit => "limit reached",
            Self::Busy => "busy",
            Self::Stalled(_) => "stalled",
        }
    }
}

/// What came out of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// Which components crashed, and their words.
    pub crashes: Vec<(String, String)>,
    /// What it printed.
    pub console: Console,
}

impl Outcome {
    /// What came out of a run that ended so.
    pub fn of(console: Console, end: &RunEnd, snapshot: &Snapshot, passes: u64) -> Self {
        let ending = match end {
            RunEnd::Ended | RunEnd::Quit => Ending::Ended,
            RunEnd::LimitReached if snapshot.pass >= passes => Ending::Busy,
            RunEnd::LimitReached => Ending::AtLimit,
            RunEnd::Stalled(words) => Ending::Stalled(words.clone()),
        };
        let crash = |state: &State| match state {
            State::Crashed(words) => Some(words.to_string()),
            _ => None,
        };
        let crashes = snapshot.components.iter().filter_map(|view| Some((view.name.to_string(), crash(&view.state)?)));
        let past = snapshot.past_crashes.iter().map(|(name, words)| (name.to_string(), words.to_string()));
        Self { ending, crashes: crashes.chain(past).collect(), console }
    }

    /// Whether something crashed or stalled.
    pub fn is_bad(&self) -> bool {
        !self.crashes.is_empty() || matches!(self.ending, Ending::Stalled(_))
    }
}

/// An outcome, how often it came and the first seed that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What came out.
    pub outcome: Outcome,
    /// How often.
    pub count: u64,
    /// The first seed.
    pub seed: u64,
}

/// Counts outcomes.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Outcome, (u64, u64)>,
}

impl Tally {
    /// Takes in what came out with this seed.
    pub fn add(&mut self, outcome: Outcome, seed: u64) {
        self.counts.entry(outcome).or_insert((0, seed)).0 += 1;
    }

    /// The distinct outcomes, most frequent first, then in the order in which they were seen.
    pub fn found(self) -> Vec<Found> {
        let found = self.counts.into_iter().map(|(outcome, (count, seed))| Found { outcome, count, seed });
        let mut found: Vec<Found> = found.collect();
        found.sort_by_key(|found| (Reverse(found.count), found.seed));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(lines: &[String]) -> Outcome {
        let mut console = Console::default();
        for line in lines {
            console.add(line);
        }
        Outcome { ending: Ending::Ended, crashes: Vec::new(), console }
    }

    #[test]
    fn the_most_frequent_is_first_with_its_first_seed() {
        let mut tally = Tally::default();
        for (seed, line) in [(5, "rare"), (6, "often"), (7, "often")] {
            tally.add(printed(&[line.to_owned()]), seed);
        }
        let found: Vec<(u64, u64)> = tally.found().iter().map(|found| (found.count, found.seed)).collect();
        assert_eq!(found, [(2, 6), (1, 5)]);
    }

    #[test]
    fn long_outputs_that_differ_late_are_different() {
        let mut lines = vec!["x".to_owned(); LINES + 5];
        let one = printed(&lines);
        lines[LINES + 2] = "y".to_owned();
        assert_eq!((one.console.lines.len(), one.console.more), (LINES, 5));
        assert_ne!(one, printed(&lines));
    }
}
