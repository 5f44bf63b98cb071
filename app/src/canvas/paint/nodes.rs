//! Nodes: the header with category, name, type and state lamp; the names of the boxes; the text of a fault.

use std::sync::Arc;

use compose_runtime::introspect::snapshot::{ComponentView, State};
use egui::epaint::RectShape;
use egui::text::LayoutJob;
use egui::{Align2, CornerRadius, Galley, Pos2, Rect, Stroke, Vec2};

use super::Brush;
use super::ports::{self, PortLook};
use crate::canvas::node_shape::{HEADER, NAME_SIZE, NodeKind, NodeShape, TYPE_SIZE};
use crate::canvas::scene::Detail;
use crate::theme::tokens::{self, RADIUS_NODE};
use crate::theme::widgets::paint_lamp;

/// Below this zoom, the name is drawn larger and the type is not drawn.
const TYPE_FROM_ZOOM: f32 = 0.75;

/// How a node is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct NodeLook<'a> {
    /// It is selected.
    pub is_selected: bool,
    /// The pointer is on it.
    pub is_hovered: bool,
    /// None of its boxes accepts the link being made.
    pub is_faded: bool,
    /// The system is running, so a node without a known state has not started.
    pub is_running: bool,
    /// The number of running instances of a template.
    pub instances: usize,
    /// What its lamp shows.
    pub lamp: Option<&'a State>,
}

/// Draws a node without the dots of its boxes and without its surface.
pub fn paint(
    brush: &Brush<'_>,
    node: &NodeShape,
    by: Vec2,
    detail: Detail,
    live: Option<&ComponentView>,
    look: NodeLook<'_>,
    port_look: impl Fn(&crate::document::Port) -> PortLook,
) {
    let theme = brush.theme;
    let fault = live.and_then(|live| match &live.state {
        State::Crashed(fault) => Some(fault.clone()),
        _ => None,
    });
    let mut rect = node.rect.translate(by);
    let banner = fault.as_ref().filter(|_| detail == Detail::Near).and_then(|fault| crash_text(brush, rect, fault));
    if let Some(text) = &banner {
        rect.max.y += text.size().y / brush.zoom() + 8.0;
    }
    let on_screen = brush.rect(rect);
    let radius = brush.radius(RADIUS_NODE);
    let shadow = RectShape::filled(on_screen.translate(Vec2::new(0.0, brush.line(3.0))), radius, theme.shadow)
        .with_blur_width(brush.line(9.0));
    brush.painter.add(shadow);
    brush.painter.rect_filled(on_screen, radius, theme.panel);
    if node.is_node() {
        let header = Rect::from_min_size(
            rect.min,
            Vec2::new(rect.width(), if detail == Detail::Near { node.header } else { rect.height() }),
        );
        let bottom = if detail == Detail::Near { 0 } else { radius.sw };
        let corners = CornerRadius { nw: radius.nw, ne: radius.ne, sw: bottom, se: bottom };
        brush.painter.rect_filled(brush.rect(header), corners, theme.raised);
    }
    if let Some(text) = banner {
        let strip = Rect::from_min_max(Pos2::new(rect.left(), node.rect.bottom() + by.y), rect.max);
        let corners = CornerRadius { nw: 0, ne: 0, sw: radius.sw, se: radius.se };
        brush.painter.rect_filled(brush.rect(strip), corners, theme.bad_background);
        brush.painter.galley(brush.pos(strip.min + Vec2::new(10.0, 4.0)).round(), text, theme.bad);
    }
    let outline = match (look.is_selected, look.is_hovered) {
        (true, _) => Stroke::new(2.0, theme.selection),
        (false, true) => Stroke::new(1.0, theme.muted),
        _ if fault.is_some() || node.kind == NodeKind::Unknown => Stroke::new(1.0, theme.bad),
        _ => Stroke::new(1.0, theme.outline),
    };
    brush.painter.rect_stroke(on_screen, radius, outline, egui::StrokeKind::Inside);
    if node.kind == NodeKind::Composite {
        // A second edge shows that there is a graph inside.
        let inner = on_screen.shrink(brush.line(3.0));
        brush.painter.rect_stroke(inner, radius, Stroke::new(1.0, theme.line), egui::StrokeKind::Inside);
    }
    header(brush, node, by, detail, look);
    if detail == Detail::Near {
        for port in &node.ports {
            ports::paint_label(brush, port, by, live, port_look(&port.port));
        }
    }
}

