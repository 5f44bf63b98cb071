//! Diagram: a surface that shows a graph of nodes and links, scaled to fit. On the stage, nodes can be selected and
//! dragged.
//!
//! Names are drawn only if each node has enough space, so that a large graph stays clear and a small one can be read.
//! Nodes without a finite position are not drawn.

use std::sync::Arc;

use compose_runtime::message::Message;
use compose_runtime::surface::{GraphLink, GraphLinkKind, GraphNode, GraphNodeKind};
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui, Vec2};

use super::slot::{Slot, sized};
use super::{plots, text};
use crate::theme::tokens::{self, Tokens};

/// The graph to draw.
#[derive(Clone, Copy)]
pub(super) struct Diagram<'a> {
    pub(super) nodes: &'a [GraphNode],
    pub(super) links: &'a [GraphLink],
    pub(super) selected: Option<usize>,
    pub(super) caption: &'a str,
}

/// Minimum space for each node, in points on each side, for drawing names of nodes and names of boxes.
const SPACE_FOR_NAMES: f32 = 24.0;
const SPACE_FOR_BOXES: f32 = 62.0;

/// Converts between the layout of the graph and the screen.
#[derive(Debug, Clone, Copy)]
struct Map {
    origin: Pos2,
    factor: f32,
}

impl Map {
    /// Fits all nodes into `space`, with at most `most` points on the screen per unit.
    fn fit(nodes: &[GraphNode], space: Rect, most: f32) -> Self {
        let mut bounds = Rect::NOTHING;
        for node in nodes.iter().filter(|node| node.at.iter().all(|part| part.is_finite())) {
            bounds.extend_with(Pos2::from(node.at));
        }
        if !bounds.is_positive() && bounds.size().max_elem() <= 0.0 {
            let centre = if bounds.is_finite() { bounds.center() } else { Pos2::ZERO };
            return Self { origin: space.center() - centre.to_vec2() * most, factor: most };
        }
        let size = bounds.size().max(Vec2::splat(1.0));
        let factor = (space.width() / size.x).min(space.height() / size.y).min(most).max(1.0e-6);
        Self { origin: space.center() - bounds.center().to_vec2() * factor, factor }
    }

    /// A point on the screen; `None` if it is not finite and cannot be drawn.
    fn on_screen(self, at: [f32; 2]) -> Option<Pos2> {
        let pos = self.origin + Vec2::from(at) * self.factor;
        pos.is_finite().then_some(pos)
    }

    fn in_layout(self, pos: Pos2) -> [f32; 2] {
        ((pos - self.origin) / self.factor).into()
    }
}

/// A node that the user drags. The map stays fixed during the drag; otherwise the node would move away from the
/// pointer.
#[derive(Debug, Clone)]
struct Held {
    id: Arc<str>,
    map: Map,
}

/// Draws the graph and returns the user's event, if any.
pub(super) fn diagram_ui(
    ui: &Ui,
    painter: &Painter,
    slot: &Slot<'_>,
    diagram: Diagram<'_>,
    response: &Response,
    theme: &Tokens,
) -> Option<Message> {
    let held: Option<Held> = ui.ctx().data(|data| data.get_temp(slot.id));
    let fit = Map::fit(diagram.nodes, space(slot, diagram.caption), slot.scale);
    let map = held.as_ref().map_or(fit, |held| held.map);
    paint(painter, slot, diagram, map, theme);
    if !slot.on_stage {
        return None;
    }
    let pointer = response.interact_pointer_pos()?;
    if let Some(held) = held {
        if response.drag_stopped() {
            ui.ctx().data_mut(|data| data.remove::<Held>(slot.id));
            return Some(event("DROP", &[Message::text(&held.id)]));
        }
        let moved = response.drag_delta() != Vec2::ZERO;
        let [x, y] = map.in_layout(pointer.clamp(slot.rect.min, slot.rect.max)).map(f64::from);
        return moved.then(|| event("HOLD", &[Message::text(&held.id), Message::Float(x), Message::Float(y)]));
    }
    if response.drag_started() {
        let pressed = ui.input(|input| input.pointer.press_origin()).unwrap_or(pointer);
        let id = node_at(diagram.nodes, map, pressed, slot.scale)?;
        ui.ctx().data_mut(|data| data.insert_temp(slot.id, Held { id, map }));
        return None;
    }
    let selected = || node_at(diagram.nodes, map, pointer, slot.scale).map_or(Message::Nothing, Message::text);
    response.clicked().then(|| event("SELECT", &[selected()]))
}

