//! NodeShape: the positions and sizes of the parts of one node on the canvas.
//!
//! Pure and independent of fonts: the size of a node is computed from its names with a table of letter widths, so it is
//! the same in every theme, in tests and without a window. Heights and widths are multiples of the grid.

use std::sync::Arc;

use compose_runtime::component::Category;
use compose_runtime::ids::Direction;
use compose_runtime::message::Kind;
use compose_runtime::registry::Registry;
use egui::{Pos2, Rect, Vec2};

use super::surface::SurfaceForm;
use crate::document::{BoxInfo, Document, Node, NodeBody, NodeId, Port};

/// The spacing of the grid that nodes snap to, in canvas units.
pub const GRID: f32 = 10.0;
/// The height of the header, which shows name and type.
pub const HEADER: f32 = 38.0;
/// The height of one row of boxes.
pub const ROW: f32 = 24.0;
/// The radius of a box's dot.
pub const DOT: f32 = 5.5;
/// The radius of the dots of `control` and `signal`.
pub const QUIET_DOT: f32 = 3.2;
/// The font size of a node's name.
pub const NAME_SIZE: f32 = 12.5;
/// The font size of a box's name.
pub const BOX_SIZE: f32 = 11.5;
/// The font size of a node's type.
pub const TYPE_SIZE: f32 = 10.0;
/// The space between the edge of a node and its content.
pub const PAD: f32 = 12.0;

const LEAST_WIDTH: f32 = 120.0;
const MOST_WIDTH: f32 = 320.0;

/// What a node represents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A component from the library.
    Leaf,
    /// A nested graph. A double-click opens it.
    Composite,
    /// A component whose type is not in the library.
    Unknown,
    /// Not a node: the boxes on one edge of the open composite.
    Edge(Direction),
}

/// The shape of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct PortShape {
    /// The box in the document.
    pub port: Port,
    /// The centre of its dot.
    pub centre: Pos2,
    /// +1 if wires attach from the right, -1 if from the left.
    pub faces: f32,
    /// Whether it is small and without a name: `control` and `signal`.
    pub quiet: bool,
    /// The kind that its wires carry; `None` if it has no wires.
    pub linked: Option<Kind>,
    /// The area of its name and its fill level; `None` if its name is shown only on hover.
    pub label: Option<Rect>,
    /// One line of help.
    pub help: String,
    /// Its kinds of message; empty for any kind.
    pub kinds: Vec<Kind>,
}

impl PortShape {
    /// The distance from its centre within which a press hits this box.
    pub fn reach(&self) -> f32 {
        if self.quiet { 7.0 } else { 10.0 }
    }
}

/// The shape of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeShape {
    /// The node in the document; for an edge, the composite whose boxes it shows.
    pub id: NodeId,
    /// What it represents.
    pub kind: NodeKind,
    /// Its name.
    pub name: Arc<str>,
    /// Its type; empty for edges.
    pub type_name: Arc<str>,
    /// Its category, if known.
    pub category: Option<Category>,
    /// Its whole area.
    pub rect: Rect,
    /// The height of its header.
    pub header: f32,
    /// Its boxes: `control`, `signal`, then inboxes and outboxes by row.
    pub ports: Vec<PortShape>,
    /// The form and the area of its surface, if it has one.
    pub surface: Option<(SurfaceForm, Rect)>,
}

impl NodeShape {
    /// The shape of a node of the document.
    pub fn of(document: &Document, registry: &Registry, node: &Node) -> Self {
        let (inboxes, outboxes) = document.boxes_of(node.id, registry);
        let (kind, type_name, category, surface) = match &node.body {
            NodeBody::Composite { is_template, .. } => {
                let type_name = if *is_template { "Template" } else { "Composite" };
                (NodeKind::Composite, Arc::from(type_name), Some(Category::Chassis), None)
            }
            NodeBody::Leaf { type_name, .. } => match registry.get(type_name) {
                Ok(spec) => {
                    let form = spec.has_surface.then(|| SurfaceForm::expected(type_name));
                    (NodeKind::Leaf, Arc::from(type_name.as_str()), Some(spec.category), form)
                }
                Err(_) => (NodeKind::Unknown, Arc::from(format!("unknown type {type_name}")), None, None),
            },
        };
        let at = Pos2::new(node.pos_in_canvas[0], node.pos_in_canvas[1]);
        Self::new(node.id, kind, &node.name, type_name, category, at, (&inboxes, &outboxes), surface)
    }