fn header(brush: &Brush<'_>, node: &NodeShape, by: Vec2, detail: Detail, look: NodeLook<'_>) {
    let theme = brush.theme;
    let rect = node.rect.translate(by);
    if !node.is_node() {
        let at = Pos2::new(rect.center().x, rect.top() - 9.0);
        brush.text(at, Align2::CENTER_CENTER, &node.name, tokens::font(TYPE_SIZE), theme.dim, rect.width() + 40.0);
        return;
    }
    let compact = node.header < HEADER;
    let colour = node.category.map_or(theme.muted, |category| theme.category(category));
    let bar_height = if compact { 11.0 } else { 16.0 };
    let middle = if detail == Detail::Near { node.header / 2.0 } else { (rect.height() / 2.0).min(node.header) };
    let bar = Rect::from_center_size(Pos2::new(rect.left() + 13.0, rect.top() + middle), Vec2::new(4.0, bar_height));
    brush.painter.rect_filled(brush.rect(bar), CornerRadius::same((2.0 * brush.zoom()) as u8), colour);
    let badge = instances_badge(brush, node, by, detail, look.instances);
    let space = rect.width() - 20.0 - badge - if detail == Detail::Near { 28.0 } else { 8.0 };
    let left = rect.left() + 21.0;
    let shows_type = !compact && detail == Detail::Near && brush.zoom() >= TYPE_FROM_ZOOM;
    let y = rect.top() + if shows_type { 13.5 } else { middle };
    let size = if detail == Detail::Near { brush.readable(NAME_SIZE, 9.5, 18.0) } else { 18.0 };
    brush.text(Pos2::new(left, y), Align2::LEFT_CENTER, &node.name, tokens::font_strong(size), theme.strong, space);
    if shows_type {
        let colour = if node.kind == NodeKind::Unknown { theme.bad } else { theme.muted };
        brush.text(
            Pos2::new(left, rect.top() + 28.0),
            Align2::LEFT_CENTER,
            &node.type_name,
            tokens::font(TYPE_SIZE),
            colour,
            rect.width() - 30.0,
        );
    }
    if look.is_running || look.lamp.is_some() {
        let (lamp, radius) = match detail {
            Detail::Near => (brush.pos(node.lamp() + by), 4.8),
            _ => (brush.pos(rect.right_top() + Vec2::new(-9.0, 9.0)), 6.0),
        };
        paint_lamp(&brush.painter, lamp, (radius * brush.zoom()).max(3.2), look.lamp, theme);
    }
}

/// Draws the number of running instances of a chassis beside its lamp. Returns the width it takes.
fn instances_badge(brush: &Brush<'_>, node: &NodeShape, by: Vec2, detail: Detail, instances: usize) -> f32 {
    if instances == 0 || detail != Detail::Near {
        return 0.0;
    }
    let text = format!("× {instances}");
    let font = tokens::font_strong(TYPE_SIZE);
    let right = brush.pos(node.lamp() + by + Vec2::new(-12.0, 0.0));
    let galley = brush.painter.layout_no_wrap(text, brush.font(font), brush.theme.text);
    let rect = Align2::RIGHT_CENTER.anchor_size(right, galley.size() + Vec2::new(8.0, 2.0) * brush.zoom());
    brush.card(rect, brush.radius(RADIUS_NODE), brush.theme.panel, Stroke::new(1.0, brush.theme.outline));
    brush.painter.galley(rect.min + Vec2::new(4.0, 1.0) * brush.zoom(), galley, brush.theme.text);
    rect.width() / brush.zoom() + 6.0
}

/// The text of a fault, in at most four lines. The tooltip of the node shows all of it.
fn crash_text(brush: &Brush<'_>, node: Rect, fault: &str) -> Option<Arc<Galley>> {
    let font = brush.font(tokens::font(11.0));
    if font.size < 5.0 {
        return None;
    }
    let mut job =
        LayoutJob::simple(format!("crashed: {fault}"), font, brush.theme.bad, (node.width() - 20.0) * brush.zoom());
    job.wrap.max_rows = 4;
    Some(brush.painter.layout_job(job))
}
