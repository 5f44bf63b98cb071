//! Far: the distant view of the graph, as one mesh of plain rectangles and thin lines.
//!
//! The mesh is kept between frames and built again only when the view, the graph, the selection or a state has changed,
//! so that a frame with 5 000 components only copies vertices.

use std::sync::Arc;

use compose_runtime::introspect::snapshot::State;
use egui::{Color32, Mesh, Pos2, Rect, Shape, Vec2};

use super::{Brush, blend};
use crate::canvas::camera::Camera;
use crate::canvas::gesture::Gesture;
use crate::canvas::layout::Layout;
use crate::canvas::scene::{Scene, curve_of};
use crate::canvas::selection::Selection;
use crate::canvas::view::CanvasView;
use crate::theme::tokens::ThemeName;

/// The mesh of the last frame, and the key for which it was built.
#[derive(Debug, Default)]
pub struct FarCache {
    key: Option<Key>,
    mesh: Arc<Mesh>,
}

#[derive(Debug, Clone, PartialEq)]
struct Key {
    stamp: u64,
    camera: Camera,
    viewport: Rect,
    theme: ThemeName,
    snapshot: Option<u64>,
    selection: Selection,
}

/// Draws the nodes and wires of the scene.
pub fn paint(
    brush: &Brush<'_>,
    layout: &Layout,
    scene: &Scene,
    view: &CanvasView<'_>,
    gesture: &Gesture,
    selection: &Selection,
    cache: &mut FarCache,
) {
    let key = Key {
        stamp: layout.stamp,
        camera: brush.camera,
        viewport: brush.viewport,
        theme: brush.theme.name,
        snapshot: view.live.snapshot.as_ref().map(|snapshot| snapshot.number),
        selection: selection.clone(),
    };
    let is_still = !matches!(gesture, Gesture::Moving { .. });
    if !is_still || cache.key.as_ref() != Some(&key) {
        cache.mesh = Arc::new(mesh(brush, layout, scene, view, gesture, selection));
        cache.key = is_still.then_some(key);
    }
    brush.painter.add(Shape::Mesh(cache.mesh.clone()));
}

fn mesh(
    brush: &Brush<'_>,
    layout: &Layout,
    scene: &Scene,
    view: &CanvasView<'_>,
    gesture: &Gesture,
    selection: &Selection,
) -> Mesh {
    let theme = brush.theme;
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(scene.nodes.len() * 4 + scene.wires.len() * 16);
    mesh.reserve_triangles(scene.nodes.len() * 2 + scene.wires.len() * 8);
    for shape in scene.wires.iter().filter_map(|n| layout.wires.get(*n)) {
        let is_selected = !selection.wires.is_empty() && selection.wires.contains(&shape.wire);
        let colour =
            if is_selected { theme.selection } else { blend(theme.background, theme.kind(shape.carries), 0.55) };
        let curve = curve_of(layout, shape, gesture);
        let length = curve.start().distance(curve.end()) * brush.zoom();
        let segments = if length < 30.0 {
            1
        } else if length < 160.0 {
            4
        } else {
            8
        };
        for piece in curve.pieces() {
            let mut last = brush.pos(piece[0]);
            for step in 1..=segments {
                let next = brush.pos(super::super::curve::cubic_at(piece, step as f32 / segments as f32));
                thin_line(&mut mesh, last, next, colour);
                last = next;
            }
        }
    }
    let is_running = view.live.is_running();
    for node in scene.nodes.iter().filter_map(|n| layout.nodes.get(*n)) {
        let rect = brush.rect(node.rect.translate(gesture.moved_by(node.id)));
        let colour = node.category.map_or(theme.muted, |category| theme.category(category));
        let mut fill = blend(theme.background, colour, 0.75);
        if is_running && let Some(component) = view.live.component(node.id) {
            fill = match &component.state {
                State::Crashed(_) => theme.bad,
                State::Running | State::Ready => colour,
                State::Waiting(_) | State::Paused | State::Finished => blend(theme.background, colour, 0.55),
            };
        }
        if selection.nodes.contains(&node.id) {
            mesh.add_colored_rect(rect.expand(1.5), theme.selection);
        }
        mesh.add_colored_rect(rect, fill);
    }
    mesh
}

fn thin_line(mesh: &mut Mesh, a: Pos2, b: Pos2, colour: Color32) {
    let along = b - a;
    let length = along.length();
    if length < 0.01 {
        return;
    }
    let across = Vec2::new(-along.y, along.x) * (0.5 / length);
    let first = mesh.vertices.len() as u32;
    for pos in [a + across, b + across, b - across, a - across] {
        mesh.colored_vertex(pos, colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}
