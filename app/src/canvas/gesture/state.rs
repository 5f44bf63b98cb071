//! The state of a gesture: what is under way.

use egui::{Modifiers, Pos2, Rect, Vec2};

use super::input::{Button, PointerPos};
use super::linking::Linking;
use crate::canvas::hit::Hit;
use crate::canvas::selection::Selection;
use crate::document::{FrameId, NodeId, Wire};

/// What is under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// A button is down and has hardly moved.
    Pressed {
        /// What was pressed.
        hit: Hit,
        /// Where.
        origin: PointerPos,
        /// Keys held at the time.
        modifiers: Modifiers,
        /// Whether a release without a drag reduces the selection to what was pressed.
        reduces: bool,
    },
    /// Nodes and frames follow the pointer.
    Moving {
        /// Which nodes, ascending.
        nodes: Vec<NodeId>,
        /// Which frames.
        frames: Vec<FrameId>,
        /// A corner that stays on the grid.
        anchor: Pos2,
        /// Where it began.
        origin: Pos2,
        /// How far, snapped.
        by: Vec2,
    },
    /// A link is being drawn.
    Linking(Linking),
    /// A rectangle that selects.
    BoxSelect {
        /// One corner.
        origin: Pos2,
        /// The other.
        at: Pos2,
        /// What was selected before and stays.
        base: Selection,
    },
    /// The canvas follows the pointer.
    Panning {
        /// Where the pointer was, on the screen.
        last: Pos2,
        /// The button that ends it.
        button: Button,
    },
    /// A frame is resized.
    Resizing {
        /// Which.
        frame: FrameId,
        /// What it would be.
        rect: Rect,
    },
    /// Links are cut.
    Cutting {
        /// The stroke so far.
        stroke: Vec<Pos2>,
        /// What it has crossed.
        wires: Vec<Wire>,
    },
}

impl Gesture {
    /// Whether it is a drag that goes on beyond the edge of the view.
    pub fn pushes_view(&self) -> bool {
        matches!(self, Self::Moving { .. } | Self::Linking(_) | Self::BoxSelect { .. } | Self::Resizing { .. })
    }

    /// Whether something is under way that Escape would cancel.
    pub fn is_active(&self) -> bool {
        !matches!(self, Self::Idle | Self::Pressed { .. })
    }

    /// How far a node is moved by the gesture.
    pub fn moved_by(&self, node: NodeId) -> Vec2 {
        match self {
            Self::Moving { nodes, by, .. } if nodes.binary_search(&node).is_ok() => *by,
            _ => Vec2::ZERO,
        }
    }

    /// How far a frame is moved by the gesture.
    pub fn frame_moved_by(&self, frame: FrameId) -> Vec2 {
        match self {
            Self::Moving { frames, by, .. } if frames.contains(&frame) => *by,
            _ => Vec2::ZERO,
        }
    }
}
