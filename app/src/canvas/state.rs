//! CanvasState: the state of the canvas between frames. Not saved, not undone.
//!
//! Owned by the application. `dispatch` requests changes of the view through the methods here; the next frame applies
//! them.

use std::collections::HashMap;

use egui::{Pos2, Rect, Vec2};

use super::camera::Camera;
use super::gesture::Gesture;
use super::layout::Layout;
use super::paint_memory::PaintMemory;
use super::pointer::Pointing;
use super::selection::Selection;
use super::view::CanvasView;
use super::windows::Windows;
use crate::document::{Document, FrameId, NodeId, Port, Wire};

/// The size of the minimap, and its distance from the corner.
const MINIMAP_SIZE: Vec2 = Vec2::new(108.0, 74.0);
const MINIMAP_MARGIN: f32 = 14.0;

/// A change of the view, applied in the next frame, when layout and size are known.
#[derive(Debug, Clone, PartialEq)]
pub enum ViewRequest {
    /// Show everything.
    Fit,
    /// Show the selection.
    FitSelection,
    /// Zoom by this factor around the centre of the view.
    ZoomBy(f32),
    /// Set this zoom.
    ZoomTo(f32),
    /// Move the selection into view if necessary, without changing the zoom.
    Reveal,
}

/// The state of the canvas.
#[derive(Debug)]
pub struct CanvasState {
    cameras: HashMap<Option<NodeId>, Camera>,
    requests: Vec<ViewRequest>,
    /// Whether Escape belonged to a text field, a menu or a dialog at the end of the last frame. egui removes the focus
    /// before this frame can ask for it.
    escape_is_taken: bool,
    /// The selection in the open scope. Outside the canvas, only the methods here change it.
    pub(super) selection: Selection,
    pub(super) viewport: Rect,
    pub(super) layout: Layout,
    pub(super) gesture: Gesture,
    pub(super) pointing: Pointing,
    pub(super) windows: Windows,
    pub(super) memory: PaintMemory,
}

impl Default for CanvasState {
    fn default() -> Self {
        Self {
            cameras: HashMap::new(),
            requests: Vec::new(),
            escape_is_taken: false,
            selection: Selection::default(),
            viewport: Rect::NOTHING,
            layout: Layout::default(),
            gesture: Gesture::Idle,
            pointing: Pointing::default(),
            windows: Windows::default(),
            memory: PaintMemory::default(),
        }
    }
}

impl CanvasState {
    /// The selection in the open scope.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Selects these nodes and nothing else.
    pub fn select_nodes(&mut self, nodes: impl IntoIterator<Item = NodeId>) {
        self.selection.set_nodes(nodes);
    }

    /// Selects these nodes and frames and nothing else.
    pub fn select_parts(&mut self, nodes: impl IntoIterator<Item = NodeId>, frames: impl IntoIterator<Item = FrameId>) {
        self.selection.set_nodes(nodes);
        self.selection.frames.extend(frames);
    }

    /// Selects this wire and nothing else.
    pub fn select_wire(&mut self, wire: Wire) {
        self.selection.set_wire(wire);
    }

    /// Selects this frame and nothing else.
    pub fn select_frame(&mut self, frame: FrameId) {
        self.selection.set_frame(frame);
    }

    /// Clears the selection.
    pub fn select_nothing(&mut self) {
        self.selection.clear();
    }

    /// Deselects everything that is no longer in this scope of the document.
    pub fn deselect_removed(&mut self, document: &Document, scope: Option<NodeId>) {
        self.selection.retain_existing(document, scope);
    }

    /// The view of a scope.
    pub fn camera(&self, scope: Option<NodeId>) -> Camera {
        self.cameras.get(&scope).copied().unwrap_or_default()
    }

    /// Points on the screen for one unit of the canvas, in a scope.
    pub fn zoom(&self, scope: Option<NodeId>) -> f32 {
        self.camera(scope).zoom
    }

