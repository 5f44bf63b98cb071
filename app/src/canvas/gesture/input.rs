//! Input: the user's actions with pointer and keys.

use egui::{Modifiers, Pos2};

/// A pointer button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The left button.
    Primary,
    /// The right button.
    Secondary,
    /// The middle button.
    Middle,
}

/// The position of the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointerPos {
    /// On the screen.
    pub on_screen: Pos2,
    /// On the canvas.
    pub in_canvas: Pos2,
}

/// An action of the user.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A button went down.
    Press {
        /// The position of the pointer.
        at: PointerPos,
        /// The button.
        button: Button,
        /// The number of presses in quick succession, from 1.
        count: u8,
        /// The modifier keys that are held.
        modifiers: Modifiers,
        /// Whether the space bar is held.
        space: bool,
    },
    /// The pointer moved.
    Move {
        /// The new position.
        at: PointerPos,
    },
    /// A button went up.
    Release {
        /// The position of the pointer.
        at: PointerPos,
        /// The button.
        button: Button,
    },
    /// Escape was pressed, or the pointer has left the window.
    Cancel,
}
