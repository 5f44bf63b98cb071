//! Notices: sentences on their way to the user, shown for a few seconds above the status line.

use std::time::{Duration, Instant};

use egui::{Align2, Area, Id, Order, RichText, Ui, vec2};

use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{HAIRLINE, Tokens};

/// How long a notice stays.
const STAYS: Duration = Duration::from_secs(6);

/// How many are shown at once.
const MOST: usize = 4;

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Something was done.
    Done,
    /// Something was refused or failed.
    Wrong,
}

/// One sentence.
#[derive(Debug, Clone)]
struct Notice {
    words: String,
    gravity: Gravity,
    until: Instant,
}

/// The sentences that are shown.
#[derive(Debug, Default)]
pub struct Notices {
    shown: Vec<Notice>,
}

impl Notices {
    /// Says that something was done.
    pub fn done(&mut self, words: impl Into<String>) {
        self.push(words.into(), Gravity::Done);
    }

    /// Says that something was refused or failed, and why.
    pub fn wrong(&mut self, words: impl Into<String>) {
        self.push(words.into(), Gravity::Wrong);
    }

    fn push(&mut self, words: String, gravity: Gravity) {
        let words = sentence(&words);
        let stays = if gravity == Gravity::Wrong { STAYS * 2 } else { STAYS };
        self.shown.retain(|notice| notice.words != words);
        self.shown.push(Notice { words, gravity, until: Instant::now() + stays });
        let surplus = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..surplus);
    }

    /// The words that are shown, oldest first.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|notice| notice.words.as_str())
    }

    /// Draws them and forgets the ones whose time is over.
    pub fn ui(&mut self, ui: &mut Ui, bottom: egui::Pos2) {
        let now = Instant::now();
        self.shown.retain(|notice| notice.until > now);
        let Some(next) = self.shown.iter().map(|notice| notice.until).min() else { return };
        ui.ctx().request_repaint_after(next.saturating_duration_since(now));
        let theme = Tokens::of(ui.ctx());
        let area = Area::new(Id::unique("notices")).order(Order::Middle).pivot(Align2::CENTER_BOTTOM).fixed_pos(bottom);
        let mut closed = None;
        area.show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for (index, notice) in self.shown.iter().enumerate() {
                let ink = match notice.gravity {
                    Gravity::Done => theme.good,
                    Gravity::Wrong => theme.bad,
                };
                let frame = egui::Frame::popup(ui.style())
                    .fill(theme.raised)
                    .stroke(egui::Stroke::new(HAIRLINE, theme.outline))
                    .inner_margin(egui::Margin::symmetric(12, 8));
                let response = frame.show(ui, |ui| {
                    ui.set_max_width(520.0);
                    ui.horizontal(|ui| {
                        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 16.0), egui::Sense::hover());
                        let icon = if notice.gravity == Gravity::Done { Icon::Tick } else { Icon::Warning };
                        icons::paint(ui.painter(), icon, rect, ink);
                        ui.add(egui::Label::new(RichText::new(&notice.words).color(theme.text)).wrap());
                    });
                });
                if response.response.interact(egui::Sense::click()).clicked() {
                    closed = Some(index);
                }
            }
        });
        if let Some(index) = closed {
            self.shown.remove(index);
        }
    }
}

/// Words of an error as a sentence: a capital at the beginning, a full stop at the end.
fn sentence(words: &str) -> String {
    let mut letters = words.trim().chars();
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
    fn the_same_words_are_shown_once() {
        let mut notices = Notices::default();
        notices.wrong("there is no component #7");
        notices.wrong("there is no component #7");
        assert_eq!(notices.words().collect::<Vec<_>>(), ["There is no component #7."]);
    }
}
