//! Slot: the area in which a surface is drawn, and helpers that several surfaces share.

use egui::{Align2, CornerRadius, FontId, Id, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use crate::canvas::pictures::Pictures;
use crate::theme::tokens::{self, RADIUS_CONTROL, Tokens};

/// The area of a surface, and the state it needs.
pub struct Slot<'a> {
    /// The area on the screen.
    pub rect: Rect,
    /// Points on the screen per unit.
    pub scale: f32,
    /// The id of its widgets.
    pub id: Id,
    /// The component's name, for assistive technology.
    pub name: &'a str,
    /// The textures of pictures.
    pub pictures: &'a mut Pictures,
    /// Whether it is on the stage. There it also reacts to keys, the wheel and drags, which belong to the canvas inside
    /// a node.
    pub on_stage: bool,
    /// The text typed into a prompt and not sent yet.
    pub draft: &'a mut String,
}

/// Draws a button and returns its response.
pub fn pressable(ui: &Ui, slot: &Slot<'_>, caption: &str, theme: &Tokens) -> Response {
    let response = ui.interact(slot.rect, slot.id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, caption));
    let background = if response.is_pointer_button_down_on() {
        theme.selection
    } else if response.hovered() {
        crate::canvas::paint::blend(theme.selection_background, theme.selection, 0.35)
    } else {
        theme.selection_background
    };
    let text = if response.is_pointer_button_down_on() { theme.background } else { theme.strong };
    let radius = CornerRadius::same((f32::from(RADIUS_CONTROL) * slot.scale * 0.75) as u8);
    let focus = if response.has_focus() { Stroke::new(2.0, theme.selection) } else { Stroke::NONE };
    ui.painter().rect(slot.rect, radius, background, focus, StrokeKind::Outside);
    centred(ui.painter(), slot.rect, slot.scale, caption, tokens::font_strong(11.0), text);
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    response
}

/// Draws one line of text at the centre, shortened to fit.
pub fn centred(painter: &egui::Painter, rect: Rect, scale: f32, text: &str, font: FontId, colour: egui::Color32) {
    let font = sized(font, scale);
    if font.size < 5.0 {
        return;
    }
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - 4.0).max(1.0));
    let galley = painter.layout_job(job);
    let rect = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    painter.galley(rect.min.round(), galley, colour);
}

/// A font at this scale, rounded to half points.
pub fn sized(font: FontId, scale: f32) -> FontId {
    FontId { size: (font.size * scale * 2.0).round() / 2.0, ..font }
}
