//! Report: collects the problems of a project file while it is read. Bounded, so that hostile files stay harmless.

use crate::document::{Place, Problem, Severity};

/// How many problems are told; more are only counted.
const MOST_PROBLEMS: usize = 500;

/// The problems found so far.
#[derive(Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
    untold: usize,
}

impl Report {
    /// Something in the file could not be read.
    pub fn file_error(&mut self, line: usize, keys: &str, words: &str, remedy: &str) {
        self.file(Severity::Error, line, keys, words, remedy);
    }

    /// Something in the file is odd, but does no harm.
    pub fn file_warning(&mut self, line: usize, keys: &str, words: &str, remedy: &str) {
        self.file(Severity::Warning, line, keys, words, remedy);
    }

    fn file(&mut self, severity: Severity, line: usize, keys: &str, words: &str, remedy: &str) {
        if self.problems.len() < MOST_PROBLEMS {
            let place = Place::File { line, keys: keys.to_owned() };
            self.problems.push(Problem::new(severity, place, words, remedy));
        } else {
            self.untold += 1;
        }
    }

    /// All problems, in the order of the file.
    pub fn into_problems(mut self) -> Vec<Problem> {
        if self.untold > 0 {
            let words = format!("there are {} more problems", self.untold);
            self.problems.push(Problem::new(
                Severity::Error,
                Place::Project,
                words,
                "correct the first ones, then look again",
            ));
        }
        self.problems
    }
}
