//! Frames: titled rectangles behind the components.

use egui::{Align2, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::{Brush, blend};
use crate::canvas::gesture::Gesture;
use crate::canvas::hit::CORNER;
use crate::canvas::layout::{FrameShape, Layout};
use crate::canvas::scene::{Detail, Scene};
use crate::canvas::selection::Selection;
use crate::theme::tokens::{self, RADIUS_NODE};

/// Draws all visible frames.
pub fn paint(brush: &Brush<'_>, layout: &Layout, scene: &Scene, gesture: &Gesture, selection: &Selection) {
    for frame in &layout.frames {
        let rect = rect_of(frame, gesture);
        if rect.intersects(scene.visible) {
            paint_one(brush, frame, rect, scene.detail, selection.frames.contains(&frame.id));
        }
    }
}

/// The rectangle of a frame during a gesture.
pub fn rect_of(frame: &FrameShape, gesture: &Gesture) -> Rect {
    match gesture {
        Gesture::Resizing { frame: id, rect } if *id == frame.id => *rect,
        _ => frame.rect.translate(gesture.frame_moved_by(frame.id)),
    }
}

fn paint_one(brush: &Brush<'_>, frame: &FrameShape, rect: Rect, detail: Detail, is_selected: bool) {
    let theme = brush.theme;
    let colour = theme.frame(frame.colour);
    let on_screen = brush.rect(rect);
    let radius = brush.radius(RADIUS_NODE);
    let stroke = if is_selected {
        Stroke::new(2.0, theme.selection)
    } else {
        Stroke::new(1.0, blend(theme.background, colour, 0.75))
    };
    brush.painter.rect(on_screen, radius, blend(theme.background, colour, 0.09), stroke, StrokeKind::Inside);
    if detail == Detail::Far {
        return;
    }
    let at = rect.min + Vec2::new(12.0, 15.0);
    let name = brush.text(
        at,
        Align2::LEFT_CENTER,
        &frame.title,
        tokens::font_strong(brush.readable(12.5, 10.5, 22.0)),
        blend(theme.text, colour, 0.6),
        rect.width() - 24.0,
    );
    let notes = frame.notes.lines().next().unwrap_or_default();
    if !notes.is_empty() && detail == Detail::Near {
        let x = rect.left() + 12.0 + name.width() / brush.zoom() + if frame.title.is_empty() { 0.0 } else { 18.0 };
        let space = rect.right() - 12.0 - x;
        if space > 40.0 {
            brush.text(
                Pos2::new(x, at.y),
                Align2::LEFT_CENTER,
                notes,
                tokens::font(brush.readable(11.0, 9.0, 18.0)),
                theme.muted,
                space,
            );
        }
    }
    // Three short strokes show that the corner can be dragged.
    if is_selected || detail == Detail::Near {
        let corner = brush.pos(rect.max - Vec2::splat(4.0));
        let step = CORNER * brush.zoom() / 4.0;
        for n in 1..=3 {
            let reach = step * n as f32;
            let (a, b) = (corner - Vec2::new(reach, 0.0), corner - Vec2::new(0.0, reach));
            brush.painter.line_segment([a, b], Stroke::new(1.0, blend(theme.background, colour, 0.5)));
        }
    }
}
