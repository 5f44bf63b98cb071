//! The state of the current gesture.

use egui::{Modifiers, Pos2, Rect, Vec2};

use super::input::{Button, PointerPos};
use super::linking::Linking;
use crate::canvas::hit::Hit;
use crate::canvas::selection::Selection;
use crate::document::{FrameId, NodeId, Wire};

/// The current gesture.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// No gesture.
    #[default]
    Idle,
    /// A button is down and the pointer has hardly moved.
    Pressed {
        /// What was pressed.
        hit: Hit,
        /// The position of the press.
        origin: PointerPos,
        /// The modifier keys held during the press.
        modifiers: Modifiers,
        /// Whether a release without a drag reduces the selection to the pressed shape.
        reduces: bool,
    },
    /// Nodes and frames follow the pointer.
    Moving {
        /// The nodes, ascending.
        nodes: Vec<NodeId>,
        /// The frames.
        frames: Vec<FrameId>,
        /// The corner that snaps to the grid.
        anchor: Pos2,
        /// The position of the press.
        origin: Pos2,
        /// The distance so far, snapped to the grid.
        by: Vec2,
    },
    /// A link is being made.
    Linking(Linking),
    /// A selection rectangle is dragged.
    BoxSelect {
        /// The corner where the drag began.
        origin: Pos2,
        /// The opposite corner.
        at: Pos2,
        /// The previous selection, which is kept.
        base: Selection,
    },
    /// The canvas follows the pointer.
    Panning {
        /// The last position of the pointer, on the screen.
        last: Pos2,
        /// The button whose release ends the gesture.
        button: Button,
    },
    /// A frame is being resized.
    Resizing {
        /// The frame.
        frame: FrameId,
        /// Its new rectangle.
        rect: Rect,
    },
    /// Links are being cut.
    Cutting {
        /// The stroke so far.
        stroke: Vec<Pos2>,
        /// The wires that it has crossed.
        wires: Vec<Wire>,
    },
}

impl Gesture {
    /// Whether the gesture pushes the view when the pointer reaches its edge.
    pub fn pushes_view(&self) -> bool {
        matches!(self, Self::Moving { .. } | Self::Linking(_) | Self::BoxSelect { .. } | Self::Resizing { .. })
    }

    /// Whether there is a gesture that Escape cancels.
    pub fn is_active(&self) -> bool {
        !matches!(self, Self::Idle | Self::Pressed { .. })
    }

    /// How far the gesture has moved a node.
    pub fn moved_by(&self, node: NodeId) -> Vec2 {
        match self {
            Self::Moving { nodes, by, .. } if nodes.binary_search(&node).is_ok() => *by,
            _ => Vec2::ZERO,
        }
    }

    /// How far the gesture has moved a frame.
    pub fn frame_moved_by(&self, frame: FrameId) -> Vec2 {
        match self {
            Self::Moving { frames, by, .. } if frames.contains(&frame) => *by,
            _ => Vec2::ZERO,
        }
    }
}
