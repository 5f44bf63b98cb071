//! The tool bar over the canvas: run, pause, stop, steps, speed, counts and zoom.

use compose_runtime::command::Speed;
use egui::{Align2, Button, Rect, RichText, Role, Sense, Slider, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::PanelView;
use super::command_state::{can, name_now};
use super::menu_bar::{counts, entry_ui};
use crate::command::{AppCommand, COMMANDS, CommandQueue, RunCommand, Shows, ViewCommand};
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_NODE, SIZE_SMALL, Tokens};
use crate::theme::widgets::icon_button;
use crate::wording::lower_first;

/// Deliveries per second at the slow end of the slider, and where full speed starts.
const SLOWEST: f64 = 1.0;
const FASTEST: f64 = 100_000.0;

/// The bar shows the steps, and also the speed slider, if it is wider than this.
const SPACE_FOR_STEPS: f32 = 430.0;
const SPACE_FOR_SPEED: f32 = 640.0;

/// Draws the tool bar.
pub fn tool_bar_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    // In a narrow window, the steps are only in the menus.
    let space = ui.available_width();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        run_ui(ui, view, commands);
        for command in [RunCommand::Pause, RunCommand::Stop].map(AppCommand::Run) {
            command_icon_ui(ui, &command, view, commands);
        }
        if space > SPACE_FOR_STEPS {
            steps_ui(ui, commands);
        }
        if space > SPACE_FOR_SPEED {
            gap(ui);
            speed_ui(ui, view, commands);
        } else {
            speed_menu_ui(ui, view, commands);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            command_icon_ui(ui, &AppCommand::View(ViewCommand::ZoomToFit), view, commands);
            let zoom = RichText::new(format!("{:.0} %", view.zoom * 100.0)).size(SIZE_SMALL).color(view.theme.muted);
            let button = Button::new(zoom).frame_when_inactive(false).min_size(vec2(44.0, 22.0));
            if ui.add(button).on_hover_text("Zoom to 100 %").clicked() {
                commands.push(ViewCommand::ZoomReset);
            }
            let font = tokens::font(SIZE_SMALL);
            let all = counts(view);
            let space = ui.available_width() - 8.0;
            let fitting = all.iter().find(|text| {
                let galley = ui.painter().layout_no_wrap((*text).clone(), font.clone(), view.theme.muted);
                galley.size().x <= space
            });
            if let Some(text) = fitting {
                let text = RichText::new(text).size(SIZE_SMALL).color(view.theme.muted);
                ui.add(egui::Label::new(text).extend()).on_hover_text(all.first().cloned().unwrap_or_default());
            }
        });
    });
}

fn steps_ui(ui: &mut Ui, commands: &mut CommandQueue) {
    gap(ui);
    for (command, label) in
        [(RunCommand::StepDelivery, "delivery"), (RunCommand::StepTurn, "turn"), (RunCommand::StepPass, "pass")]
    {
        let command = AppCommand::Run(command);
        let tooltip = command.info().map_or("", |info| info.tooltip);
        let button = Button::new(RichText::new(label)).min_size(vec2(0.0, 24.0));
        let shortcut = command.info().and_then(|info| info.shortcut).map(|key| ui.ctx().format_shortcut(&key));
        let tooltip = format!("Step: {} ({})", lower_first(tooltip), shortcut.unwrap_or_default());
        if ui.add(button).on_hover_text(tooltip).clicked() {
            commands.push(command);
        }
    }
}

fn gap(ui: &mut Ui) {
    let theme = Tokens::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(9.0, 24.0), egui::Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), egui::Stroke::new(1.0, theme.line));
}

fn run_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let theme = view.theme;
    let is_paused = view.live.is_paused();
    let can_run = AppCommand::Run(RunCommand::Run).info().is_some_and(|info| can(info, view));
    let (label, background, ink) = match (view.live.is_running(), is_paused) {
        (_, true) => ("Resume", theme.selection_background, theme.strong),
        (true, false) if view.live.has_ended() => ("Run again", theme.good_background, theme.good),
        (true, false) => ("Running", theme.good_background, theme.good),
        (false, false) => ("Run", theme.good_background, theme.good),
    };
    let (rect, response) = ui.allocate_exact_size(vec2(92.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, can_run, format!("{label} (F5)")));
    let edge = if response.hovered() && can_run || response.has_focus() { ink } else { background };
    ui.painter().rect(rect, RADIUS_CONTROL, background, Stroke::new(1.0, edge), StrokeKind::Inside);
    let galley = ui.painter().layout_no_wrap(label.to_owned(), tokens::font_strong(SIZE_NODE), ink);
    let left = rect.center().x - f32::midpoint(galley.size().x, 18.0);
    let icon_rect = Rect::from_center_size(pos2(left + 6.0, rect.center().y), vec2(12.0, 12.0));
    icons::paint(ui.painter(), Icon::Play, icon_rect, ink);
    ui.painter().galley(pos2(left + 18.0, rect.center().y - galley.size().y / 2.0), galley, ink);
    let response = if can_run {
        response.on_hover_text(if is_paused { "Resumes the system (F5)" } else { "Starts the system (F5)" })
    } else {
        response.on_hover_text("The system is running. Press F6 to pause it or Shift+F5 to stop it.")
    };
    if response.clicked() && can_run {
        commands.push(RunCommand::Run);
    }
}