    /// Changes the view of a scope.
    pub fn set_camera(&mut self, scope: Option<NodeId>, camera: Camera) {
        self.cameras.insert(scope, camera);
    }

    /// The size of a node of the open scope, in canvas units.
    pub fn size_of(&self, node: NodeId) -> Option<Vec2> {
        Some(self.layout.node(node)?.rect.size())
    }

    /// The centre of the view of a scope, in canvas coordinates.
    pub fn centre_in_canvas(&self, scope: Option<NodeId>) -> Pos2 {
        self.camera(scope).centre_in_canvas
    }

    /// The pointer, in canvas coordinates, if it is over the canvas or over something that floats above it.
    pub fn pointer_in_canvas(&self) -> Option<Pos2> {
        self.pointing.in_canvas
    }

    /// Requests a change of the view, applied in the next frame.
    pub fn request(&mut self, request: ViewRequest) {
        self.requests.push(request);
    }

    /// Opens the search for a component. `from` is the fixed end of a waiting link.
    pub fn open_search(&mut self, at: Pos2, from: Option<Port>) {
        self.windows.open_search(at, from);
    }

    /// Opens the small window that sends a message to an inbox.
    pub fn open_message_editor(&mut self, port: Port) {
        self.windows.open_message_editor(port);
    }

    /// Resets everything that belongs to the project, before another project is shown.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Clears the selection, cancels the gesture and closes the search, because another scope was opened.
    pub fn leave_scope(&mut self) {
        self.selection.clear();
        self.gesture = Gesture::Idle;
        self.pointing.forget_hover();
        self.windows.close_search();
    }

    /// Whether the pointer is over the canvas, or over something that floats above it.
    pub fn has_pointer(&self) -> bool {
        self.pointing.in_canvas.is_some()
    }

    /// Whether the search or an editor is open and takes the keys.
    pub fn takes_keys(&self) -> bool {
        self.windows.takes_keys()
    }

    /// Records at the end of a frame whether Escape belongs to a text field, a menu or a dialog.
    pub fn set_escape_is_taken(&mut self, is_taken: bool) {
        self.escape_is_taken = is_taken;
    }

    /// Whether Escape belonged to something else at the end of the last frame.
    pub(super) fn escape_is_taken(&self) -> bool {
        self.escape_is_taken
    }

    /// Applies the requests made since the last frame.
    pub(super) fn apply_requests(&mut self, view: &CanvasView<'_>) {
        let viewport = self.viewport;
        let free = self.free(view);
        if !self.cameras.contains_key(&view.scope) {
            let mut camera = Camera::default();
            if self.layout.bounds.is_finite() {
                self.fit_all(view, &mut camera);
            }
            self.set_camera(view.scope, camera);
        }
        let mut camera = self.camera(view.scope);
        for request in std::mem::take(&mut self.requests) {
            match request {
                ViewRequest::Fit => self.fit_all(view, &mut camera),
                ViewRequest::FitSelection => camera.fit(viewport, free, self.selection_bounds(), 1.5),
                ViewRequest::ZoomBy(factor) => camera.zoom_at(viewport, viewport.center(), factor),
                ViewRequest::ZoomTo(zoom) => camera.zoom_at(viewport, viewport.center(), zoom / camera.zoom),
                ViewRequest::Reveal => {
                    let bounds = self.selection_bounds();
                    if bounds.is_finite() {
                        let corner = |pos| camera.canvas_from_screen(viewport, pos);
                        let visible = Rect::from_min_max(corner(free.min), corner(free.max));
                        camera.centre_in_canvas += offset_to_reveal(bounds, visible);
                    }
                }
            }
        }
        self.set_camera(view.scope, camera);
    }

    /// The part of the viewport below the tool bar.
    fn free(&self, view: &CanvasView<'_>) -> Rect {
        Rect::from_min_max(self.viewport.min + Vec2::new(0.0, view.covered_top), self.viewport.max)
    }

