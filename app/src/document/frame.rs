//! Frame: a titled rectangle with notes behind some components. It has no effect on the running system.

use serde::{Deserialize, Serialize};

use super::NodeId;

/// Identity of a frame, unique in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FrameId(pub u64);

/// Number of frame colours. The theme defines them.
pub const FRAME_COLOURS: u8 = 8;

/// A titled rectangle with notes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Identity.
    pub id: FrameId,
    /// The composite that contains it; `None` at the top level.
    pub scope: Option<NodeId>,
    /// Title, one line.
    pub title: String,
    /// Text below the title, of any length.
    pub notes: String,
    /// x, y, width and height in the canvas of its scope.
    pub rect_in_canvas: [f32; 4],
    /// Index of its colour, below [`FRAME_COLOURS`].
    pub colour: u8,
}

impl Frame {
    /// Whether a point is inside. A node belongs to a frame if its top left corner is inside.
    pub fn contains(&self, pos_in_canvas: [f32; 2]) -> bool {
        let [x, y, width, height] = self.rect_in_canvas;
        let [px, py] = pos_in_canvas;
        px >= x && py >= y && px <= x + width && py <= y + height
    }
}
