//! CanvasView: the data that the canvas reads in one frame. Borrowed, read only.

use compose_runtime::registry::Registry;

use crate::document::{Document, NodeId};
use crate::live::LiveView;
use crate::theme::tokens::Tokens;

/// The data that the canvas reads.
#[derive(Clone, Copy)]
pub struct CanvasView<'a> {
    /// The user's document.
    pub document: &'a Document,
    /// The open composite; `None` for the top level.
    pub scope: Option<NodeId>,
    /// The available component types.
    pub registry: &'a Registry,
    /// The running system.
    pub live: &'a LiveView,
    /// Colours and sizes.
    pub theme: &'a Tokens,
}

/// A component that is dragged from the palette: the payload of `egui::DragAndDrop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteDrag {
    /// Its name in the registry; `Composite` for a nested graph.
    pub type_name: String,
}
