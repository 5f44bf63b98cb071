//! The sections of the inspector, and the lines between them.

use egui::Ui;

use crate::panels::PanelView;
use crate::theme::tokens::SPACE;
use crate::theme::widgets::heading;

/// Draws a section, with a heading unless `title` is empty.
pub fn section(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(14, 0)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if !title.is_empty() {
            heading(ui, title);
            ui.add_space(4.0);
        }
        add(ui);
    });
    ui.add_space(SPACE);
}

/// Draws the line between two sections.
pub fn divider(ui: &mut Ui, view: &PanelView<'_>) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, egui::Stroke::new(1.0, view.theme.line));
    ui.add_space(SPACE);
}
