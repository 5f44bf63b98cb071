//! FrameEditor: the small window that edits the title, notes and colour of a frame and applies them as one command.

use egui::{Id, Key, Rect, Sense, TextEdit, Ui, Vec2, Window};

use super::view::CanvasView;
use crate::command::CommandQueue;
use crate::document::{EditCommand, FRAME_COLOURS, Frame, FrameId};

/// The state of the open window.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameEditor {
    id: FrameId,
    draft: Option<Frame>,
    is_settled: bool,
}

impl FrameEditor {
    /// An editor for this frame.
    pub fn new(id: FrameId) -> Self {
        Self { id, draft: None, is_settled: false }
    }

    /// The frame being edited.
    pub fn id(&self) -> FrameId {
        self.id
    }
}

/// Draws the window. Returns `false` when it should close.
pub fn frame_editor_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    editor: &mut FrameEditor,
    at: Rect,
    commands: &mut CommandQueue,
) -> bool {
    let Some(frame) = view.document.frame(editor.id) else { return false };
    let draft = editor.draft.get_or_insert_with(|| frame.clone());
    // Keep a move or resize of the frame made in the meantime.
    draft.rect_in_canvas = frame.rect_in_canvas;
    let mut open = true;
    let mut done = false;
    let cancelled = ui.input(|input| input.key_pressed(Key::Escape));
    let window = Window::new("Frame").id(Id::unique("frame editor")).collapsible(false).resizable(false);
    window.default_pos(at.left_top() + Vec2::new(8.0, 30.0)).open(&mut open).show(ui.ctx(), |ui| {
        ui.set_width(280.0);
        let label = ui.label("Title");
        let title = ui.add(TextEdit::singleline(&mut draft.title).desired_width(f32::INFINITY)).labelled_by(label.id);
        if !editor.is_settled {
            // Until the press that opened the window ends, because egui treats that press as a click elsewhere.
            title.request_focus();
            editor.is_settled = ui.input(|input| !input.pointer.any_down() && !input.pointer.any_released());
        }
        done |= title.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let label = ui.label("Notes");
        ui.add(TextEdit::multiline(&mut draft.notes).desired_rows(3).desired_width(f32::INFINITY))
            .labelled_by(label.id);
        ui.horizontal(|ui| {
            for colour in 0..FRAME_COLOURS {
                let (rect, response) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::click());
                response.widget_info(|| {
                    let name = format!("Colour {}", colour + 1);
                    egui::WidgetInfo::selected(egui::accesskit::Role::RadioButton, true, draft.colour == colour, name)
                });
                ui.painter().rect_filled(rect.shrink(3.0), 3, view.theme.frame(colour));
                if draft.colour == colour {
                    let stroke = egui::Stroke::new(1.5, view.theme.strong);
                    ui.painter().rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
                }
                if response.clicked() {
                    draft.colour = colour;
                }
            }
        });
        done |= ui.button("Done").clicked();
    });
    let close = done || !open;
    if close && !cancelled && draft != frame {
        commands.edit(EditCommand::EditFrame { frame: draft.clone() });
    }
    !close && !cancelled
}
