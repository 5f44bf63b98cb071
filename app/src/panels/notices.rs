//! Notices: short messages above the status bar, shown for a few seconds. A click closes a notice.

use std::time::Instant;

use egui::{Align2, Area, Id, Order, RichText, Ui, vec2};

use super::PanelView;
use crate::command::{CommandQueue, ViewCommand};
use crate::live::notice::{Gravity, Notice};
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::HAIRLINE;

/// Draws the notices above the point `bottom`.
pub fn notices_ui(ui: &Ui, view: &PanelView<'_>, bottom: egui::Pos2, commands: &mut CommandQueue) {
    let shown = view.notices.shown();
    let Some(next) = shown.iter().map(Notice::until).min() else { return };
    ui.ctx().request_repaint_after(next.saturating_duration_since(Instant::now()));
    let area = Area::new(Id::unique("notices")).order(Order::Middle).pivot(Align2::CENTER_BOTTOM).fixed_pos(bottom);
    area.show(ui.ctx(), |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for notice in shown {
            notice_ui(ui, view, notice, commands);
        }
    });
}

fn notice_ui(ui: &mut Ui, view: &PanelView<'_>, notice: &Notice, commands: &mut CommandQueue) {
    let theme = view.theme;
    let (ink, icon) = match notice.gravity() {
        Gravity::Done => (theme.good, Icon::Tick),
        Gravity::Wrong => (theme.bad, Icon::Warning),
    };
    let frame = egui::Frame::popup(ui.style())
        .fill(theme.raised)
        .stroke(egui::Stroke::new(HAIRLINE, theme.outline))
        .inner_margin(egui::Margin::symmetric(12, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_max_width(520.0);
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(14.0, 16.0), egui::Sense::hover());
            icons::paint(ui.painter(), icon, rect, ink);
            ui.add(egui::Label::new(RichText::new(notice.text()).color(theme.text)).wrap());
        });
    });
    if shown.response.interact(egui::Sense::click()).clicked() {
        commands.push(ViewCommand::CloseNotice(notice.text().to_owned()));
    }
}
