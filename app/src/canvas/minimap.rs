//! Minimap: an overview of the whole graph in the corner. A press or a drag moves the view there.

use std::sync::Arc;

use egui::{CornerRadius, Mesh, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo};

use super::layout::Layout;
use super::node_shape::NodeKind;
use super::paint::blend;
use super::state::CanvasState;
use super::view::CanvasView;
use crate::theme::tokens::Tokens;

const PAD: f32 = 6.0;

/// Draws the minimap and moves the view when the user presses or drags on it.
pub fn minimap_ui(ui: &mut Ui, view: &CanvasView<'_>, state: &mut CanvasState) {
    let theme = view.theme;
    let Some(rect) = state.minimap_rect(view) else { return };
    let response = ui.interact(rect, ui.scope_id().with("minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Overview"));
    let visible = state.camera(view.scope).visible_in_canvas(state.viewport);
    let extent = state.layout.bounds.union(visible).expand(40.0);
    let inside = rect.shrink(PAD);
    let scale = (inside.width() / extent.width()).min(inside.height() / extent.height());
    let on_minimap = |pos: Pos2| inside.center() + (pos - extent.center()) * scale;
    if let Some(pos) = response.interact_pointer_pos() {
        let mut camera = state.camera(view.scope);
        camera.centre_in_canvas = extent.center() + (pos - inside.center()) / scale;
        camera.centre_in_canvas = extent.clamp(camera.centre_in_canvas);
        if response.is_pointer_button_down_on() {
            state.set_camera(view.scope, camera);
        }
    }
    let painter = ui.painter().with_clip_rect(rect);
    let outline = Stroke::new(1.0, theme.line);
    painter.rect(rect, CornerRadius::same(6), theme.panel.gamma_multiply(0.94), outline, StrokeKind::Inside);
    let stamp = state.layout.stamp;
    let mesh = match &state.memory.minimap {
        Some((made_for, mesh)) if *made_for == stamp => mesh.clone(),
        _ => Arc::new(mesh_of(&state.layout, theme)),
    };
    state.memory.minimap = Some((stamp, mesh.clone()));
    let mut on_screen = Mesh::clone(&mesh);
    for vertex in &mut on_screen.vertices {
        vertex.pos = on_minimap(vertex.pos);
    }
    painter.add(Shape::mesh(on_screen));
    let shown = Rect::from_min_max(on_minimap(visible.min), on_minimap(visible.max)).intersect(inside.expand(2.0));
    painter.rect(shown, 2, theme.text.gamma_multiply(0.06), Stroke::new(1.0, theme.muted), StrokeKind::Inside);
}

/// Frames and nodes, in canvas units.
fn mesh_of(layout: &Layout, theme: &Tokens) -> Mesh {
    let mut mesh = Mesh::default();
    for frame in &layout.frames {
        mesh.add_colored_rect(frame.rect, blend(theme.panel, theme.frame(frame.colour), 0.22));
    }
    for node in &layout.nodes {
        let colour = match (node.kind, node.category) {
            (NodeKind::Edge(_), _) | (_, None) => theme.quiet,
            (_, Some(category)) => theme.category(category),
        };
        mesh.add_colored_rect(node.rect, colour);
    }
    mesh
}
