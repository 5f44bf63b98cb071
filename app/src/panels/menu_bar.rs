//! The menu bar. Its entries come from the table of commands; the project name is in the centre.

use egui::{Button, Rect, RichText, ScrollArea, Ui, pos2, vec2};

use super::PanelView;
use super::command_state::{can, is_on, name_now};
use super::number_text::rate_text;
use crate::command::{AppCommand, Area, COMMANDS, CommandInfo, CommandQueue, FileCommand, ViewCommand};
use crate::theme::tokens::{self, SIZE_SMALL, SIZE_TITLE};
use crate::wording::count_of;

/// The margin above the bar.
const TOP: f32 = 7.0;

/// Draws the menu bar.
pub fn menu_bar_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let whole = ui.max_rect();
    // The surrounding frame has a margin only at the top.
    let bar = Rect::from_min_max(pos2(whole.left(), whole.top() - TOP), whole.max);
    title_ui(ui, bar, view);
    egui::MenuBar::new().ui(ui, |ui| {
        ui.spacing_mut().button_padding = vec2(9.0, 5.0);
        for area in Area::ALL {
            ui.menu_button(area.title(), |ui| {
                ui.spacing_mut().button_padding = vec2(8.0, 4.0);
                ui.set_min_width(250.0);
                menu_ui(ui, area, view, commands);
            });
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(8.0);
            let hint = RichText::new("Ctrl+K").size(SIZE_SMALL).color(view.theme.muted);
            let response = ui.add(Button::new(hint).frame_when_inactive(false));
            if response.on_hover_text("Finds and runs a command by its name").clicked() {
                commands.push(ViewCommand::CommandPalette);
            }
            if view.live.is_running() {
                let share = view.live.snapshot.as_ref().map_or(0.0, |snapshot| snapshot.observing * 100.0);
                let text = format!("observing {share:.1} %");
                ui.label(RichText::new(text).size(SIZE_SMALL).color(view.theme.muted))
                    .on_hover_text("The share of the scheduler's time spent on observing the system");
            }
        });
    });
}

fn title_ui(ui: &Ui, bar: Rect, view: &PanelView<'_>) {
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(view.project_name(), tokens::font_strong(SIZE_TITLE), view.theme.strong);
    let size = galley.size();
    let at = pos2(bar.center().x - size.x / 2.0, bar.center().y - size.y / 2.0);
    painter.galley(at, galley, view.theme.strong);
    let mark = Rect::from_center_size(pos2(at.x + size.x + 14.0, bar.center().y), vec2(16.0, 16.0));
    if view.history.is_unsaved() {
        painter.circle_filled(mark.center(), 3.5, view.theme.careful);
    }
    let whole = Rect::from_min_max(at, pos2(mark.right(), at.y + size.y));
    let state = if view.history.is_unsaved() { "has unsaved changes" } else { "is saved" };
    let name = format!("{} {state}", view.project_name());
    let response = ui.interact(whole, ui.scope_id().with("project name"), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
    let file = view.path.map_or_else(|| "No file yet".to_owned(), |path| path.display().to_string());
    response.on_hover_text(format!("{file}\n{name}"));
}

fn menu_ui(ui: &mut Ui, area: Area, view: &PanelView<'_>, commands: &mut CommandQueue) {
    for info in COMMANDS.iter().filter(|info| info.area == area) {
        if info.starts_group {
            ui.separator();
        }
        entry_ui(ui, info, view, commands);
        if info.command == AppCommand::File(FileCommand::Open) {
            recent_ui(ui, view, commands);
            examples_ui(ui, view, commands);
        }
    }
}

/// Draws a menu entry.
pub fn entry_ui(ui: &mut Ui, info: &CommandInfo, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let name = name_now(info, view);
    let shortcut = info.shortcut.map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default();
    let mut button = Button::new(&name).shortcut_text(shortcut);
    if let Some(is_on) = is_on(info, view) {
        button = button.selected(is_on);
    }
    let response = ui.add_enabled(can(info, view), button).on_hover_text(info.tooltip);
    if response.clicked() {
        commands.push(info.command.clone());
        ui.close();
    }
}

fn recent_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    ui.add_enabled_ui(!view.session.recent.paths().is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for path in view.session.recent.paths() {
                let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                    commands.push(FileCommand::OpenPath(path.clone()));
                    ui.close();
                }
            }
            ui.separator();
            if ui.button("Clear list").clicked() {
                commands.push(FileCommand::ClearRecent);
                ui.close();
            }
        });
    });
}

fn examples_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    ui.add_enabled_ui(!view.examples.is_empty(), |ui| {
        ui.menu_button("Examples", |ui| {
            // A small screen cannot show all examples at once.
            let height = ui.ctx().content_rect().height() * 0.7;
            ScrollArea::vertical().max_height(height).show(ui, |ui| {
                ui.set_min_width(180.0);
                for name in view.examples {
                    if ui.button(name).clicked() {
                        commands.push(FileCommand::OpenExample(name.clone()));
                        ui.close();
                    }
                }
            });
        });
    });
}

/// The numbers of components and links and the message rate as text. The longest form comes first; the caller uses the
/// first that fits.
pub fn counts(view: &PanelView<'_>) -> Vec<String> {
    let nodes = view.document.node_count();
    let links = view.document.all_wires().count();
    let graph = format!("{}   {}", count_of(nodes as u64, "component"), count_of(links as u64, "link"));
    if !view.live.is_running() {
        return vec![graph];
    }
    let rate = format!("{} msg/s", rate_text(view.live.delivery_rate()));
    vec![format!("{graph}   {rate}"), rate]
}
