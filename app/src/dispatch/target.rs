//! Target: what commands act on.

use egui::Context;

use crate::view_state::ViewState;
use crate::workspace::Workspace;

/// What commands act on.
pub struct Target<'a> {
    /// The project, its history and the running system.
    pub workspace: &'a mut Workspace,
    /// What the window shows and remembers.
    pub view: &'a mut ViewState,
    /// The window.
    pub ctx: &'a Context,
}
