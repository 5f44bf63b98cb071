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
    /// Whether the user wants the minimap.
    pub minimap_is_shown: bool,
    /// The height of the tool bar that covers the top of the canvas, in points. Zooming to fit stays below it.
    pub covered_top: f32,
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
