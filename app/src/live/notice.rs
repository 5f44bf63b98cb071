//! Notice: a sentence for the user, shown for a few seconds. The panels draw the list and do not change it.

use std::time::{Duration, Instant};

/// How long a notice stays.
const STAYS: Duration = Duration::from_secs(6);

/// How many are shown at once.
const MOST: usize = 4;

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Something was done.
    Done,
    /// Something was refused or failed.
    Wrong,
}

/// One sentence.
#[derive(Debug, Clone)]
pub struct Notice {
    text: String,
    gravity: Gravity,
    until: Instant,
}

impl Notice {
    /// Says that something was done.
    pub fn done(text: &str) -> Self {
        Self { text: sentence(text), gravity: Gravity::Done, until: Instant::now() + STAYS }
    }

    /// Says that something was refused or failed, and why.
    pub fn wrong(text: &str) -> Self {
        Self { text: sentence(text), gravity: Gravity::Wrong, until: Instant::now() + STAYS * 2 }
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How serious it is.
    pub fn gravity(&self) -> Gravity {
        self.gravity
    }

    /// When it is no longer shown.
    pub fn until(&self) -> Instant {
        self.until
    }
}

/// The notices that are shown, oldest first.
#[derive(Debug, Default)]
pub struct Notices {
    shown: Vec<Notice>,
}

impl Notices {
    /// Shows a notice. A notice with the same text is replaced.
    pub fn push(&mut self, notice: Notice) {
        self.close(&notice.text);
        self.shown.push(notice);
        let surplus = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..surplus);
    }

    /// No longer shows the notice with this text.
    pub fn close(&mut self, text: &str) {
        self.shown.retain(|notice| notice.text != text);
    }

    /// No longer shows notices whose time is over.
    pub fn forget_old(&mut self, now: Instant) {
        self.shown.retain(|notice| notice.until > now);
    }

    /// The notices that are shown, oldest first.
    pub fn shown(&self) -> &[Notice] {
        &self.shown
    }
}

/// The text of an error as a sentence: a capital at the beginning, a full stop at the end.
fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let mut sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_shown_once_and_not_for_ever() {
        let mut notices = Notices::default();
        notices.push(Notice::wrong("there is no component #7"));
        notices.push(Notice::wrong("there is no component #7"));
        let texts: Vec<&str> = notices.shown().iter().map(Notice::text).collect();
        assert_eq!(texts, ["There is no component #7."]);
        notices.forget_old(Instant::now() + STAYS);
        assert_eq!(notices.shown().len(), 1);
        notices.forget_old(Instant::now() + STAYS * 2);
        assert!(notices.shown().is_empty());
    }
}
