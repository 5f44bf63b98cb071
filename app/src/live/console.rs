//! Console: the last lines that components printed and that the user typed.
//!
//! The size is limited: the oldest lines are dropped first. The number of lost lines includes the lines that the
//! runtime dropped.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many lines are kept.
const MOST_LINES: usize = 10_000;

/// How many characters of a line are kept.
const LONGEST_LINE: usize = 2_000;

/// One line of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleLine {
    /// The component that printed the line or that the line was typed for, by its path.
    pub component: Arc<str>,
    /// The text, without the line break.
    pub text: String,
    /// Whether the user typed it.
    pub is_typed: bool,
}

/// The last lines of the console.
#[derive(Debug, Clone, Default)]
pub struct Console {
    lines: VecDeque<ConsoleLine>,
    lost: u64,
}

impl Console {
    /// The lines that are kept, oldest first.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &ConsoleLine> {
        self.lines.iter()
    }

    /// How many lines are kept.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether the console has no lines.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines were lost, before or between the lines that are kept.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Adds printed lines, and the number of lines lost before them.
    pub(super) fn add(&mut self, lines: impl IntoIterator<Item = (Arc<str>, String)>, lost: u64) {
        self.lost += lost;
        for (component, text) in lines {
            self.push(&component, &text, false);
        }
    }

    /// Adds a line that the user typed.
    pub(super) fn add_typed(&mut self, component: &Arc<str>, text: &str) {
        self.push(component, text, true);
    }

    /// Removes all lines.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds a text. Each line of the text becomes one line of the console.
    fn push(&mut self, component: &Arc<str>, text: &str, is_typed: bool) {
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            let text = line.chars().take(LONGEST_LINE).collect();
            self.lines.push_back(ConsoleLine { component: Arc::clone(component), text, is_typed });
        }
        while self.lines.len() > MOST_LINES {
            self.lines.pop_front();
            self.lost += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_are_dropped_and_counted() {
        let mut console = Console::default();
        console.add((0..10_005).map(|number| ("a".into(), format!("{number}\n"))), 3);
        assert_eq!((console.len(), console.lost()), (10_000, 8));
        assert_eq!(console.lines().next().map(|line| line.text.as_str()), Some("5"));
    }

    #[test]
    fn text_with_two_lines_becomes_two_lines() {
        let mut console = Console::default();
        console.add([("a".into(), "one\ntwo\n".to_owned())], 0);
        console.add_typed(&"b".into(), "three");
        let typed: Vec<bool> = console.lines().map(|line| line.is_typed).collect();
        assert_eq!(typed, [false, false, true]);
    }
}
