//! The inspector of a frame: title, notes and colour.

use egui::{RichText, Sense, Stroke, StrokeKind, TextEdit, Ui, vec2};

use super::section::{divider, section};
use crate::command::CommandQueue;
use crate::document::{EditCommand, FRAME_COLOURS, Frame, FrameId};
use crate::panels::PanelView;
use crate::theme::tokens::{self, SIZE_TITLE};
use crate::theme::widgets::muted;

/// The title and notes being typed, with the frame that they belong to.
type Draft = Option<(FrameId, String, String)>;

/// Draws the properties of a frame.
pub fn frame_ui(ui: &mut Ui, view: &PanelView<'_>, frame: &Frame, draft: &mut Draft, commands: &mut CommandQueue) {
    if draft.as_ref().is_some_and(|(id, ..)| *id != frame.id) {
        flush(view, draft, commands);
    }
    let (mut title, mut notes) = draft
        .as_ref()
        .map_or_else(|| (frame.title.clone(), frame.notes.clone()), |(_, title, notes)| (title.clone(), notes.clone()));
    section(ui, "", |ui| {
        ui.label(RichText::new("Frame").font(tokens::font_strong(SIZE_TITLE)).color(view.theme.strong));
        muted(ui, "Groups components visually. Frames have no effect on the running system.");
    });
    divider(ui, view);
    section(ui, "", |ui| {
        let label = ui.label("title");
        let first = ui.add(TextEdit::singleline(&mut title).desired_width(f32::INFINITY)).labelled_by(label.id);
        ui.add_space(4.0);
        let label = ui.label("notes");
        let field = TextEdit::multiline(&mut notes).desired_width(f32::INFINITY).desired_rows(6);
        let second = ui.add(field).labelled_by(label.id);
        if first.changed() || second.changed() {
            *draft = Some((frame.id, title, notes));
        }
        if first.lost_focus() || second.lost_focus() {
            flush(view, draft, commands);
        }
        ui.add_space(4.0);
        ui.label("colour");
        ui.horizontal(|ui| {
            for colour in 0..FRAME_COLOURS {
                let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::click());
                let name = format!("Colour {}", colour + 1);
                let is_chosen = frame.colour == colour;
                response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, is_chosen, &name));
                ui.painter().rect_filled(rect.shrink(3.0), 4.0, view.theme.frame(colour));
                if is_chosen || response.has_focus() || response.hovered() {
                    let ink = if is_chosen { view.theme.selection } else { view.theme.outline };
                    ui.painter().rect_stroke(rect, 6.0, Stroke::new(1.5, ink), StrokeKind::Inside);
                }
                if response.clicked() && !is_chosen {
                    commands.edit(EditCommand::EditFrame { frame: Frame { colour, ..frame.clone() } });
                }
            }
        });
        ui.add_space(8.0);
        if ui.button("Remove frame").on_hover_text("Removes the frame but not the components in it").clicked() {
            commands.edit(EditCommand::RemoveFrame { id: frame.id });
        }
    });
}

/// Queues an edit for the typed text.
pub fn flush(view: &PanelView<'_>, draft: &mut Draft, commands: &mut CommandQueue) {
    let Some((id, title, notes)) = draft.take() else { return };
    let Some(frame) = view.document.frame(id) else { return };
    if frame.title != title || frame.notes != notes {
        commands.edit(EditCommand::EditFrame { frame: Frame { title, notes, ..frame.clone() } });
    }
}
