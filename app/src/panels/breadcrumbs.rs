//! Breadcrumbs: the path from the top level to the open composite.

use egui::{Button, RichText, Ui, vec2};

use super::PanelView;
use crate::command::{CommandQueue, ViewCommand};
use crate::theme::icons::{self, Icon};
use crate::theme::tokens;

/// Draws the path to the open composite. Draws nothing at the top level.
pub fn breadcrumbs_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let Some(scope) = view.scope else { return };
    let mut path = vec![(None, view.project_name())];
    for id in view.document.scopes_around(scope).into_iter().chain([scope]) {
        let name = view.document.node(id).map_or_else(String::new, |node| node.name.clone());
        path.push((Some(id), name));
    }
    let last = path.len() - 1;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (index, (target, name)) in path.into_iter().enumerate() {
            if index == last {
                ui.add_space(6.0);
                ui.label(RichText::new(name).font(tokens::font_strong(12.0)).color(view.theme.strong));
                continue;
            }
            if ui.add(Button::new(RichText::new(name).color(view.theme.text)).frame_when_inactive(false)).clicked() {
                commands.push(ViewCommand::SetScope(target));
            }
            let (rect, _) = ui.allocate_exact_size(vec2(12.0, 16.0), egui::Sense::hover());
            icons::paint(ui.painter(), Icon::Right, rect, view.theme.dim);
        }
    });
}
