//! Frame: a titled rectangle with notes, behind some components. It means nothing to the running system.

use super::NodeId;

/// Identity of a frame, unique in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(pub u64);

/// How many colours a frame can have; which they are is the theme's business.
pub const FRAME_COLOURS: u8 = 8;

/// A titled rectangle with notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Identity.
    pub id: FrameId,
    /// The composite it is inside; `None` at the top.
    pub scope: Option<NodeId>,
    /// One line at its top.
    pub title: String,
    /// Text under the title, of any length.
    pub notes: String,
    /// x, y, width and height in the canvas of its scope.
    pub rect_in_canvas: [f32; 4],
    /// Which colour, below [`FRAME_COLOURS`].
    pub colour: u8,
}

impl Frame {
    /// Whether a point is inside; for finding the nodes that move with a frame.
    pub fn contains(&self, pos_in_canvas: [f32; 2]) -> bool {
        let [x, y, width, height] = self.rect_in_canvas;
        let [px, py] = pos_in_canvas;
        px >= x && py >= y && px <= x + width && py <= y + height
    }
}
