//! The list of problems: the findings of the checks and the crashed components. A click shows where the problem is.

use egui::{Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::command::{CommandQueue, ViewCommand};
use crate::panels::PanelView;
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::empty;
use crate::workspace::findings::Finding;

/// Draws the list.
pub fn problems_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    if view.findings.is_empty() {
        empty(ui, "No problems.");
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(4.0);
        ui.spacing_mut().item_spacing.y = 2.0;
        for finding in view.findings {
            finding_ui(ui, finding, view, commands);
        }
    });
}

fn finding_ui(ui: &mut Ui, finding: &Finding, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let theme = view.theme;
    let ink = if finding.is_grave { theme.bad } else { theme.careful };
    let width = ui.available_width() - 16.0;
    let painter = ui.painter().clone();
    let text = painter.layout(finding.text.clone(), tokens::font(SIZE_BODY), theme.text, width - 220.0);
    let remedy = (!finding.remedy.is_empty())
        .then(|| painter.layout(finding.remedy.clone(), tokens::font(SIZE_SMALL), theme.muted, width - 220.0));
    let height = 8.0 + text.size().y + remedy.as_ref().map_or(0.0, |galley| galley.size().y + 1.0);
    let sense = if finding.place.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    let row = Rect::from_min_max(pos2(rect.left() + 4.0, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
    if finding.place.is_some() && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(row, RADIUS_CONTROL, theme.hover);
    }
    let icon = if finding.is_grave { Icon::Warning } else { Icon::Info };
    icons::paint(ui.painter(), icon, Rect::from_min_size(row.min + vec2(8.0, 4.0), vec2(14.0, 14.0)), ink);
    let at = row.min + vec2(30.0, 4.0);
    let below = at + vec2(0.0, text.size().y + 1.0);
    ui.painter().galley(at, text, theme.text);
    if let Some(remedy) = remedy {
        ui.painter().galley(below, remedy, theme.muted);
    }
    let location = pos2(row.right() - 8.0, row.top() + 4.0);
    ui.painter().text(location, egui::Align2::RIGHT_TOP, &finding.at, tokens::font_mono(SIZE_SMALL), theme.muted);
    let label = format!("{}. {} {}", finding.text, finding.remedy, finding.at);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    if let (true, Some(place)) = (response.clicked(), &finding.place) {
        commands.push(ViewCommand::GoTo(place.clone()));
    }
}
