//! Moving, resizing and cutting: the distance, and the single command at the end.

use egui::{Pos2, Rect, Vec2};

use super::effect::Effect;
use super::world::World;
use crate::canvas::camera::snapped;
use crate::canvas::node_shape::GRID;
use crate::document::{EditCommand, Frame, FrameId, NodeId, Wire};

/// The smallest width and height of a frame.
const LEAST_FRAME: Vec2 = Vec2::new(120.0, 80.0);

/// The distance close to `by` that moves `anchor` onto the grid.
pub(super) fn snapped_by(anchor: Pos2, by: Vec2) -> Vec2 {
    if by.length() < GRID / 2.0 { Vec2::ZERO } else { snapped(anchor + by, GRID) - anchor }
}

/// The rectangle of a frame whose lower right corner is dragged to `corner`.
pub(super) fn resized(rect: Rect, corner: Pos2) -> Rect {
    Rect::from_min_max(rect.min, snapped(corner, GRID).max(rect.min + LEAST_FRAME))
}

/// The command that ends a move.
pub(super) fn finish(nodes: &[NodeId], frames: &[FrameId], by: Vec2, world: World<'_>) -> Vec<Effect> {
    if by == Vec2::ZERO {
        return Vec::new();
    }
    let document = world.check.document;
    let moves: Vec<(NodeId, [f32; 2])> = nodes
        .iter()
        .filter_map(|id| document.node(*id))
        .map(|node| (node.id, [node.pos_in_canvas[0] + by.x, node.pos_in_canvas[1] + by.y]))
        .collect();
    let mut commands: Vec<EditCommand> = frames
        .iter()
        .filter_map(|id| document.frame(*id))
        .map(|frame| {
            let [x, y, width, height] = frame.rect_in_canvas;
            EditCommand::EditFrame {
                frame: Frame { rect_in_canvas: [x + by.x, y + by.y, width, height], ..frame.clone() },
            }
        })
        .collect();
    if !moves.is_empty() {
        commands.push(EditCommand::MoveNodes { moves });
    }
    match commands.len() {
        0 => Vec::new(),
        1 => commands.into_iter().map(Effect::Edit).collect(),
        _ => vec![Effect::Edit(EditCommand::Batch { label: "Move frame".to_owned(), commands })],
    }
}

/// The command that ends the resizing of a frame.
pub(super) fn finish_resize(id: FrameId, rect: Rect, world: World<'_>) -> Vec<Effect> {
    let Some(frame) = world.check.document.frame(id) else { return Vec::new() };
    let rect_in_canvas = [rect.min.x, rect.min.y, rect.width(), rect.height()];
    if frame.rect_in_canvas == rect_in_canvas {
        return Vec::new();
    }
    vec![Effect::Edit(EditCommand::EditFrame { frame: Frame { rect_in_canvas, ..frame.clone() } })]
}

/// The command that ends a stroke across links.
pub(super) fn finish_cut(wires: Vec<Wire>) -> Vec<Effect> {
    let mut commands: Vec<EditCommand> = wires.into_iter().map(|wire| EditCommand::Disconnect { wire }).collect();
    match commands.len() {
        0 => Vec::new(),
        1 => commands.drain(..).map(Effect::Edit).collect(),
        count => vec![Effect::Edit(EditCommand::Batch { label: format!("Cut {count} links"), commands })],
    }
}
