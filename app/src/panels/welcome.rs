//! The hints on an empty canvas.

use egui::{Align, Button, Layout, RichText, Ui, vec2};

use super::PanelView;
use crate::command::{CommandQueue, EditAction, FileCommand};
use crate::theme::tokens::{self, SIZE_SMALL};

/// The suggested examples, easiest first. The File menu lists all examples.
const FIRST_STEPS: [&str; 6] =
    ["console-echo", "meow-mix", "slideshow", "unix-pipeline", "echo-server", "simple-radio"];

/// Draws the hints.
pub fn welcome_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let theme = view.theme;
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let title = if view.scope.is_some() { "Nothing inside yet" } else { "An empty canvas" };
        ui.label(RichText::new(title).font(tokens::font_strong(18.0)).color(theme.strong));
        ui.label(
            RichText::new("Drag a component from the palette, or press Tab and type its name.").color(theme.muted),
        );
        ui.label(RichText::new("Then drag from an outbox to an inbox, and press F5.").color(theme.muted));
        ui.add_space(8.0);
        ui.allocate_ui_with_layout(vec2(320.0, 30.0), Layout::left_to_right(Align::Center), |ui| {
            let add = Button::new(RichText::new("Add component…").color(theme.strong)).min_size(vec2(156.0, 28.0));
            if ui.add(add).clicked() {
                commands.push(EditAction::AddComponent);
            }
            if ui.add(Button::new("Open a project…").min_size(vec2(156.0, 28.0))).clicked() {
                commands.push(FileCommand::Open);
            }
        });
        let first: Vec<&str> =
            FIRST_STEPS.into_iter().filter(|name| view.examples.iter().any(|known| known == name)).collect();
        if view.scope.is_none() && !first.is_empty() {
            ui.add_space(10.0);
            let text = "or look at an example (the File menu has more)";
            ui.label(RichText::new(text).size(SIZE_SMALL).color(theme.muted));
            for names in first.chunks(3) {
                row_ui(ui, names, commands);
            }
        }
    });
}

/// Draws a centred row of example names.
fn row_ui(ui: &mut Ui, names: &[&str], commands: &mut CommandQueue) {
    let font = tokens::font(tokens::SIZE_BODY);
    let galleys =
        names.iter().map(|name| ui.painter().layout_no_wrap((*name).to_owned(), font.clone(), tokens::UNTINTED));
    let width: f32 = galleys.map(|galley| galley.size().x + 18.0).sum::<f32>() + 8.0 * (names.len() as f32 - 1.0);
    ui.allocate_ui_with_layout(vec2(width, 24.0), Layout::left_to_right(Align::Center), |ui| {
        for name in names {
            if ui.add(Button::new(*name).min_size(vec2(0.0, 24.0))).clicked() {
                commands.push(FileCommand::OpenExample((*name).to_owned()));
            }
        }
    });
}
