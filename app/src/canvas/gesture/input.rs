//! Input: what the user did with pointer and keys.

use egui::{Modifiers, Pos2};

/// A button of the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The left one.
    Primary,
    /// The right one.
    Secondary,
    /// The middle one.
    Middle,
}

/// Where the pointer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointerPos {
    /// On the screen.
    pub on_screen: Pos2,
    /// On the canvas.
    pub in_canvas: Pos2,
}

/// Something the user did.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A button went down.
    Press {
        /// Where.
        at: PointerPos,
        /// Which.
        button: Button,
        /// How many presses in quick succession this is, from 1.
        count: u8,
        /// Keys that are held.
        modifiers: Modifiers,
        /// Whether the space bar is held.
        space: bool,
    },
    /// The pointer moved.
    Move {
        /// Where to.
        at: PointerPos,
    },
    /// A button went up.
    Release {
        /// Where.
        at: PointerPos,
        /// Which.
        button: Button,
    },
    /// Escape, or the pointer is gone.
    Cancel,
}
