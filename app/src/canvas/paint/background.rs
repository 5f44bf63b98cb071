//! Background: the canvas background, with faint dots that show the grid and the zoom.

use egui::{Mesh, Pos2, Rect, Shape, Vec2};

use super::Brush;

/// The distance between dots at 100 %, in canvas units.
const APART: f32 = 40.0;

/// Fills the canvas and draws the dots. Their distance on the screen stays between 24 and 96 points.
pub fn paint(brush: &Brush<'_>) {
    brush.painter.rect_filled(brush.viewport, 0, brush.theme.background);
    let mut apart = APART;
    while apart * brush.zoom() < 24.0 {
        apart *= 2.0;
    }
    while apart * brush.zoom() > 96.0 {
        apart /= 2.0;
    }
    let visible = brush.camera.visible_in_canvas(brush.viewport);
    let (left, top) = ((visible.left() / apart).floor() * apart, (visible.top() / apart).floor() * apart);
    let (columns, rows) = ((visible.width() / apart) as i32 + 2, (visible.height() / apart) as i32 + 2);
    let mut mesh = Mesh::default();
    for column in 0..columns {
        for row in 0..rows {
            let pos = brush.pos(Pos2::new(left + column as f32 * apart, top + row as f32 * apart));
            mesh.add_colored_rect(Rect::from_center_size(pos.round(), Vec2::splat(2.0)), brush.theme.grid);
        }
    }
    brush.painter.add(Shape::mesh(mesh));
}