    /// The area of the minimap; `None` if it is hidden, not useful or does not fit.
    pub(super) fn minimap_rect(&self, view: &CanvasView<'_>) -> Option<Rect> {
        let viewport = self.viewport;
        let is_useful = self.layout.nodes.len() > 3 && self.layout.bounds.is_finite();
        let has_space = viewport.width() > 420.0 && viewport.height() > 260.0;
        (view.minimap_is_shown && is_useful && has_space)
            .then(|| Rect::from_min_size(viewport.max - MINIMAP_SIZE - Vec2::splat(MINIMAP_MARGIN), MINIMAP_SIZE))
    }

    /// Shows everything; beside or above the minimap if the minimap would hide a component.
    fn fit_all(&self, view: &CanvasView<'_>, camera: &mut Camera) {
        let (viewport, free, bounds) = (self.viewport, self.free(view), self.layout.bounds);
        camera.fit(viewport, free, bounds, 1.0);
        let Some(minimap) = self.minimap_rect(view) else { return };
        let is_hidden = |rect: Rect| camera.rect_on_screen(viewport, rect).intersects(minimap);
        if !self.layout.nodes.iter().any(|node| is_hidden(node.rect)) {
            return;
        }
        let (mut above, mut beside) = (*camera, *camera);
        above.fit(viewport, Rect { max: Pos2::new(free.max.x, minimap.min.y), ..free }, bounds, 1.0);
        beside.fit(viewport, Rect { max: Pos2::new(minimap.min.x, free.max.y), ..free }, bounds, 1.0);
        *camera = if above.zoom > beside.zoom { above } else { beside };
    }

    fn selection_bounds(&self) -> Rect {
        let frames = self.selection.frames.iter().filter_map(|id| self.layout.frame(*id)).map(|frame| frame.rect);
        let wires = self.selection.wires.iter().filter_map(|wire| self.layout.wire_index(wire));
        let wires = wires.filter_map(|n| self.layout.wires.get(n)).map(|wire| wire.curve.bounds());
        frames.chain(wires).fold(self.layout.bounds_of(&self.selection.nodes), Rect::union)
    }
}

/// How far the view moves to show `bounds`: the shortest distance if a part of them is visible already, so that the
/// user does not lose sight of the surroundings; otherwise to their centre.
fn offset_to_reveal(bounds: Rect, visible: Rect) -> Vec2 {
    let large = visible.shrink(16.0);
    if !visible.intersects(bounds) || bounds.width() > large.width() || bounds.height() > large.height() {
        return if visible.contains_rect(bounds) { Vec2::ZERO } else { bounds.center() - visible.center() };
    }
    if visible.contains_rect(bounds) {
        return Vec2::ZERO;
    }
    let along = |least: f32, most: f32, from: f32, to: f32| (least - from).min(0.0) + (most - to).max(0.0);
    Vec2::new(
        along(bounds.left(), bounds.right(), large.left(), large.right()),
        along(bounds.top(), bounds.bottom(), large.top(), large.bottom()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partly_visible_selection_is_revealed_by_the_shortest_distance() {
        let visible = Rect::from_min_max(Pos2::ZERO, Pos2::new(800.0, 600.0));
        let at = |x, y| Rect::from_min_size(Pos2::new(x, y), Vec2::new(100.0, 60.0));
        assert_eq!(offset_to_reveal(at(100.0, 580.0), visible), Vec2::new(0.0, 56.0));
        assert_eq!(offset_to_reveal(at(-40.0, 100.0), visible), Vec2::new(-56.0, 0.0));
        assert_eq!(
            offset_to_reveal(at(300.0, 300.0), visible),
            Vec2::ZERO,
            "a visible selection does not move the view"
        );
        assert_eq!(
            offset_to_reveal(at(2000.0, 300.0), visible),
            Vec2::new(1650.0, 30.0),
            "a distant selection is centred"
        );
    }
}
