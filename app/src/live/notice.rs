//! Notice: a short message to the user, shown for a few seconds. The panels draw the notices and do not change them.

use std::time::{Duration, Instant};

use crate::wording::sentence;

/// How long a notice is shown. Errors are shown twice as long.
const STAYS: Duration = Duration::from_secs(6);

/// How many notices are shown at once.
const MOST: usize = 4;

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// An action succeeded.
    Done,
    /// An action was refused or failed.
    Wrong,
}

/// A message to the user.
#[derive(Debug, Clone)]
pub struct Notice {
    text: String,
    gravity: Gravity,
    until: Instant,
}

impl Notice {
    /// Creates a notice that an action succeeded.
    pub fn done(text: &str) -> Self {
        Self { text: sentence(text), gravity: Gravity::Done, until: Instant::now() + STAYS }
    }

    /// Creates a notice that an action was refused or failed.
    pub fn wrong(text: &str) -> Self {
        Self { text: sentence(text), gravity: Gravity::Wrong, until: Instant::now() + STAYS * 2 }
    }

    /// The text, a full sentence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How serious it is.
    pub fn gravity(&self) -> Gravity {
        self.gravity
    }

    /// When the notice disappears.
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
    /// Shows a notice. It replaces a notice with the same text.
    pub fn push(&mut self, notice: Notice) {
        self.close(&notice.text);
        self.shown.push(notice);
        let surplus = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..surplus);
    }

    /// Removes the notice with this text.
    pub fn close(&mut self, text: &str) {
        self.shown.retain(|notice| notice.text != text);
    }

    /// Removes expired notices.
    pub fn forget_old(&mut self, now: Instant) {
        self.shown.retain(|notice| notice.until > now);
    }

    /// The notices that are shown, oldest first.
    pub fn shown(&self) -> &[Notice] {
        &self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_shown_once_and_expires() {
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
