//! Layout: the shapes of all nodes, wires and frames of one scope, with a spatial index.
//!
//! Pure. Kept between frames and recomputed only when the document or the scope has changed, so that the cost of a
//! frame depends on the visible part of the graph and not on its size.

use std::collections::HashMap;

use compose_runtime::ids::Direction;
use compose_runtime::message::Kind;
use compose_runtime::registry::Registry;
use egui::{Pos2, Rect, Vec2};

use super::curve::Curve;
use super::grid::Grid;
use super::node_shape::{NodeKind, NodeShape, PortShape};
use crate::document::{Document, FrameId, NodeId, Port, Wire};

/// The shape of a wire.
#[derive(Debug, Clone, PartialEq)]
pub struct WireShape {
    /// The wire in the document.
    pub wire: Wire,
    /// The index of the node at which it begins.
    pub from_node: usize,
    /// The index of the node at which it ends.
    pub to_node: usize,
    /// Its curve.
    pub curve: Curve,
    /// The kind of message it carries, which determines its colour.
    pub carries: Kind,
}

/// The shape of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameShape {
    /// The frame in the document.
    pub id: FrameId,
    /// Its whole area.
    pub rect: Rect,
    /// Its title.
    pub title: String,
    /// Its notes.
    pub notes: String,
    /// The index of its colour.
    pub colour: u8,
}

impl FrameShape {
    /// The part by which the frame is dragged.
    pub fn title_bar(&self) -> Rect {
        Rect::from_min_size(self.rect.min, Vec2::new(self.rect.width(), FRAME_TITLE))
    }
}

/// The height of a frame's title bar.
pub const FRAME_TITLE: f32 = 28.0;

/// The shapes of one scope.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Increases with every new layout, so that caches can detect a change.
    pub stamp: u64,
    /// Nodes in order of their ids, then the two edges of the scope.
    pub nodes: Vec<NodeShape>,
    /// Wires in order.
    pub wires: Vec<WireShape>,
    /// Frames, large ones first, so that small ones are drawn on top.
    pub frames: Vec<FrameShape>,
    /// The bounds of all shapes; `Rect::NOTHING` if there are none.
    pub bounds: Rect,
    made_from: Option<(u64, Option<NodeId>)>,
    indices: HashMap<NodeId, usize>,
    wire_indices: HashMap<Wire, usize>,
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
            indices: HashMap::new(),
            wire_indices: HashMap::new(),
            node_grid: Grid::default(),
            wire_grid: Grid::default(),
        }
    }
}

impl Layout {
    /// Recomputes the layout if the document or the scope has changed. Returns whether it did.
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

