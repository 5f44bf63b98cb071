//! Overlay: the shapes of the current gesture, drawn above everything else.

use compose_runtime::message::Kind;
use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};

use super::{Brush, wires};
use crate::canvas::curve::Curve;
use crate::canvas::gesture::{Gesture, Linking};
use crate::canvas::layout::Layout;
use crate::document::Port;
use crate::theme::tokens;

/// Draws the shapes of the gesture.
pub fn paint(brush: &Brush<'_>, layout: &Layout, gesture: &Gesture) {
    let theme = brush.theme;
    match gesture {
        Gesture::Linking(linking) => paint_link(brush, layout, linking),
        Gesture::BoxSelect { origin, at, .. } => {
            let rect = brush.rect(Rect::from_two_pos(*origin, *at));
            let background = theme.selection.gamma_multiply(0.10);
            brush.painter.rect(rect, 2, background, Stroke::new(1.0, theme.selection), StrokeKind::Inside);
        }
        Gesture::Cutting { stroke, .. } => {
            let points = stroke.iter().map(|pos| brush.pos(*pos)).collect();
            brush.painter.add(Shape::line(points, Stroke::new(1.5, theme.bad)));
        }
        Gesture::Idle
        | Gesture::Pressed { .. }
        | Gesture::Moving { .. }
        | Gesture::Panning { .. }
        | Gesture::Resizing { .. } => {}
    }
}

fn paint_link(brush: &Brush<'_>, layout: &Layout, linking: &Linking) {
    let theme = brush.theme;
    let Some((_, from)) = layout.port(&linking.from) else { return };
    let colour = match &linking.over {
        Some((_, Ok(_))) => theme.selection,
        Some((_, Err(_))) => theme.bad,
        None => theme.kind(from.kinds.first().copied().unwrap_or(Kind::Any)),
    };
    let over = linking.over.as_ref().and_then(|(port, _)| layout.port(port));
    let (end, faces) = over.map_or((linking.at, -from.faces), |(_, port)| (port.centre, port.faces));
    let curve = Curve::new(from.centre, from.faces, end, faces, None);
    wires::stroke(brush, &curve, Stroke::new(brush.line(2.4), colour));
    brush.painter.circle_filled(brush.pos(end), brush.line(4.0), colour);
    let below = brush.pos(end) + Vec2::new(14.0, 18.0);
    match &linking.over {
        Some((_, Err(refusal))) => note(brush, below, &refusal.to_string(), theme.bad),
        Some((port, Ok(_))) if port.is_about_ending() => note(brush, below, &port.name, theme.selection),
        Some((_, Ok(_))) | None => {}
    }
}

/// Draws the link that waits while the user searches for a component.
pub fn paint_waiting(brush: &Brush<'_>, layout: &Layout, from: &Port, at: Pos2) {
    let Some((_, from)) = layout.port(from) else { return };
    let colour = brush.theme.kind(from.linked.or(from.kinds.first().copied()).unwrap_or(Kind::Any));
    let curve = Curve::new(from.centre, from.faces, at, -from.faces, None);
    wires::stroke(brush, &curve, Stroke::new(brush.line(2.4), colour));
}

/// Draws a short text near the pointer, wrapped and kept inside the canvas.
fn note(brush: &Brush<'_>, at: Pos2, text: &str, outline: Color32) {
    let theme = brush.theme;
    let galley = brush.painter.layout(text.to_owned(), tokens::font(11.5), theme.text, 260.0);
    let pad = Vec2::new(8.0, 5.0);
    let mut rect = Align2::LEFT_TOP.anchor_size(at, galley.size() + 2.0 * pad);
    let over_right = (rect.right() + 4.0 - brush.viewport.right()).max(0.0);
    let over_bottom = (rect.bottom() + 4.0 - brush.viewport.bottom()).max(0.0);
    rect = rect.translate(-Vec2::new(over_right, over_bottom));
    brush.painter.rect(rect, 6, theme.panel, Stroke::new(1.0, outline), StrokeKind::Inside);
    brush.painter.galley(rect.min + pad, galley, theme.text);
}