    /// The shape of a node with these boxes, at `at`.
    #[expect(clippy::too_many_arguments, reason = "only two callers: one for nodes of the document, one for previews")]
    pub fn new(
        id: NodeId,
        kind: NodeKind,
        name: &str,
        type_name: Arc<str>,
        category: Option<Category>,
        at: Pos2,
        (inboxes, outboxes): (&[BoxInfo], &[BoxInfo]),
        surface: Option<SurfaceForm>,
    ) -> Self {
        let compact = surface == Some(SurfaceForm::Button);
        let header = if compact { 25.0 } else { HEADER };
        let (left, right): (Vec<&BoxInfo>, Vec<&BoxInfo>) = (loud(inboxes), loud(outboxes));
        let rows = left.len().max(right.len()).max(usize::from(compact));
        let size = Self::size(name, &type_name, &left, &right, rows, header, surface);
        let rect = Rect::from_min_size(at, size);
        let mut ports = Vec::with_capacity(inboxes.len() + outboxes.len());
        for (boxes, direction) in [(inboxes, Direction::Inbox), (outboxes, Direction::Outbox)] {
            let mut row = 0;
            for info in boxes.iter().filter(|info| is_drawn(&info.name)) {
                let quiet = is_quiet(direction, &info.name);
                let faces = if direction == Direction::Inbox { -1.0 } else { 1.0 };
                let x = if faces < 0.0 { rect.left() } else { rect.right() };
                let y = match (quiet, compact) {
                    (true, false) => 19.0,
                    (true, true) => 14.0,
                    (false, _) => header + 2.0 + ROW * row as f32 + if compact { 10.0 } else { ROW / 2.0 },
                };
                let label = (!quiet && !compact).then(|| label_rect(rect, at.y + y, direction, &info.name));
                ports.push(PortShape {
                    port: Port { node: id, direction, name: info.name.clone() },
                    centre: Pos2::new(x, at.y + y),
                    faces,
                    quiet,
                    linked: None,
                    label,
                    help: info.help.clone(),
                    kinds: info.kinds.clone(),
                });
                row += usize::from(!quiet);
            }
        }
        let surface = surface.map(|form| {
            let top = at.y + header + if compact { 2.0 } else { 2.0 + ROW * rows as f32 + 2.0 };
            let height = if compact { ROW - 4.0 } else { form.size().y };
            let slot = Rect::from_min_size(
                Pos2::new(rect.left() + PAD, top),
                Vec2::new(rect.width() - 2.0 * PAD - if compact { 6.0 } else { 0.0 }, height),
            );
            (form, slot)
        });
        Self { id, kind, name: Arc::from(name), type_name, category, rect, header, ports, surface }
    }

    /// The boxes of the open composite as a narrow column: inboxes on the left, outboxes on the right.
    pub fn edge(id: NodeId, side: Direction, boxes: &[BoxInfo], content: Rect) -> Self {
        let boxes: Vec<&BoxInfo> = boxes.iter().filter(|info| is_drawn(&info.name)).collect();
        let text = boxes.iter().map(|info| text_width(&format!("self.{}", info.name), BOX_SIZE)).fold(60.0, f32::max);
        let size = Vec2::new(snap_up(text + 2.0 * PAD + 4.0), snap_up(ROW * boxes.len() as f32 + 12.0));
        let x = match side {
            Direction::Inbox => content.left() - 120.0 - size.x,
            Direction::Outbox => content.right() + 120.0,
        };
        let rect =
            Rect::from_min_size(super::camera::snapped(Pos2::new(x, content.center().y - size.y / 2.0), GRID), size);
        let faces = if side == Direction::Inbox { 1.0 } else { -1.0 };
        let ports = boxes
            .iter()
            .enumerate()
            .map(|(row, info)| {
                let y = rect.top() + 6.0 + ROW * (row as f32 + 0.5);
                let x = if faces > 0.0 { rect.right() } else { rect.left() };
                PortShape {
                    port: Port { node: id, direction: side, name: info.name.clone() },
                    centre: Pos2::new(x, y),
                    faces,
                    quiet: false,
                    linked: None,
                    label: Some(Rect::from_min_max(
                        Pos2::new(rect.left() + PAD, y - ROW / 2.0 + 2.0),
                        Pos2::new(rect.right() - PAD, y + ROW / 2.0 - 2.0),
                    )),
                    help: info.help.clone(),
                    kinds: info.kinds.clone(),
                }
            })
            .collect();
        let (name, kind) = (if side == Direction::Inbox { "comes in" } else { "goes out" }, NodeKind::Edge(side));
        Self {
            id,
            kind,
            name: Arc::from(name),
            type_name: Arc::from(""),
            category: Some(Category::Chassis),
            rect,
            header: 0.0,
            ports,
            surface: None,
        }
    }

