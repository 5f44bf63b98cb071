//! Slot: where a surface is drawn, and what all surfaces draw with.

use egui::{Align2, CornerRadius, FontId, Id, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use crate::canvas::pictures::Pictures;
use crate::theme::tokens::{self, RADIUS_CONTROL, Tokens};

/// Where a surface is drawn and what it needs to remember.
pub struct Slot<'a> {
    /// Where, on the screen.
    pub rect: Rect,
    /// Points on the screen for one unit.
    pub scale: f32,
    /// Identity of its widgets.
    pub id: Id,
    /// The component's name, for those who cannot see it.
    pub name: &'a str,
    /// Textures.
    pub pictures: &'a mut Pictures,
    /// Whether it is on the stage, where keys and wheel have nothing else to do and a press is not about the whole
    /// component: its parts can be picked and dragged.
    pub on_stage: bool,
    /// What is typed into a prompt and not sent yet.
    pub draft: &'a mut String,
}

/// A button, drawn, and what the mouse does with it.
pub fn pressable(ui: &Ui, slot: &Slot<'_>, caption: &str, theme: &Tokens) -> Response {
    let response = ui.interact(slot.rect, slot.id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, caption));
    let ground = if response.is_pointer_button_down_on() {
        theme.selection
    } else if response.hovered() {
        crate::canvas::paint::blend(theme.selection_ground, theme.selection, 0.35)
    } else {
        theme.selection_ground
    };
    let text = if response.is_pointer_button_down_on() { theme.background } else { theme.strong };
    let radius = CornerRadius::same((f32::from(RADIUS_CONTROL) * slot.scale * 0.75) as u8);
    let focus = if response.has_focus() { Stroke::new(2.0, theme.selection) } else { Stroke::NONE };
    ui.painter().rect(slot.rect, radius, ground, focus, StrokeKind::Outside);
    centred(ui.painter(), slot.rect, slot.scale, caption, tokens::font_strong(11.0), text);
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    response
}

/// One line in the middle, shortened to fit.
pub fn centred(painter: &egui::Painter, rect: Rect, scale: f32, words: &str, font: FontId, colour: egui::Color32) {
    let font = sized(font, scale);
    if font.size < 5.0 {
        return;
    }
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - 4.0).max(1.0));
    let galley = painter.layout_job(job);
    let place = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    painter.galley(place.min.round(), galley, colour);
}

/// A font at this scale, in half points.
pub fn sized(font: FontId, scale: f32) -> FontId {
    FontId { size: (font.size * scale * 2.0).round() / 2.0, ..font }
}
