//! The stage: shows the surfaces of components enlarged, either of one chosen component or of all side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::introspect::snapshot::ComponentView;
use compose_runtime::surface::Surface;
use egui::{ComboBox, Id, Rect, RichText, Ui, pos2, vec2};

use super::PanelView;
use crate::canvas::pictures::Pictures;
use crate::canvas::surface::{Slot, surface_ui};
use crate::command::{CommandQueue, RunCommand, ViewCommand};
use crate::document::NodeId;
use crate::theme::icons::Icon;
use crate::theme::tokens::{self, SIZE_BODY};
use crate::theme::widgets::{empty, icon_button};

/// The state of the stage.
#[derive(Debug, Default)]
pub struct StageState {
    /// The component that is shown alone; `None` shows all.
    pub chosen: Option<NodeId>,
    pictures: Pictures,
    drafts: BTreeMap<NodeId, String>,
}

/// Draws the stage.
pub fn stage_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut StageState, commands: &mut CommandQueue) {
    let snapshot = view.live.snapshot.clone();
    let shown: Vec<(&ComponentView, Arc<Surface>)> = snapshot
        .iter()
        .flat_map(|snapshot| &snapshot.components)
        .filter_map(|component| component.surface.clone().map(|surface| (component, surface)))
        .collect();
    if !shown.iter().any(|(component, _)| Some(NodeId::from(component.id)) == state.chosen) {
        state.chosen = None;
    }
    bar_ui(ui, &shown, state, commands);
    let chosen: Vec<_> =
        shown.iter().filter(|(component, _)| state.chosen.is_none_or(|id| id == component.id.into())).collect();
    if chosen.is_empty() {
        empty(
            ui,
            "Nothing to show. Run a project with a Button, an Image, a Plot or another component with a surface.",
        );
        return;
    }
    let area = ui.available_rect_before_wrap().shrink(10.0);
    let is_wide = chosen.iter().any(|(_, surface)| !is_small(surface));
    let (small, large): (Vec<_>, Vec<_>) =
        chosen.into_iter().partition(|(_, surface)| is_small(surface) && (is_wide || !may_grow(surface)));
    let (above, below) = split(area, small.len(), large.len());
    for (cell, shown) in cells(above, large.len()).into_iter().zip(large) {
        shown_ui(ui, view, shown, cell, state, commands);
    }
    for (cell, shown) in strip(below, small.len()).into_iter().zip(small) {
        shown_ui(ui, view, shown, cell, state, commands);
    }
}

fn shown_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    (component, surface): &(&ComponentView, Arc<Surface>),
    cell: Rect,
    state: &mut StageState,
    commands: &mut CommandQueue,
) {
    let id = NodeId::from(component.id);
    let title = pos2(cell.left(), cell.top() + 8.0);
    let font = tokens::font_strong(SIZE_BODY);
    ui.painter().text(title, egui::Align2::LEFT_CENTER, &component.name, font, view.theme.muted);
    let inside = Rect::from_min_max(pos2(cell.left(), cell.top() + 20.0), cell.max);
    let (rect, scale) = layout_of(surface, inside);
    let slot = Slot {
        rect,
        scale,
        id: Id::unique(("stage", id.0)),
        name: &component.name,
        pictures: &mut state.pictures,
        on_stage: true,
        draft: state.drafts.entry(id).or_default(),
    };
    for event in surface_ui(ui, slot, surface) {
        commands.push(RunCommand::SurfaceEvent { node: id, event });
    }
}

/// Whether a surface needs only one line of space.
fn is_small(surface: &Surface) -> bool {
    matches!(
        surface,
        Surface::Button { .. }
            | Surface::MouseButtons { .. }
            | Surface::Keys { .. }
            | Surface::Prompt { .. }
            | Surface::Meter { .. }
    )
}

/// Whether a small surface may grow if there are no large surfaces.
fn may_grow(surface: &Surface) -> bool {
    matches!(surface, Surface::Meter { .. })
}

/// The area for large surfaces, and the strip for small ones below it.
fn split(area: Rect, small: usize, large: usize) -> (Rect, Rect) {
    let rows = small.div_ceil(IN_A_ROW);
    let height = if large == 0 { area.height() } else { (rows as f32 * STRIP).min(area.height() * 0.5) };
    let edge = area.bottom() - height;
    (Rect::from_min_max(area.min, pos2(area.right(), edge)), Rect::from_min_max(pos2(area.left(), edge), area.max))
}

