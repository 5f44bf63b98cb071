//! The console: the lines that components print, and an input field for each component that asks for input.

use std::collections::BTreeMap;

use compose_runtime::introspect::snapshot::ComponentView;
use compose_runtime::message::Message;
use egui::{Key, RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::command::{CommandQueue, RunCommand};
use crate::document::NodeId;
use crate::panels::PanelView;
use crate::panels::number_text::count_text;
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::empty;

/// The state of the console: the text typed for each component.
#[derive(Debug, Default)]
pub struct ConsoleState {
    entries: BTreeMap<NodeId, String>,
}

/// Draws the console.
pub fn console_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut ConsoleState, commands: &mut CommandQueue) {
    let prompts: Vec<(&ComponentView, &str)> = view.live.prompts().collect();
    let entry_height = prompts.len() as f32 * 30.0;
    let height = (ui.available_height() - entry_height).max(20.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        lines_ui(ui, view);
    });
    for (component, prompt) in prompts {
        let id = NodeId::from(component.id);
        entry_ui(ui, view, id, &component.name, prompt, state.entries.entry(id).or_default(), commands);
    }
}

fn lines_ui(ui: &mut Ui, view: &PanelView<'_>) {
    let console = view.live.console();
    if console.is_empty() {
        empty(ui, "Nothing printed yet. Output from console components appears here.");
        return;
    }
    if let Some(text) = lost_text(console.lost()) {
        ui.horizontal(|ui| {
            ui.add_space(16.0);
            ui.label(RichText::new(text).size(SIZE_SMALL).color(view.theme.careful));
        });
    }
    let row = 17.0;
    // `show_rows` expects rows without gaps.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show_rows(ui, row, console.len(), |ui, rows| {
        for line in console.lines().skip(rows.start).take(rows.len()) {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), row), egui::Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &line.text));
            let middle = rect.center().y;
            let names = ui.painter().with_clip_rect(egui::Rect::from_min_size(rect.min, vec2(118.0, row)));
            let left = egui::Align2::LEFT_CENTER;
            let at = egui::pos2(rect.left() + 16.0, middle);
            names.text(at, left, &line.component, tokens::font(SIZE_SMALL), view.theme.muted);
            let ink = if line.is_typed { view.theme.selection } else { view.theme.text };
            let at = egui::pos2(rect.left() + 126.0, middle);
            let font = tokens::font_mono(SIZE_SMALL + 0.5);
            let shown = ui.painter().text(at, left, &line.text, font, ink);
            if shown.right() > rect.right() {
                response.on_hover_text(&line.text);
            }
        }
    });
}

/// A note that lines are missing.
fn lost_text(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 earlier line is lost".to_owned()),
        count => Some(format!("{} earlier lines are lost", count_text(count))),
    }
}

fn entry_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    id: NodeId,
    name: &str,
    prompt: &str,
    text: &mut String,
    commands: &mut CommandQueue,
) {
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        let (rect, _) = ui.allocate_exact_size(vec2(102.0, 22.0), egui::Sense::hover());
        let names = ui.painter().with_clip_rect(rect);
        let font = tokens::font(SIZE_SMALL);
        names.text(rect.left_center(), egui::Align2::LEFT_CENTER, name, font, view.theme.muted);
        if !prompt.is_empty() {
            ui.label(RichText::new(prompt).font(tokens::font_mono(SIZE_BODY)).color(view.theme.text));
        }
        let field = TextEdit::singleline(text)
            .font(tokens::font_mono(SIZE_BODY))
            .hint_text("Type a line and press Enter")
            .desired_width(ui.available_width() - 110.0);
        let response = ui.add(field).accessible_name(format!("Line for {name}"));
        let is_sent = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.button("Send").clicked() || is_sent {
            let line = std::mem::take(text);
            commands.push(RunCommand::SurfaceEvent { node: id, event: Message::text(line) });
            response.request_focus();
        }
        let end = ui.button("End").on_hover_text("Ends the input: the component gets no more lines");
        if end.clicked() {
            commands.push(RunCommand::SurfaceEvent { node: id, event: Message::ProducerFinished });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_lines_are_reported() {
        assert_eq!(lost_text(0), None);
        assert_eq!(lost_text(1).as_deref(), Some("1 earlier line is lost"));
        assert_eq!(lost_text(12_000).as_deref(), Some("12\u{2009}000 earlier lines are lost"));
    }
}
