//! Report: collects the problems of a project file while it is read. Bounded, so that hostile files do no harm.

use crate::document::{Place, Problem, Severity};

/// How many problems are listed; further problems are only counted.
const MOST_PROBLEMS: usize = 500;

/// The problems found so far.
#[derive(Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
    unlisted: usize,
}

impl Report {
    /// Reports a part of the file that could not be read.
    pub fn file_error(&mut self, line: usize, keys: &str, message: &str, remedy: &str) {
        self.file(Severity::Error, line, keys, message, remedy);
    }

    /// Reports an oddity that does no harm.
    pub fn file_warning(&mut self, line: usize, keys: &str, message: &str, remedy: &str) {
        self.file(Severity::Warning, line, keys, message, remedy);
    }

    fn file(&mut self, severity: Severity, line: usize, keys: &str, message: &str, remedy: &str) {
        if self.problems.len() < MOST_PROBLEMS {
            let place = Place::File { line, keys: keys.to_owned() };
            self.problems.push(Problem::new(severity, place, message, remedy));
        } else {
            self.unlisted += 1;
        }
    }

    /// All problems, in the order of the file.
    pub fn into_problems(mut self) -> Vec<Problem> {
        if self.unlisted > 0 {
            let message = format!("there are {} more problems", self.unlisted);
            self.problems.push(Problem::new(
                Severity::Error,
                Place::Project,
                message,
                "correct the first ones, then check the file again",
            ));
        }
        self.problems
    }
}