fn command_icon_ui(ui: &mut Ui, command: &AppCommand, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let Some(info) = command.info() else { return };
    let name = name_now(info, view);
    let tooltip = info.shortcut.map_or_else(
        || info.tooltip.to_owned(),
        |shortcut| format!("{} ({})", info.tooltip, ui.ctx().format_shortcut(&shortcut)),
    );
    let is_enabled = can(info, view);
    let response = ui.add_enabled_ui(is_enabled, |ui| icon_button(ui, info.icon, &name, &tooltip)).inner;
    if response.clicked() {
        commands.push(command.clone());
    }
}

fn speed_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let label = ui.label(RichText::new("speed").size(SIZE_SMALL).color(view.theme.muted));
    let mut position = match view.speed {
        Speed::Full => FASTEST,
        Speed::DeliveriesPerSecond(speed) => speed.clamp(SLOWEST, FASTEST),
    };
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().slider_width = 104.0;
            ui.spacing_mut().interact_size.y = 14.0;
            let visuals = ui.visuals_mut();
            visuals.selection.bg_fill = view.theme.good;
            visuals.widgets.inactive.bg_fill = view.theme.quiet;
            for knob in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
                knob.fg_stroke = Stroke::new(3.0, view.theme.strong);
            }
            ui.visuals_mut().handle_shape = egui::style::HandleShape::Circle;
            ui.add(Slider::new(&mut position, SLOWEST..=FASTEST).logarithmic(true).show_value(false))
        })
        .inner
        .labelled_by(label.id)
        .on_hover_text("The maximum number of deliveries per second, from one to unlimited");
    if response.changed() {
        commands.push(RunCommand::SetSpeed(speed_at(position)));
    }
    ui.add_space(4.0);
    let (rect, _) = ui.allocate_exact_size(vec2(40.0, 20.0), Sense::hover());
    let text = speed_text(speed_at(position));
    let font = tokens::font(SIZE_SMALL);
    ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, text, font, view.theme.text);
}

/// A menu of named speeds, if there is no space for the slider.
fn speed_menu_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let text = RichText::new(format!("speed {}", speed_text(view.speed))).size(SIZE_SMALL);
    let menu = ui.menu_button(text, |ui| {
        ui.set_min_width(190.0);
        for info in COMMANDS.iter().filter(|info| matches!(info.shows, Shows::Speed(_))) {
            entry_ui(ui, info, view, commands);
        }
    });
    menu.response.on_hover_text("The maximum number of deliveries per second");
}

fn speed_at(position: f64) -> Speed {
    if position >= FASTEST * 0.97 {
        return Speed::Full;
    }
    // Two significant digits are enough for a slider.
    let scale = 10_f64.powf(position.log10().floor() - 1.0);
    Speed::DeliveriesPerSecond(((position / scale).round() * scale).max(SLOWEST))
}

/// A speed as text.
pub fn speed_text(speed: Speed) -> String {
    match speed {
        Speed::Full => "full".to_owned(),
        Speed::DeliveriesPerSecond(speed) if speed >= 1000.0 => format!("{:.0} k/s", speed / 1000.0),
        Speed::DeliveriesPerSecond(speed) if speed < 10.0 => format!("{speed:.1} /s"),
        Speed::DeliveriesPerSecond(speed) => format!("{speed:.0} /s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_goes_from_one_delivery_per_second_to_full_speed() {
        assert_eq!(speed_at(1.0), Speed::DeliveriesPerSecond(1.0));
        assert_eq!(speed_at(FASTEST), Speed::Full);
        assert_eq!(speed_text(speed_at(123.4)), "120 /s");
    }
}