/// The number of small surfaces in a row, and the height of a row.
const IN_A_ROW: usize = 5;
const STRIP: f32 = 84.0;

/// Cells in rows of equal height.
fn strip(area: Rect, count: usize) -> Vec<Rect> {
    let columns = count.clamp(1, IN_A_ROW);
    let size = vec2(area.width() / columns as f32, STRIP.min(area.height() / count.div_ceil(columns).max(1) as f32));
    (0..count)
        .map(|index| {
            let corner = area.min + vec2((index % columns) as f32 * size.x, (index / columns) as f32 * size.y);
            Rect::from_min_size(corner, size).shrink(6.0)
        })
        .collect()
}

fn bar_ui(ui: &mut Ui, shown: &[(&ComponentView, Arc<Surface>)], state: &mut StageState, commands: &mut CommandQueue) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        ui.label(RichText::new("Stage").font(tokens::font_strong(tokens::SIZE_TITLE)));
        let name = shown.iter().find(|(component, _)| Some(NodeId::from(component.id)) == state.chosen);
        let text = name.map_or_else(|| "all".to_owned(), |(component, _)| component.name.to_string());
        let combo = ComboBox::from_id_salt("stage").selected_text(text);
        let response = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut state.chosen, None, "all");
            for (component, _) in shown {
                ui.selectable_value(&mut state.chosen, Some(component.id.into()), &*component.name);
            }
        });
        response.response.accessible_name("What the stage shows");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            if icon_button(ui, Icon::Cross, "Close stage", "Back to the canvas (F9)").clicked() {
                commands.push(ViewCommand::ToggleStage);
            }
        });
    });
}

/// Divides the area into `count` equal cells.
fn cells(area: Rect, count: usize) -> Vec<Rect> {
    let columns = (1..=count)
        .max_by(|one, other| smaller_side(area, count, *one).total_cmp(&smaller_side(area, count, *other)))
        .unwrap_or(1);
    let rows = count.div_ceil(columns);
    let size = vec2(area.width() / columns as f32, area.height() / rows as f32);
    (0..count)
        .map(|index| {
            let (column, row) = (index % columns, index / columns);
            let corner = area.min + vec2(column as f32 * size.x, row as f32 * size.y);
            Rect::from_min_size(corner, size).shrink(6.0)
        })
        .collect()
}

/// The smaller side of a cell, with the width divided by the preferred aspect ratio.
fn smaller_side(area: Rect, count: usize, columns: usize) -> f32 {
    let rows = count.div_ceil(columns);
    (area.width() / columns as f32 / 1.4).min(area.height() / rows as f32)
}

/// The rectangle of a surface in its cell, and the scale of its text.
fn layout_of(surface: &Surface, cell: Rect) -> (Rect, f32) {
    match surface {
        Surface::Button { .. } | Surface::MouseButtons { .. } => {
            let size = vec2(cell.width().min(240.0), cell.height().min(44.0));
            (Rect::from_min_size(cell.min, size), (size.y / 24.0).min(1.6))
        }
        Surface::Prompt { .. } | Surface::Keys { .. } => {
            let size = vec2(cell.width(), cell.height().min(32.0));
            (Rect::from_min_size(cell.min, size), 1.3)
        }
        Surface::Text { .. } | Surface::Plot { .. } | Surface::Graph { .. } => (cell, 1.4),
        Surface::Ticker { .. } => (cell, (cell.height() / 64.0).clamp(1.0, 4.0)),
        Surface::Meter { .. } => {
            // As high as the strip, or a large part of the stage.
            let size = vec2(cell.width(), cell.height().min((cell.width() * 0.3).max(60.0)));
            (Rect::from_min_size(cell.min, size), (size.y / 40.0).clamp(1.6, 4.0))
        }
        Surface::Picture { .. } => (cell, (cell.height() / 160.0).clamp(1.0, 2.5)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fit_the_area_without_overlapping() {
        let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(900.0, 600.0));
        for count in 1..12 {
            let cells = cells(area, count);
            assert_eq!(cells.len(), count);
            for (index, one) in cells.iter().enumerate() {
                assert!(area.contains_rect(*one) && one.width() > 60.0);
                assert!(cells[index + 1..].iter().all(|other| !one.intersects(*other)));
            }
        }
    }
}
