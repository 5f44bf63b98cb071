//! The dock: the panel below the canvas with its tabs, one file each.

pub mod components;
pub mod console;
pub mod messages;
pub mod problems;
pub mod time;

use egui::{Ui, vec2};

use super::{PanelView, PanelsState};
use crate::command::{CommandQueue, DockTab, RunCommand, ViewCommand};
use crate::theme::icons::Icon;
use crate::theme::widgets::{icon_button_sized, tab};
use crate::workspace::findings::grave_count;

/// Draws the tabs and the selected panel.
pub fn dock_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut PanelsState, commands: &mut CommandQueue) {
    let shown = view.session.panels.tab;
    let bar = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(8.0);
        for name in DockTab::ALL {
            let (count, is_bad) = match name {
                DockTab::Problems => (view.findings.len(), grave_count(view.findings) > 0),
                _ => (0, false),
            };
            if tab(ui, name.title(), count, is_bad, name == shown).clicked() {
                commands.push(ViewCommand::ShowTab(name));
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            let tooltip = "Hides this panel (Ctrl+J)";
            if icon_button_sized(ui, Icon::Down, "Hide the panel below", tooltip, vec2(24.0, 22.0)).clicked() {
                commands.push(ViewCommand::ToggleDock);
            }
            if shown == DockTab::Console && !view.live.console().is_empty() && ui.available_width() > 64.0 {
                let clear = egui::Button::new("Clear").small();
                if ui.add(clear).on_hover_text("Clears the console").clicked() {
                    commands.push(RunCommand::ClearConsole);
                }
            }
        });
    });
    let line = egui::Stroke::new(1.0, view.theme.line);
    ui.painter().hline(ui.max_rect().x_range(), bar.response.rect.bottom(), line);
    ui.push_id(shown.title(), |ui| match shown {
        DockTab::Console => console::console_ui(ui, view, &mut state.console, commands),
        DockTab::Problems => problems::problems_ui(ui, view, commands),
        DockTab::Messages => messages::messages_ui(ui, view, &mut state.messages),
        DockTab::Components => components::components_ui(ui, view, &mut state.components, commands),
        DockTab::Time => time::time_ui(ui, view, commands),
    });
}
