//! Layout: the shapes of all nodes, wires and frames of one scope, with an index by place.
//!
//! Pure. Kept between frames and made again only when the document or the scope has changed, so that a frame costs what
//! is visible and not what exists.

use std::collections::HashMap;

use compose_runtime::ids::Direction;
use compose_runtime::message::Kind;
use compose_runtime::registry::Registry;
use egui::{Pos2, Rect, Vec2};

use super::curve::Curve;
use super::grid::Grid;
use super::node_shape::{NodeKind, NodeShape, PortShape};
use crate::document::{Document, FrameId, NodeId, Port, Wire};

/// One wire.
#[derive(Debug, Clone, PartialEq)]
pub struct WireShape {
    /// Which link.
    pub wire: Wire,
    /// Number of the node it begins at.
    pub from_node: usize,
    /// Number of the node it ends at.
    pub to_node: usize,
    /// Its course.
    pub curve: Curve,
    /// What it carries, for its colour.
    pub carries: Kind,
}

/// One frame.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameShape {
    /// Which frame.
    pub id: FrameId,
    /// All of it.
    pub rect: Rect,
    /// Its title.
    pub title: String,
    /// Its notes.
    pub notes: String,
    /// Number of its colour.
    pub colour: u8,
}

impl FrameShape {
    /// The part that is dragged.
    pub fn title_bar(&self) -> Rect {
        Rect::from_min_size(self.rect.min, Vec2::new(self.rect.width(), FRAME_TITLE))
    }
}

/// Height of the part of a frame that carries its title.
pub const FRAME_TITLE: f32 = 28.0;

/// The shapes of one scope.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Counts up with every new layout, so that others can tell.
    pub stamp: u64,
    /// Nodes by their id, then the edges of the scope.
    pub nodes: Vec<NodeShape>,
    /// Wires in order.
    pub wires: Vec<WireShape>,
    /// Frames, large ones first so that small ones lie on top.
    pub frames: Vec<FrameShape>,
    /// A rectangle around everything; nothing if empty.
    pub bounds: Rect,
    made_from: Option<(u64, Option<NodeId>)>,
    numbers: HashMap<NodeId, usize>,
    wire_numbers: HashMap<Wire, usize>,
    node_grid: Grid,
    wire_grid: Grid,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            stamp: 0,
            nodes: Vec::new(),
            wires: Vec::new(),
            frames: Vec::new(),
            bounds: Rect::NOTHING,
            made_from: None,
            numbers: HashMap::new(),
            wire_numbers: HashMap::new(),
            node_grid: Grid::default(),
            wire_grid: Grid::default(),
        }
    }
}

impl Layout {
    /// Makes the layout again if document or scope have changed. Says whether it did.
    pub fn update(&mut self, document: &Document, registry: &Registry, scope: Option<NodeId>) -> bool {
        let wanted = Some((document.revision(), scope));
        if self.made_from == wanted {
            return false;
        }
        let stamp = self.stamp + 1;
        *self = Self::new(document, registry, scope);
        self.stamp = stamp;
        self.made_from = wanted;
        true
    }

