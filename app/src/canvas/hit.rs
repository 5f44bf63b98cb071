//! Hit: what is under a point of the canvas. Pure.
//!
//! Smaller shapes take priority over larger ones: boxes before surfaces, surfaces before nodes, nodes before wires,
//! wires before frames. Among shapes of the same kind, the one drawn last takes priority.

use egui::{Pos2, Rect, Vec2};

use super::layout::{Layout, WireShape};
use super::node_shape::NodeShape;
use crate::document::{FrameId, NodeId, Port, Wire};

/// An end of a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireEnd {
    /// The end at the source of the messages.
    From,
    /// The end at their destination.
    To,
}

/// What is under a point.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hit {
    /// The empty canvas.
    #[default]
    Nothing,
    /// A box.
    Port(Port),
    /// The surface of a component inside its node.
    Surface(NodeId),
    /// A node.
    Node(NodeId),
    /// A wire, close to one of its ends.
    WireEnd(Wire, WireEnd),
    /// A wire.
    Wire(Wire),
    /// The title of a frame.
    FrameTitle(FrameId),
    /// The lower right corner of a frame.
    FrameCorner(FrameId),
}

/// Below this zoom, boxes are not drawn and cannot be hit.
pub const BOXES_FROM_ZOOM: f32 = 0.3;

/// The distance within which a point counts as being on a wire, in points on the screen.
const WIRE_REACH: f32 = 6.0;

/// The distance from its end within which a wire is picked up instead of selected, in points on the screen.
const END_REACH: f32 = 26.0;

/// The size of the corner that resizes a frame, in canvas units.
pub const CORNER: f32 = 16.0;

/// What is under `pos`.
pub fn hit(layout: &Layout, pos: Pos2, zoom: f32) -> Hit {
    let around = Rect::from_center_size(pos, Vec2::splat(24.0 / zoom.max(0.1)));
    let nodes: Vec<&NodeShape> =
        layout.nodes_near(around).into_iter().filter_map(|n| layout.nodes.get(n as usize)).collect();
    if zoom >= BOXES_FROM_ZOOM
        && let Some(port) = nearest_port(&nodes, pos, zoom)
    {
        return Hit::Port(port);
    }
    if let Some(node) = nodes.iter().rev().find(|node| node.rect.contains(pos) && node.is_node()) {
        return match &node.surface {
            Some((_, slot)) if slot.contains(pos) && zoom >= BOXES_FROM_ZOOM => Hit::Surface(node.id),
            _ => Hit::Node(node.id),
        };
    }
    if let Some((wire, distance_to_ends)) = nearest_wire(layout, pos, zoom) {
        let reach = END_REACH / zoom;
        return match distance_to_ends {
            (from, to) if to <= reach && to <= from => Hit::WireEnd(wire.wire.clone(), WireEnd::To),
            (from, _) if from <= reach => Hit::WireEnd(wire.wire.clone(), WireEnd::From),
            _ => Hit::Wire(wire.wire.clone()),
        };
    }
    for frame in layout.frames.iter().rev() {
        if Rect::from_min_max(frame.rect.max - Vec2::splat(CORNER), frame.rect.max).contains(pos) {
            return Hit::FrameCorner(frame.id);
        }
        if frame.title_bar().contains(pos) {
            return Hit::FrameTitle(frame.id);
        }
    }
    Hit::Nothing
}

/// Everything that a selection rectangle selects: nodes it overlaps, wires it crosses, frames it contains completely.
pub fn inside(layout: &Layout, area: Rect) -> super::selection::Selection {
    let mut found = super::selection::Selection::default();
    for node in layout.nodes_near(area).into_iter().filter_map(|n| layout.nodes.get(n as usize)) {
        if node.is_node() && node.rect.intersects(area) {
            found.nodes.insert(node.id);
        }
    }
    for shape in layout.wires_near(area).into_iter().filter_map(|n| layout.wires.get(n as usize)) {
        if shape.curve.crosses(area) {
            found.wires.insert(shape.wire.clone());
        }
    }
    found.frames.extend(layout.frames.iter().filter(|frame| area.contains_rect(frame.rect)).map(|frame| frame.id));
    found
}

/// The wires that a stroke from `a` to `b` cuts.
pub fn cut_by(layout: &Layout, a: Pos2, b: Pos2) -> Vec<Wire> {
    let area = Rect::from_two_pos(a, b);
    let shapes = layout.wires_near(area).into_iter().filter_map(|n| layout.wires.get(n as usize));
    shapes
        .filter(|shape| shape.curve.points(16).windows(2).any(|pair| segments_cross(a, b, pair[0], pair[1])))
        .map(|shape| shape.wire.clone())
        .collect()
}

fn nearest_port(nodes: &[&NodeShape], pos: Pos2, zoom: f32) -> Option<Port> {
    let mut best: Option<(f32, &Port)> = None;
    for port in nodes.iter().rev().flat_map(|node| &node.ports) {
        let distance = port.centre.distance(pos);
        let reach = port.reach().max(if port.quiet { 0.0 } else { 8.0 / zoom.max(0.5) });
        if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, &port.port));
        }
    }
    best.map(|(_, port)| port.clone())
}

fn nearest_wire(layout: &Layout, pos: Pos2, zoom: f32) -> Option<(&WireShape, (f32, f32))> {
    let reach = WIRE_REACH / zoom;
    let near = layout.wires_near(Rect::from_center_size(pos, Vec2::splat(2.0 * reach)));
    let candidates = near.into_iter().filter_map(|n| layout.wires.get(n as usize));
    candidates
        .filter(|shape| shape.curve.bounds().expand(reach).contains(pos))
        .map(|shape| (shape.curve.distance(pos), shape))
        .filter(|(distance, _)| *distance <= reach)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, shape)| (shape, (shape.curve.start().distance(pos), shape.curve.end().distance(pos))))
}

fn segments_cross(a: Pos2, b: Pos2, c: Pos2, d: Pos2) -> bool {
    let side = |p: Pos2, q: Pos2, r: Pos2| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
}
