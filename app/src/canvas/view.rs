//! CanvasView: what the canvas may look at in one frame. Borrowed, read only.

use compose_runtime::registry::Registry;

use crate::document::{Document, NodeId};
use crate::live::LiveView;
use crate::theme::tokens::Tokens;

/// Everything the canvas reads.
#[derive(Clone, Copy)]
pub struct CanvasView<'a> {
    /// What the user made.
    pub document: &'a Document,
    /// The composite that is open; `None` at the top.
    pub scope: Option<NodeId>,
    /// The components there are.
    pub registry: &'a Registry,
    /// The running system.
    pub live: &'a LiveView,
    /// Colours and sizes.
    pub theme: &'a Tokens,
}

/// What is dragged out of the palette: the payload of `egui::DragAndDrop` while it is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteDrag {
    /// Name in the registry; `Composite` for a nested graph.
    pub type_name: String,
}
