//! The outcome of one run, and how often each outcome occurred. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::RunEnd;

use crate::cli::recording::Fnv;

/// How many lines of one run are kept; the others are only counted and hashed.
const LINES: usize = 1000;

/// The console output of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Console {
    /// The first lines.
    pub lines: Vec<String>,
    /// How many more lines there were.
    pub more: u64,
    hash_of_more: u64,
}

impl Console {
    /// Adds a line.
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
    /// The clock reached its limit.
    AtLimit,
    /// The number of passes reached its limit.
    Busy,
    /// No component could continue; the text gives the reason.
    Stalled(String),
}

impl Ending {
    /// Its name in the JSON report.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::AtLimit => "limit reached",
            Self::Busy => "busy",
            Self::Stalled(_) => "stalled",
        }
    }
}

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// The names of the crashed components, each with its error.
    pub crashes: Vec<(String, String)>,
    /// What it printed on the console.
    pub console: Console,
}

impl Outcome {
    /// The outcome of a finished run.
    pub fn of(console: Console, end: &RunEnd, snapshot: &Snapshot, passes: u64) -> Self {
        let ending = match end {
            RunEnd::Ended | RunEnd::Quit => Ending::Ended,
            RunEnd::LimitReached if snapshot.pass >= passes => Ending::Busy,
            RunEnd::LimitReached => Ending::AtLimit,
            RunEnd::Stalled(reason) => Ending::Stalled(reason.clone()),
        };
        let crash = |state: &State| match state {
            State::Crashed(fault) => Some(fault.to_string()),
            _ => None,
        };
        let crashes = snapshot.components.iter().filter_map(|view| Some((view.name.to_string(), crash(&view.state)?)));
        let past = snapshot.past_crashes.iter().map(|(name, fault)| (name.to_string(), fault.to_string()));
        Self { ending, crashes: crashes.chain(past).collect(), console }
    }

    /// Whether a component crashed or the system stalled.
    pub fn is_bad(&self) -> bool {
        !self.crashes.is_empty() || matches!(self.ending, Ending::Stalled(_))
    }
}

/// An outcome, how often it occurred and the first seed that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The outcome.
    pub outcome: Outcome,
    /// How often it occurred.
    pub count: u64,
    /// The first seed that gave it.
    pub seed: u64,
}

/// Counts outcomes.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Outcome, (u64, u64)>,
}

impl Tally {
    /// Adds the outcome of this seed.
    pub fn add(&mut self, outcome: Outcome, seed: u64) {
        self.counts.entry(outcome).or_insert((0, seed)).0 += 1;
    }

    /// The distinct outcomes, most frequent first; ties in order of their first seeds.
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
    fn the_most_frequent_outcome_comes_first_with_its_first_seed() {
        let mut tally = Tally::default();
        for (seed, line) in [(5, "rare"), (6, "often"), (7, "often")] {
            tally.add(printed(&[line.to_owned()]), seed);
        }
        let found: Vec<(u64, u64)> = tally.found().iter().map(|found| (found.count, found.seed)).collect();
        assert_eq!(found, [(2, 6), (1, 5)]);
    }

    #[test]
    fn long_outputs_that_differ_late_are_distinct_outcomes() {
        let mut lines = vec!["x".to_owned(); LINES + 5];
        let one = printed(&lines);
        lines[LINES + 2] = "y".to_owned();
        assert_eq!((one.console.lines.len(), one.console.more), (LINES, 5));
        assert_ne!(one, printed(&lines));
    }
}