fn event(verb: &str, rest: &[Message]) -> Message {
    Message::list([verb.into(), "NODE".into()].into_iter().chain(rest.iter().cloned()))
}

/// The node nearest to a point, if one is close enough.
fn node_at(nodes: &[GraphNode], map: Map, pos: Pos2, scale: f32) -> Option<Arc<str>> {
    let distances = nodes.iter().filter_map(|node| Some((map.on_screen(node.at)?.distance(pos), node)));
    let (distance, nearest) = distances.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (distance < 14.0 * scale.clamp(0.7, 1.5)).then(|| nearest.id.clone())
}

/// The space for the centres of nodes, with a margin for their names.
fn space(slot: &Slot<'_>, caption: &str) -> Rect {
    let mut space = slot.rect.shrink2(Vec2::new(34.0, 20.0) * slot.scale);
    if !caption.is_empty() {
        space.max.y -= 14.0 * slot.scale;
    }
    if space.is_positive() { space } else { Rect::from_center_size(slot.rect.center(), Vec2::splat(1.0)) }
}

fn paint(painter: &Painter, slot: &Slot<'_>, diagram: Diagram<'_>, map: Map, theme: &Tokens) {
    let radius = CornerRadius::same((3.0 * slot.scale) as u8);
    painter.rect(slot.rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let space_for_one = (slot.rect.area() / diagram.nodes.len().max(1) as f32).sqrt();
    let size = (space_for_one * 0.12).clamp(1.5, 7.0 * slot.scale);
    for link in diagram.links {
        let ends = (diagram.nodes.get(link.from), diagram.nodes.get(link.to));
        if let (Some(from), Some(to)) = ends {
            let width = (slot.scale * 1.2).clamp(0.8, 2.0);
            let stroke = Stroke::new(width, link_colour(link.kind, theme));
            if let (Some(from), Some(to)) = (map.on_screen(from.at), map.on_screen(to.at)) {
                paint_link(painter, (from, to), stroke, size, link.kind != GraphLinkKind::Belongs);
            }
        }
    }
    let font = sized(tokens::font(10.5), slot.scale);
    for (index, node) in diagram.nodes.iter().enumerate() {
        let Some(centre) = map.on_screen(node.at) else { continue };
        let is_selected = diagram.selected == Some(index);
        let is_box = matches!(node.kind, GraphNodeKind::Inbox | GraphNodeKind::Outbox);
        let least = if is_box { SPACE_FOR_BOXES } else { SPACE_FOR_NAMES };
        let is_named = (is_selected || space_for_one >= least * slot.scale.max(0.8)) && font.size >= 5.0;
        let name = if is_selected { &*node.name } else { last_part(&node.name) };
        let edge = if is_selected { Stroke::new(2.0, theme.selection) } else { Stroke::new(1.0, theme.outline) };
        if node.kind == GraphNodeKind::Component && is_named {
            let galley = painter.layout_no_wrap(name.to_owned(), font.clone(), theme.strong);
            let card = Rect::from_center_size(centre, galley.size() + Vec2::new(10.0, 5.0) * slot.scale);
            let corner = CornerRadius::same((4.0 * slot.scale) as u8);
            painter.rect(card, corner, theme.raised, edge, StrokeKind::Inside);
            painter.galley((card.center() - galley.size() / 2.0).round(), galley, theme.strong);
            continue;
        }
        let fill = node_colour(node.kind, theme);
        let dot = if is_box { size * 0.75 } else { size };
        painter.circle(centre, dot, fill, if is_selected { edge } else { Stroke::NONE });
        if is_named {
            let (font, colour) = match (is_selected, is_box) {
                (true, _) => (font.clone(), theme.strong),
                (false, true) => (sized(tokens::font(9.0), slot.scale), theme.muted),
                (false, false) => (font.clone(), theme.text),
            };
            let below = centre + Vec2::new(0.0, dot + 1.0);
            painter.text(below.round(), Align2::CENTER_TOP, name, font, colour);
        }
    }
    if !diagram.caption.is_empty() {
        text::caption(painter, slot.rect, slot.scale, diagram.caption, theme);
    }
}

/// Draws a straight line with an arrow at its end, or a small ring if both ends are at the same point.
fn paint_link(painter: &Painter, (from, to): (Pos2, Pos2), stroke: Stroke, size: f32, has_arrow: bool) {
    let offset = to - from;
    let length = offset.length();
    if length < 1.0 {
        painter.circle_stroke(from - Vec2::new(0.0, size * 1.6), size * 1.2, stroke);
        return;
    }
    painter.line_segment([from, to], stroke);
    if has_arrow && length > size * 4.0 {
        let along = offset / length;
        let (tip, wide) = (to - along * size * 1.1, along.rot90() * size * 0.55);
        let foot = tip - along * size * 1.3;
        painter.add(Shape::convex_polygon(vec![tip, foot + wide, foot - wide], stroke.color, Stroke::NONE));
    }
}

fn link_colour(kind: GraphLinkKind, theme: &Tokens) -> Color32 {
    match kind {
        GraphLinkKind::Plain => theme.muted,
        GraphLinkKind::Belongs => theme.quiet,
        GraphLinkKind::Data => theme.good,
        GraphLinkKind::Passthrough => theme.categories[3],
    }
}

fn node_colour(kind: GraphNodeKind, theme: &Tokens) -> Color32 {
    match kind {
        GraphNodeKind::Plain(number) => plots::colour(number, theme),
        GraphNodeKind::Component => theme.strong,
        GraphNodeKind::Inbox => theme.categories[0],
        GraphNodeKind::Outbox => theme.categories[5],
    }
}

/// The last part of a name that contains dots or slashes (VIEW-21).
fn last_part(name: &str) -> &str {
    name.rsplit(['.', '/']).next().filter(|part| !part.is_empty()).unwrap_or(name)
}

/// The label for assistive technology.
pub(super) fn spoken(name: &str, diagram: Diagram<'_>) -> String {
    let mut label = format!("graph of {name}: {} nodes, {} links", diagram.nodes.len(), diagram.links.len());
    if let Some(selected) = diagram.selected.and_then(|index| diagram.nodes.get(index)) {
        label = format!("{label}, {} selected", selected.name);
    }
    if diagram.caption.is_empty() { label } else { format!("{label}; {}", diagram.caption) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn node(id: &str, at: [f32; 2]) -> GraphNode {
        GraphNode { id: id.into(), name: id.into(), kind: GraphNodeKind::Plain(0), at }
    }

    #[test]
    fn all_nodes_fit_and_in_layout_is_the_inverse_of_on_screen() {
        let space = Rect::from_min_size(Pos2::new(10.0, 20.0), Vec2::new(300.0, 200.0));
        for nodes in [
            vec![],
            vec![node("a", [5.0e6, -3.0])],
            vec![node("a", [0.0, 0.0]), node("b", [0.0, 900.0])],
            vec![node("a", [-4000.0, 70.0]), node("b", [20.0, 60.0]), node("c", [f32::NAN, 0.0])],
        ] {
            let map = Map::fit(&nodes, space, 1.0);
            for node in nodes.iter().filter(|node| node.at[0].is_finite()) {
                let shown = map.on_screen(node.at).unwrap();
                assert!(space.expand(1.0).contains(shown), "{shown:?}");
                let back = map.in_layout(shown);
                assert!((back[0] - node.at[0]).abs() <= 1.0 && (back[1] - node.at[1]).abs() <= 1.0, "{back:?}");
            }
        }
    }

    #[test]
    fn the_nearest_node_is_found_if_it_is_close() {
        let nodes = [node("c", [-f32::NAN, 0.0]), node("a", [0.0, 0.0]), node("b", [100.0, 0.0])];
        let map = Map { origin: Pos2::ZERO, factor: 1.0 };
        let found = |x, y| node_at(&nodes, map, Pos2::new(x, y), 1.0);
        assert_eq!(found(4.0, 3.0).as_deref(), Some("a"));
        assert_eq!(found(92.0, 0.0).as_deref(), Some("b"));
        assert_eq!(found(50.0, 0.0), None);
    }

    #[test]
    fn the_last_part_of_a_long_name_is_drawn() {
        assert_eq!(["a.b.Echo", "server/1/echo", "plain", "odd/"].map(last_part), ["Echo", "echo", "plain", "odd/"]);
    }
}
