//! PanelView: the data that panels read in one frame. It is borrowed and read-only.

use std::path::Path;

use compose_runtime::command::Speed;
use compose_runtime::registry::Registry;

use crate::canvas::selection::Selection;
use crate::document::{Document, History, NodeId};
use crate::live::{LiveView, Notices};
use crate::session::Session;
use crate::theme::tokens::Tokens;
use crate::workspace::findings::Finding;

/// Everything the panels read.
#[derive(Clone, Copy)]
pub struct PanelView<'a> {
    /// The open document.
    pub document: &'a Document,
    /// The undo history, which also records whether there are unsaved changes.
    pub history: &'a History,
    /// The file of the project.
    pub path: Option<&'a Path>,
    /// The open composite; `None` at the top level.
    pub scope: Option<NodeId>,
    /// The selection.
    pub selection: &'a Selection,
    /// The known component types.
    pub registry: &'a Registry,
    /// The running system.
    pub live: &'a LiveView,
    /// The problems of the project and the running system.
    pub findings: &'a [Finding],
    /// The notices that are shown now.
    pub notices: &'a Notices,
    /// The speed setting.
    pub speed: Speed,
    /// Magnification of the canvas.
    pub zoom: f32,
    /// Names of the example projects.
    pub examples: &'a [String],
    /// Whether there is unsaved work of windows that have closed.
    pub has_recoveries: bool,
    /// The settings that are kept between sessions.
    pub session: &'a Session,
    /// Colours and sizes.
    pub theme: &'a Tokens,
}

impl PanelView<'_> {
    /// The displayed name of the project: its own name, the name of its file, or `Untitled`.
    pub fn project_name(&self) -> String {
        if !self.document.name().trim().is_empty() {
            return self.document.name().trim().to_owned();
        }
        self.path
            .and_then(Path::file_stem)
            .map_or_else(|| "Untitled".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }
}
