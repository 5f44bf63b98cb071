//! Scene: the part of the layout that is drawn in this frame, and its level of detail.
//!
//! Pure. Finds the visible shapes with the spatial index of the layout, so shapes that are off screen cost nothing.

use egui::{Rect, Vec2};

use super::camera::Camera;
use super::curve::Curve;
use super::gesture::Gesture;
use super::layout::{Layout, WireShape};

/// The level of detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Plain rectangles and thin lines.
    Far,
    /// Nodes with their names, boxes without their names.
    Middle,
    /// Everything.
    Near,
}

/// Below this zoom, the detail is `Far`.
const FAR_BELOW: f32 = 0.22;
/// Below this zoom, the detail is `Middle`.
const MIDDLE_BELOW: f32 = 0.48;
/// With more visible nodes than this, the detail is `Far`.
const MOST_WITH_TEXT: usize = 600;

/// The visible part of a layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The level of detail.
    pub detail: Detail,
    /// The visible part of the canvas.
    pub visible: Rect,
    /// The indices of the nodes, in drawing order.
    pub nodes: Vec<usize>,
    /// The indices of the wires.
    pub wires: Vec<usize>,
}

impl Scene {
    /// Finds the visible part of a layout.
    pub fn new(layout: &Layout, camera: &Camera, viewport: Rect, gesture: &Gesture) -> Self {
        let visible = camera.visible_in_canvas(viewport);
        let mut nodes: Vec<usize> = layout
            .nodes_near(visible)
            .into_iter()
            .map(|n| n as usize)
            .filter(|n| layout.nodes.get(*n).is_some_and(|node| node.rect.expand(16.0).intersects(visible)))
            .collect();
        let mut wires: Vec<usize> = layout
            .wires_near(visible)
            .into_iter()
            .map(|n| n as usize)
            .filter(|n| layout.wires.get(*n).is_some_and(|wire| wire.curve.bounds().expand(4.0).intersects(visible)))
            .collect();
        if let Gesture::Moving { nodes: moving, .. } = gesture {
            let moved: Vec<usize> = moving.iter().filter_map(|id| layout.index_of(*id)).collect();
            let mut is_moved = vec![false; layout.nodes.len()];
            for n in &moved {
                if let Some(flag) = is_moved.get_mut(*n) {
                    *flag = true;
                }
            }
            // Moved nodes are drawn last, on top. All their wires are drawn, even those that were off screen before.
            nodes.retain(|n| !is_moved.get(*n).copied().unwrap_or(false));
            nodes.extend(&moved);
            let touches = |wire: &WireShape| {
                is_moved.get(wire.from_node).copied().unwrap_or(false)
                    || is_moved.get(wire.to_node).copied().unwrap_or(false)
            };
            wires.extend(layout.wires.iter().enumerate().filter(|(_, wire)| touches(wire)).map(|(n, _)| n));
            wires.sort_unstable();
            wires.dedup();
        }
        let detail = if camera.zoom < FAR_BELOW || nodes.len() > MOST_WITH_TEXT {
            Detail::Far
        } else if camera.zoom < MIDDLE_BELOW {
            Detail::Middle
        } else {
            Detail::Near
        };
        Self { detail, visible, nodes, wires }
    }
}

/// The curve of a wire during a gesture.
pub fn curve_of(layout: &Layout, wire: &WireShape, gesture: &Gesture) -> Curve {
    if let Gesture::Moving { .. } = gesture {
        let by = |n: usize| layout.nodes.get(n).map_or(Vec2::ZERO, |node| gesture.moved_by(node.id));
        let (from_by, to_by) = (by(wire.from_node), by(wire.to_node));
        if (from_by, to_by) != (Vec2::ZERO, Vec2::ZERO) {
            return layout.curve_moved(wire, from_by, to_by).unwrap_or_else(|| wire.curve.clone());
        }
    }
    wire.curve.clone()
}