    /// The layout of a scope.
    pub fn new(document: &Document, registry: &Registry, scope: Option<NodeId>) -> Self {
        let mut nodes: Vec<NodeShape> =
            document.nodes_in(scope).map(|node| NodeShape::of(document, registry, node)).collect();
        let mut bounds = nodes.iter().fold(Rect::NOTHING, |bounds, node| bounds.union(node.rect));
        let numbers: HashMap<NodeId, usize> = nodes.iter().enumerate().map(|(n, node)| (node.id, n)).collect();
        if let Some(composite) = scope {
            let content = if bounds.is_finite() { bounds } else { Rect::from_min_size(Pos2::ZERO, Vec2::splat(200.0)) };
            let (inboxes, outboxes) = document.boxes_of(composite, registry);
            nodes.push(NodeShape::edge(composite, Direction::Inbox, &inboxes, content));
            nodes.push(NodeShape::edge(composite, Direction::Outbox, &outboxes, content));
            bounds = nodes.iter().fold(bounds, |bounds, node| bounds.union(node.rect));
        }
        let mut frames: Vec<FrameShape> = document
            .frames_in(scope)
            .map(|frame| FrameShape {
                id: frame.id,
                rect: rect_of(frame.rect_in_canvas),
                title: frame.title.clone(),
                notes: frame.notes.clone(),
                colour: frame.colour,
            })
            .collect();
        frames.sort_by(|a, b| b.rect.area().total_cmp(&a.rect.area()).then(a.id.cmp(&b.id)));
        bounds = frames.iter().fold(bounds, |bounds, frame| bounds.union(frame.rect));
        let mut layout = Self { nodes, frames, bounds, numbers, ..Self::default() };
        layout.wires = document.wires_in(scope).filter_map(|wire| layout.wire_shape(wire)).collect();
        layout.mark_linked();
        layout.wire_numbers = layout.wires.iter().enumerate().map(|(n, shape)| (shape.wire.clone(), n)).collect();
        layout.node_grid = Grid::new(layout.nodes.iter().map(|node| node.rect.expand(16.0)));
        layout.wire_grid = Grid::new(layout.wires.iter().map(|wire| wire.curve.bounds().expand(8.0)));
        layout
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> Option<&NodeShape> {
        self.nodes.get(*self.numbers.get(&id)?)
    }

    /// Number of the node with this id.
    pub fn number_of(&self, id: NodeId) -> Option<usize> {
        self.numbers.get(&id).copied()
    }

    /// Number of this wire.
    pub fn wire_number(&self, wire: &Wire) -> Option<usize> {
        self.wire_numbers.get(wire).copied()
    }

    /// The frame with this id.
    pub fn frame(&self, id: FrameId) -> Option<&FrameShape> {
        self.frames.iter().find(|frame| frame.id == id)
    }

    /// The shape of a box, and the number of its node. Boxes of the scope itself are on its edges.
    pub fn port(&self, port: &Port) -> Option<(usize, &PortShape)> {
        if let Some(&number) = self.numbers.get(&port.node) {
            return Some((number, self.nodes.get(number)?.port(port)?));
        }
        let edges = self.nodes.len().saturating_sub(2);
        self.nodes.iter().enumerate().skip(edges).find_map(|(n, node)| match node.kind {
            NodeKind::Edge(side) if side == port.direction && node.id == port.node => Some((n, node.port(port)?)),
            _ => None,
        })
    }

    /// Numbers of the nodes that may touch `area`.
    pub fn nodes_near(&self, area: Rect) -> Vec<u32> {
        self.node_grid.near(area)
    }

    /// Numbers of the wires that may touch `area`.
    pub fn wires_near(&self, area: Rect) -> Vec<u32> {
        self.wire_grid.near(area)
    }

    /// Nodes that lie inside a frame.
    pub fn members_of(&self, frame: Rect) -> Vec<NodeId> {
        self.nodes
            .iter()
            .filter(|node| node.is_node() && frame.contains(node.rect.center()))
            .map(|node| node.id)
            .collect()
    }

    /// A rectangle around these nodes.
    pub fn bounds_of<'a>(&self, ids: impl IntoIterator<Item = &'a NodeId>) -> Rect {
        ids.into_iter().filter_map(|id| self.node(*id)).fold(Rect::NOTHING, |bounds, node| bounds.union(node.rect))
    }

    /// The course of a wire when its nodes are moved by these distances.
    pub fn curve_moved(&self, shape: &WireShape, from_by: Vec2, to_by: Vec2) -> Option<Curve> {
        let (from, to) = (self.port(&shape.wire.from)?.1, self.port(&shape.wire.to)?.1);
        let (a, b) = (self.nodes.get(shape.from_node)?, self.nodes.get(shape.to_node)?);
        Some(course(from, a.rect.translate(from_by), from_by, to, b.rect.translate(to_by), to_by))
    }

    fn mark_linked(&mut self) {
        for wire in &self.wires {
            for (number, port) in [(wire.from_node, &wire.wire.from), (wire.to_node, &wire.wire.to)] {
                let ports = self.nodes.get_mut(number).into_iter().flat_map(|node| &mut node.ports);
                ports.filter(|shape| shape.port == *port).for_each(|shape| shape.linked = Some(wire.carries));
            }
        }
    }

    fn wire_shape(&self, wire: &Wire) -> Option<WireShape> {
        let (from_node, from) = self.port(&wire.from)?;
        let (to_node, to) = self.port(&wire.to)?;
        let (a, b) = (self.nodes.get(from_node)?, self.nodes.get(to_node)?);
        let carries = from.kinds.first().or(to.kinds.first()).copied().unwrap_or(Kind::Any);
        let curve = course(from, a.rect, Vec2::ZERO, to, b.rect, Vec2::ZERO);
        Some(WireShape { wire: wire.clone(), from_node, to_node, curve, carries })
    }
}

/// A rectangle as the document keeps it.
pub fn rect_of([x, y, width, height]: [f32; 4]) -> Rect {
    Rect::from_min_size(Pos2::new(x, y), Vec2::new(width, height))
}

/// A wire whose end lies behind its start goes between the two nodes, or under both if there is nothing between.
fn course(from: &PortShape, a: Rect, from_by: Vec2, to: &PortShape, b: Rect, to_by: Vec2) -> Curve {
    let (start, end) = (from.centre + from_by, to.centre + to_by);
    let goes_back = from.faces > 0.0 && to.faces < 0.0 && end.x < start.x + 4.0;
    let through = goes_back.then(|| {
        if b.top() > a.bottom() + 8.0 {
            f32::midpoint(a.bottom(), b.top())
        } else if a.top() > b.bottom() + 8.0 {
            f32::midpoint(b.bottom(), a.top())
        } else {
            a.bottom().max(b.bottom()) + 26.0
        }
    });
    Curve::new(start, from.faces, end, to.faces, through)
}
