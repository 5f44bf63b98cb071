//! Effect: what a gesture requests.

use egui::{Pos2, Vec2};

use crate::command::AppCommand;
use crate::document::{EditCommand, FrameId, Port};

/// What a gesture requests.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An undoable edit.
    Edit(EditCommand),
    /// A command for the application.
    Command(AppCommand),
    /// Pan the view by this distance on the screen.
    Pan(Vec2),
    /// Open the editor of a frame.
    EditFrame(FrameId),
    /// Open the search for a component.
    Search {
        /// The position of the new component.
        at: Pos2,
        /// The fixed end of a link that waits for the component.
        from: Option<Port>,
    },
}