    /// The shape of this box.
    pub fn port(&self, port: &Port) -> Option<&PortShape> {
        self.ports.iter().find(|shape| shape.port == *port)
    }

    /// Whether it is a node of the document rather than an edge of the scope.
    pub fn is_node(&self) -> bool {
        !matches!(self.kind, NodeKind::Edge(_))
    }

    /// The position of its state lamp.
    pub fn lamp(&self) -> Pos2 {
        Pos2::new(self.rect.right() - 15.0, self.rect.top() + if self.header < HEADER { 14.0 } else { 17.0 })
    }

    fn size(
        name: &str,
        type_name: &str,
        left: &[&BoxInfo],
        right: &[&BoxInfo],
        rows: usize,
        header: f32,
        surface: Option<SurfaceForm>,
    ) -> Vec2 {
        let width_of = |info: Option<&&BoxInfo>| info.map_or(0.0, |info| text_width(&info.name, BOX_SIZE));
        let boxes = (0..rows)
            .map(|row| {
                let (a, b) = (width_of(left.get(row)), width_of(right.get(row)));
                a + b + 2.0 * PAD + if a > 0.0 && b > 0.0 { 24.0 } else { 8.0 }
            })
            .fold(0.0, f32::max);
        let title = text_width(name, NAME_SIZE).max(text_width(type_name, TYPE_SIZE)) + 20.0 + 30.0;
        let slot = surface.map_or(Vec2::ZERO, SurfaceForm::size);
        let width = title.max(boxes).max(slot.x + 2.0 * PAD).clamp(LEAST_WIDTH, MOST_WIDTH);
        let shown = match surface {
            Some(SurfaceForm::Button) | None => 0.0,
            Some(_) => slot.y + 6.0,
        };
        let spare = if surface == Some(SurfaceForm::Button) { 0.0 } else { 6.0 };
        Vec2::new(snap_up(width), snap_up(header + spare + ROW * rows as f32 + shown))
    }
}

/// Whether a box is drawn. Boxes whose names begin with `_` are internal.
pub fn is_drawn(name: &str) -> bool {
    !name.starts_with('_')
}

/// Whether a box is drawn small: `control` and `signal`.
pub fn is_quiet(direction: Direction, name: &str) -> bool {
    matches!((direction, name), (Direction::Inbox, "control") | (Direction::Outbox, "signal"))
}

/// The approximate width of a text, never less than its width in the application's fonts.
pub fn text_width(text: &str, size: f32) -> f32 {
    let ems: f32 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.29,
            'f' | 't' | 'r' | 'I' | '(' | ')' | ' ' | '-' | '/' => 0.38,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.88,
            'A'..='Z' | '_' | '&' => 0.68,
            c if c.is_ascii() => 0.58,
            _ => 0.95,
        })
        .sum();
    ems * size
}

fn loud(boxes: &[BoxInfo]) -> Vec<&BoxInfo> {
    boxes.iter().filter(|info| is_drawn(&info.name) && &*info.name != "control" && &*info.name != "signal").collect()
}

fn label_rect(node: Rect, y: f32, direction: Direction, name: &str) -> Rect {
    let width = (text_width(name, BOX_SIZE) + 14.0).clamp(48.0, node.width() - 8.0);
    let (top, bottom) = (y - ROW / 2.0 + 3.0, y + ROW / 2.0 - 3.0);
    match direction {
        Direction::Inbox => {
            Rect::from_min_max(Pos2::new(node.left() + 4.0, top), Pos2::new(node.left() + 4.0 + width, bottom))
        }
        Direction::Outbox => {
            Rect::from_min_max(Pos2::new(node.right() - 4.0 - width, top), Pos2::new(node.right() - 4.0, bottom))
        }
    }
}

fn snap_up(length: f32) -> f32 {
    (length / GRID).ceil() * GRID
}
