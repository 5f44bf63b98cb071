//! Scene: what of the layout is to be drawn in this frame, and in how much detail.
//!
//! Pure. Costs what is visible: the layout's index by place is asked, everything else is never looked at.

use egui::{Rect, Vec2};

use super::camera::Camera;
use super::curve::Curve;
use super::gesture::Gesture;
use super::layout::{Layout, WireShape};

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Plain rectangles and thin lines.
    Far,
    /// Names, boxes without their names.
    Middle,
    /// Everything.
    Near,
}

/// Below this magnification everything is plain.
const FAR_BELOW: f32 = 0.22;
/// Below this magnification boxes have no names.
const MIDDLE_BELOW: f32 = 0.48;
/// With more nodes in view than this everything is plain.
const MOST_WITH_TEXT: usize = 600;

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// How much.
    pub detail: Detail,
    /// The part of the canvas that is visible.
    pub visible: Rect,
    /// Numbers of the nodes, in order of drawing.
    pub nodes: Vec<usize>,
    /// Numbers of the wires.
    pub wires: Vec<usize>,
}

impl Scene {
    /// What is visible of a layout.
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
            let moved: Vec<usize> = moving.iter().filter_map(|id| layout.number_of(*id)).collect();
            let mut is_moved = vec![false; layout.nodes.len()];
            for n in &moved {
                if let Some(flag) = is_moved.get_mut(*n) {
                    *flag = true;
                }
            }
            // What is moved is drawn last, on top, and with it all its wires, wherever they were before.
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

/// The course of a wire while a gesture goes on.
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
