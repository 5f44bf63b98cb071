//! The outline: all components as a tree, for use with the keyboard or a screen reader.

use egui::{ScrollArea, Sense, Ui, pos2, vec2};

use super::PanelView;
use crate::command::{CommandQueue, ViewCommand};
use crate::document::{Node, NodeId, Place};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{empty, heading, paint_lamp};

/// Draws the tree.
pub fn outline_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    heading(ui, "OUTLINE");
    if view.document.node_count() == 0 {
        empty(ui, "No components yet.");
        return;
    }
    let mut rows = Vec::new();
    collect(view, None, 0, &mut rows);
    // `show_rows` expects rows without gaps.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, 22.0, rows.len(), |ui, range| {
        for (node, depth) in rows.iter().skip(range.start).take(range.len()) {
            row_ui(ui, view, node, *depth, commands);
        }
    });
}

fn collect<'a>(view: &PanelView<'a>, scope: Option<NodeId>, depth: usize, rows: &mut Vec<(&'a Node, usize)>) {
    let mut nodes: Vec<&Node> = view.document.nodes_in(scope).collect();
    nodes.sort_by(|one, other| one.name.cmp(&other.name));
    for node in nodes {
        rows.push((node, depth));
        if node.is_composite() {
            collect(view, Some(node.id), depth + 1, rows);
        }
    }
}

fn row_ui(ui: &mut Ui, view: &PanelView<'_>, node: &Node, depth: usize, commands: &mut CommandQueue) {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::click());
    let state = view.live.component(node.id).map(|component| &component.state);
    let state_name = state.map_or("not running", |state| state.name());
    let is_selected = view.selection.nodes.contains(&node.id);
    let label = format!("{}, {}, {state_name}", view.document.path_name(node.id), node.type_name());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::TreeItem, true, is_selected, &label));
    if is_selected || response.hovered() || response.has_focus() {
        let background = if is_selected { theme.pressed } else { theme.hover };
        ui.painter().rect_filled(rect, RADIUS_CONTROL, background);
    }
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, theme.selection);
        ui.painter().rect_stroke(rect, RADIUS_CONTROL, stroke, egui::StrokeKind::Inside);
    }
    let left = rect.left() + 6.0 + depth as f32 * 14.0;
    let middle = rect.center().y;
    paint_lamp(ui.painter(), pos2(left + 5.0, middle), 3.5, state, theme);
    let ink = if is_selected { theme.strong } else { theme.text };
    let start = egui::Align2::LEFT_CENTER;
    let name = ui.painter().text(pos2(left + 16.0, middle), start, &node.name, tokens::font(SIZE_BODY), ink);
    let at = pos2(name.right() + 6.0, middle);
    ui.painter_at(rect).text(at, start, node.type_name(), tokens::font(SIZE_SMALL), theme.dim);

    if response.clicked() {
        commands.push(ViewCommand::GoTo(Place::Node(node.id)));
    }
    if response.double_clicked() && node.is_composite() {
        commands.push(ViewCommand::EnterScope(node.id));
    }
}
