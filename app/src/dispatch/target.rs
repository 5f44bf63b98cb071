//! Target: the state that commands change.

use egui::Context;

use crate::view_state::ViewState;
use crate::workspace::Workspace;

/// The state that commands change.
pub struct Target<'a> {
    /// The project, its history and the running system.
    pub workspace: &'a mut Workspace,
    /// The state of the view.
    pub view: &'a mut ViewState,
    /// The egui context of the window.
    pub ctx: &'a Context,
}
