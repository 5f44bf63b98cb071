//! Effect: what a gesture asks for.

use egui::{Pos2, Vec2};

use crate::command::AppCommand;
use crate::document::{EditCommand, FrameId, Port};

/// What a gesture asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An undoable change.
    Edit(EditCommand),
    /// Something for the application.
    Command(AppCommand),
    /// The canvas moves along.
    Pan(Vec2),
    /// The title of a frame is to be edited.
    EditFrame(FrameId),
    /// The search for a component opens.
    Search {
        /// Where the component goes.
        at: Pos2,
        /// The loose end of a link.
        from: Option<Port>,
    },
}