    /// Computes the layout of a scope.
    pub fn new(document: &Document, registry: &Registry, scope: Option<NodeId>) -> Self {
        let mut nodes: Vec<NodeShape> =
            document.nodes_in(scope).map(|node| NodeShape::of(document, registry, node)).collect();
        let mut bounds = nodes.iter().fold(Rect::NOTHING, |bounds, node| bounds.union(node.rect));
        let indices: HashMap<NodeId, usize> = nodes.iter().enumerate().map(|(n, node)| (node.id, n)).collect();
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
        let mut layout = Self { nodes, frames, bounds, indices, ..Self::default() };
        layout.wires = document.wires_in(scope).filter_map(|wire| layout.wire_shape(wire)).collect();
        layout.mark_linked();
        layout.wire_indices = layout.wires.iter().enumerate().map(|(n, shape)| (shape.wire.clone(), n)).collect();
        layout.node_grid = Grid::new(layout.nodes.iter().map(|node| node.rect.expand(16.0)));
        layout.wire_grid = Grid::new(layout.wires.iter().map(|wire| wire.curve.bounds().expand(8.0)));
        layout
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> Option<&NodeShape> {
        self.nodes.get(*self.indices.get(&id)?)
    }

    /// The index of the node with this id.
    pub fn index_of(&self, id: NodeId) -> Option<usize> {
        self.indices.get(&id).copied()
    }

    /// The index of this wire.
    pub fn wire_index(&self, wire: &Wire) -> Option<usize> {
        self.wire_indices.get(wire).copied()
    }

    /// The frame with this id.
    pub fn frame(&self, id: FrameId) -> Option<&FrameShape> {
        self.frames.iter().find(|frame| frame.id == id)
    }

    /// The shape of a box, and the index of its node. Boxes of the scope itself are on its edges.
    pub fn port(&self, port: &Port) -> Option<(usize, &PortShape)> {
        if let Some(&index) = self.indices.get(&port.node) {
            return Some((index, self.nodes.get(index)?.port(port)?));
        }
        let edges = self.nodes.len().saturating_sub(2);
        self.nodes.iter().enumerate().skip(edges).find_map(|(n, node)| match node.kind {
            NodeKind::Edge(side) if side == port.direction && node.id == port.node => Some((n, node.port(port)?)),
            _ => None,
        })
    }

    /// The indices of the nodes that may touch `area`.
    pub fn nodes_near(&self, area: Rect) -> Vec<u32> {
        self.node_grid.near(area)
    }

    /// The indices of the wires that may touch `area`.
    pub fn wires_near(&self, area: Rect) -> Vec<u32> {
        self.wire_grid.near(area)
    }

    /// The nodes inside a frame.
    pub fn members_of(&self, frame: Rect) -> Vec<NodeId> {
        self.nodes
            .iter()
            .filter(|node| node.is_node() && frame.contains(node.rect.center()))
            .map(|node| node.id)
            .collect()
    }

    /// The bounds of these nodes.
    pub fn bounds_of<'a>(&self, ids: impl IntoIterator<Item = &'a NodeId>) -> Rect {
        ids.into_iter().filter_map(|id| self.node(*id)).fold(Rect::NOTHING, |bounds, node| bounds.union(node.rect))
    }

    /// The curve of a wire when its nodes are moved by these distances.
    pub fn curve_moved(&self, shape: &WireShape, from_by: Vec2, to_by: Vec2) -> Option<Curve> {
        let (from, to) = (self.port(&shape.wire.from)?.1, self.port(&shape.wire.to)?.1);
        let (a, b) = (self.nodes.get(shape.from_node)?, self.nodes.get(shape.to_node)?);
        Some(curve_between(from, a.rect.translate(from_by), from_by, to, b.rect.translate(to_by), to_by))
    }

    fn mark_linked(&mut self) {
        for wire in &self.wires {
            for (index, port) in [(wire.from_node, &wire.wire.from), (wire.to_node, &wire.wire.to)] {
                let ports = self.nodes.get_mut(index).into_iter().flat_map(|node| &mut node.ports);
                ports.filter(|shape| shape.port == *port).for_each(|shape| shape.linked = Some(wire.carries));
            }
        }
    }

    fn wire_shape(&self, wire: &Wire) -> Option<WireShape> {
        let (from_node, from) = self.port(&wire.from)?;
        let (to_node, to) = self.port(&wire.to)?;
        let (a, b) = (self.nodes.get(from_node)?, self.nodes.get(to_node)?);
        let carries = from.kinds.first().or(to.kinds.first()).copied().unwrap_or(Kind::Any);
        let curve = curve_between(from, a.rect, Vec2::ZERO, to, b.rect, Vec2::ZERO);
        Some(WireShape { wire: wire.clone(), from_node, to_node, curve, carries })
    }
}

/// Converts a rectangle from the form in which the document stores it.
pub fn rect_of([x, y, width, height]: [f32; 4]) -> Rect {
    Rect::from_min_size(Pos2::new(x, y), Vec2::new(width, height))
}

/// The curve of a wire. A wire that runs backwards passes between the two nodes, or below both if there is no gap.
fn curve_between(from: &PortShape, a: Rect, from_by: Vec2, to: &PortShape, b: Rect, to_by: Vec2) -> Curve {
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
