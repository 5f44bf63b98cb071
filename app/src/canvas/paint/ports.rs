//! Ports: the boxes of a node, with their names and fill levels.

use compose_runtime::ids::Direction;
use compose_runtime::introspect::snapshot::{ComponentView, InboxView};
use compose_runtime::message::Kind;
use egui::{Align2, Color32, CornerRadius, Pos2, Rect, Stroke, Vec2};

use super::{Brush, blend};
use crate::canvas::node_shape::{BOX_SIZE, DOT, PortShape, QUIET_DOT};
use crate::canvas::scene::Detail;
use crate::theme::tokens;

/// How a box is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PortLook {
    /// The pointer is on it.
    pub is_hovered: bool,
    /// Whether it accepts the link being made, if there is one. A box that does not is faded.
    pub fit: Option<bool>,
    /// The kind of its last message, if the box accepts any kind.
    pub carried: Option<Kind>,
}

/// The fill level of an inbox, from 0 to 1; `None` if it has no limit.
pub fn fill_of(inbox: &InboxView) -> Option<f32> {
    inbox.capacity.filter(|capacity| *capacity > 0).map(|capacity| (inbox.depth as f32 / capacity as f32).min(1.0))
}

/// Draws the name of a box and its fill level behind it.
pub fn paint_label(brush: &Brush<'_>, port: &PortShape, by: Vec2, live: Option<&ComponentView>, look: PortLook) {
    let Some(label) = port.label else { return };
    let label = label.translate(by);
    let theme = brush.theme;
    let inbox = live
        .filter(|_| port.port.direction == Direction::Inbox)
        .and_then(|live| live.inboxes.iter().find(|inbox| inbox.name == port.port.name));
    if let Some(inbox) = inbox
        && let Some(fill) = fill_of(inbox)
        && inbox.depth > 0
    {
        let width = label.width() * fill.max(0.06);
        let bar = Rect::from_min_size(label.min, Vec2::new(width, label.height()));
        let colour = blend(theme.panel, theme.pressure(fill), 0.45);
        brush.painter.rect_filled(brush.rect(bar), CornerRadius::same(3), colour);
    }
    let mut colour = theme.text;
    if look.fit == Some(false) {
        colour = blend(theme.panel, colour, 0.25);
    }
    let middle = label.center().y;
    let at = Pos2::new(port.centre.x + by.x - port.faces * (DOT + 6.0), middle);
    let align = if port.faces > 0.0 { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
    let font = tokens::font(brush.readable(BOX_SIZE, 8.0, 14.0));
    brush.text(at, align, &port.port.name, font, colour, label.width() + 12.0);
}

/// Draws the dot of a box.
pub fn paint_dot(
    brush: &Brush<'_>,
    port: &PortShape,
    by: Vec2,
    detail: Detail,
    live: Option<&ComponentView>,
    look: PortLook,
) {
    let theme = brush.theme;
    let mut colour: Color32 = match (port.quiet, port.linked) {
        (true, Some(_)) => theme.muted,
        (true, None) => theme.quiet,
        (false, Some(carries)) => theme.kind(look.carried.unwrap_or(carries)),
        (false, None) => theme.kinds(&port.kinds),
    };
    if live.is_some_and(|live| is_full(live, port)) {
        colour = theme.bad;
    }
    let mut radius = if port.quiet { QUIET_DOT } else { DOT };
    match look.fit {
        Some(true) => radius += if port.quiet { 1.5 } else { 2.5 },
        Some(false) => colour = blend(theme.background, colour, 0.25),
        None if look.is_hovered => radius += 1.5,
        None => {}
    }
    if detail != Detail::Near && port.quiet {
        return;
    }
    let centre = brush.pos(port.centre + by);
    let radius = radius * brush.zoom();
    if port.linked.is_some() || look.fit == Some(true) || port.quiet {
        brush.painter.circle(centre, radius, colour, Stroke::new(brush.line(1.5), brush.theme.background));
    } else {
        let ring = brush.line(1.8);
        brush.painter.circle(
            centre,
            radius - ring / 2.0,
            theme.panel,
            Stroke::new(ring, blend(theme.panel, colour, 0.8)),
        );
    }
    if look.fit == Some(true) {
        brush.painter.circle_stroke(
            centre,
            radius + brush.line(2.5),
            Stroke::new(brush.line(1.5), colour.gamma_multiply(0.5)),
        );
    }
}

/// Whether this box is a full inbox.
pub fn is_full(live: &ComponentView, port: &PortShape) -> bool {
    port.port.direction == Direction::Inbox
        && live.inboxes.iter().any(|inbox| {
            inbox.name == port.port.name && inbox.capacity.is_some_and(|most| most > 0 && inbox.depth >= most)
        })
}
