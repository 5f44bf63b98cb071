//! Console: the last lines that console components printed. Bounded; the oldest go first and are counted.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many lines are kept.
const MOST_LINES: usize = 10_000;

/// One line of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleLine {
    /// Counts up from 1 over the whole run.
    pub number: u64,
    /// Which component printed it, by its path.
    pub component: Arc<str>,
    /// What it printed.
    pub text: String,
}

/// The last lines of the console.
#[derive(Debug, Clone, Default)]
pub struct Console {
    lines: VecDeque<ConsoleLine>,
    printed: u64,
}

impl Console {
    /// The lines that are kept, oldest first.
    pub fn lines(&self) -> &VecDeque<ConsoleLine> {
        &self.lines
    }

    /// How many lines were printed in all.
    pub fn printed(&self) -> u64 {
        self.printed
    }

    /// How many lines are gone.
    pub fn lost(&self) -> u64 {
        self.printed - self.lines.len() as u64
    }

    /// Takes in new lines, and how many were lost before them.
    pub fn add(&mut self, lines: impl IntoIterator<Item = (Arc<str>, String)>, lost: u64) {
        self.printed += lost;
        for (component, text) in lines {
            self.printed += 1;
            self.lines.push_back(ConsoleLine { number: self.printed, component, text });
        }
        while self.lines.len() > MOST_LINES {
            self.lines.pop_front();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_lines_go_and_are_counted() {
        let mut console = Console::default();
        console.add((0..10_005).map(|number| ("a".into(), number.to_string())), 3);
        assert_eq!((console.lines().len(), console.printed(), console.lost()), (10_000, 10_008, 8));
        assert_eq!(console.lines().back().map(|line| (line.number, line.text.as_str())), Some((10_008, "10004")));
    }
}
