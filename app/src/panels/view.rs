//! PanelView: what every panel may look at in one frame. Borrowed, read only.

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
    /// What the user made.
    pub document: &'a Document,
    /// What can be undone, and whether it is saved.
    pub history: &'a History,
    /// The file of the project.
    pub path: Option<&'a Path>,
    /// The composite that is open.
    pub scope: Option<NodeId>,
    /// What is selected.
    pub selection: &'a Selection,
    /// The components there are.
    pub registry: &'a Registry,
    /// The running system.
    pub live: &'a LiveView,
    /// What is wrong.
    pub findings: &'a [Finding],
    /// Sentences that are shown for a few seconds.
    pub notices: &'a Notices,
    /// Where the dial stands.
    pub speed: Speed,
    /// Magnification of the canvas.
    pub zoom: f32,
    /// Names of the example projects.
    pub examples: &'a [String],
    /// What is kept between runs.
    pub session: &'a Session,
    /// Colours and sizes.
    pub theme: &'a Tokens,
}

impl PanelView<'_> {
    /// The project's name as shown: its own, else that of its file, else `Untitled`.
    pub fn project_name(&self) -> String {
        if !self.document.name().trim().is_empty() {
            return self.document.name().trim().to_owned();
        }
        self.path
            .and_then(Path::file_stem)
            .map_or_else(|| "Untitled".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }
}
