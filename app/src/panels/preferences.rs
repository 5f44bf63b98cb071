//! The settings of the window: colours and scale.

use egui::{Slider, Ui};

use super::PanelView;
use crate::command::{CommandQueue, ViewCommand};
use crate::theme::tokens::ThemeName;
use crate::theme::widgets::muted;

/// Draws the settings.
pub fn preferences_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    ui.set_width(360.0);
    ui.heading("Settings");
    ui.add_space(8.0);
    ui.label("colours");
    ui.horizontal(|ui| {
        for theme in ThemeName::ALL {
            if ui.selectable_label(view.session.theme == theme, theme.title()).clicked() {
                commands.push(ViewCommand::SetTheme(theme));
            }
        }
    });
    ui.add_space(8.0);
    let label = ui.label("size of everything");
    let mut percent = (view.session.text_scale * 100.0).round();
    let slider = Slider::new(&mut percent, 80.0..=200.0)
        .step_by(10.0)
        .suffix(" %")
        .fixed_decimals(0)
        .update_while_editing(false);
    let response = ui.add(slider).labelled_by(label.id);
    // The scale changes after the drag: otherwise the slider would move away from the pointer.
    let is_done = response.drag_stopped() || (response.changed() && !response.dragged());
    if is_done && (percent / 100.0 - view.session.text_scale).abs() > 0.001 {
        commands.push(ViewCommand::SetTextScale(percent / 100.0));
    }
    ui.add_space(4.0);
    muted(ui, "These settings, the open panels and the recent projects are kept between sessions.");
}
