//! Wires: links between boxes, in the colour of the messages they carry. A wire to a full inbox is thick and red.

use compose_runtime::message::Kind;
use egui::{Color32, Shape, Stroke};

use super::{Brush, blend};
use crate::canvas::curve::Curve;

/// How a wire is drawn.
#[derive(Debug, Clone, Copy)]
pub struct WireLook {
    /// It is selected.
    pub is_selected: bool,
    /// The pointer is on it, or it is about to be cut.
    pub is_hovered: bool,
    /// The inbox at its end is full.
    pub is_full: bool,
    /// It is faded, because it is being moved or cut.
    pub is_faded: bool,
    /// It comes from a quiet box, such as `signal`.
    pub is_quiet: bool,
    /// The kind of message it carries.
    pub carries: Kind,
}

/// The colour of a wire.
pub fn colour(brush: &Brush<'_>, look: WireLook) -> Color32 {
    let theme = brush.theme;
    let colour = if look.is_full {
        theme.bad
    } else if look.is_selected {
        theme.selection
    } else {
        theme.kind(look.carries)
    };
    if look.is_faded { blend(theme.background, colour, 0.25) } else { colour }
}

/// Draws one wire.
pub fn paint(brush: &Brush<'_>, curve: &Curve, look: WireLook) {
    let colour = colour(brush, look);
    let width = match look {
        WireLook { is_full: true, .. } => 3.4,
        WireLook { is_selected: true, .. } => 2.6,
        WireLook { is_quiet: true, .. } => 1.2,
        _ => 2.0,
    };
    if look.is_hovered || look.is_selected {
        stroke(brush, curve, Stroke::new(brush.line(width + 5.0), colour.gamma_multiply(0.22)));
    }
    stroke(brush, curve, Stroke::new(brush.line(width), colour));
}

/// Draws a curve as a line on the screen.
pub fn stroke(brush: &Brush<'_>, curve: &Curve, stroke: Stroke) {
    let on_screen = curve.map(|pos| brush.pos(pos));
    let segments = (on_screen.length() / 9.0).clamp(6.0, 48.0) as usize;
    brush.painter.add(Shape::line(on_screen.points(segments), stroke));
}
