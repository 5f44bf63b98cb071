//! CanvasState: what the canvas remembers between frames. Not saved, not undone.
//!
//! Owned by the application. `dispatch` requests changes of the view through the methods here; the next frame applies
//! them.

use std::collections::{HashMap, HashSet};

use egui::{Pos2, Rect, Vec2};

use super::activity::Activity;
use super::camera::Camera;
use super::frame_editor::FrameEditor;
use super::gesture::Gesture;
use super::hit::Hit;
use super::layout::Layout;
use super::message_editor::MessageEditor;
use super::pictures::Pictures;
use super::pointer::PointerMemory;
use super::search::Search;
use super::selection::Selection;
use super::traffic::Traffic;
use crate::document::{FrameId, NodeId, Port};

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
    /// The selection in the open scope.
    pub selection: Selection,
    /// Whether the minimap in the corner is shown.
    pub minimap_is_shown: bool,
    /// The height of the tool bar that covers the top of the canvas, in points. Zooming to fit stays below it.
    pub covered_top: f32,
    /// Whether Escape belonged to a text field, a menu or a dialog at the end of the last frame. egui removes the focus
    /// before this frame can ask for it.
    pub escape_is_taken: bool,
    cameras: HashMap<Option<NodeId>, Camera>,
    requests: Vec<ViewRequest>,
    pub(super) scope: Option<NodeId>,
    pub(super) viewport: Rect,
    /// The pointer, in canvas coordinates, if nothing covers the canvas there.
    pub(super) hover_in_canvas: Option<Pos2>,
    /// The pointer, in canvas coordinates, even if something covers the canvas there.
    pub(super) pointer_in_canvas: Option<Pos2>,
    pub(super) layout: Layout,
    pub(super) gesture: Gesture,
    pub(super) hover: Hover,
    pub(super) pointer: PointerMemory,
    pub(super) traffic: Traffic,
    pub(super) activity: Activity,
    pub(super) pictures: Pictures,
    pub(super) search: Option<Search>,
    pub(super) message_editor: Option<MessageEditor>,
    pub(super) frame_editor: Option<FrameEditor>,
    pub(super) menu_hit: Hit,
    pub(super) fits: Option<LinkFits>,
    pub(super) minimap: Option<(u64, std::sync::Arc<egui::Mesh>)>,
    pub(super) far_wires: super::paint::far::FarCache,
    pub(super) prompts: HashMap<NodeId, String>,
}

/// What is under the pointer, and since when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hover {
    /// The shape under the pointer.
    pub hit: Hit,
    /// The time since which it is there, on egui's clock.
    pub since: f64,
}

/// The boxes that accept the link that is being made; determined once per gesture.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkFits {
    /// The fixed end of the link.
    pub from: Port,
    /// The stamp of the layout it was determined for.
    pub stamp: u64,
    /// The boxes that accept the link.
    pub fitting: HashSet<Port>,
}

impl Default for CanvasState {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            minimap_is_shown: true,
            covered_top: 0.0,
            escape_is_taken: false,
            cameras: HashMap::new(),
            requests: Vec::new(),
            scope: None,
            viewport: Rect::NOTHING,
            hover_in_canvas: None,
            pointer_in_canvas: None,
            layout: Layout::default(),
            gesture: Gesture::Idle,
            hover: Hover::default(),
            pointer: PointerMemory::default(),
            traffic: Traffic::default(),
            activity: Activity::default(),
            pictures: Pictures::default(),
            search: None,
            message_editor: None,
            frame_editor: None,
            menu_hit: Hit::Nothing,
            fits: None,
            minimap: None,
            far_wires: super::paint::far::FarCache::default(),
            prompts: HashMap::new(),
        }
    }
}

impl CanvasState {
    /// The view of the open scope.
    pub fn camera(&self) -> Camera {
        self.cameras.get(&self.scope).copied().unwrap_or_default()
    }

    /// Points on the screen for one unit of the canvas, in the open scope.
    pub fn zoom(&self) -> f32 {
        self.camera().zoom
    }

    /// Changes the view of the open scope.
    pub fn set_camera(&mut self, camera: Camera) {
        self.cameras.insert(self.scope, camera);
    }

    /// The size of a node of the open scope, in canvas units.
    pub fn size_of(&self, node: NodeId) -> Option<Vec2> {
        Some(self.layout.node(node)?.rect.size())
    }

    /// The centre of the view, in canvas coordinates.
    pub fn centre_in_canvas(&self) -> Pos2 {
        self.camera().centre_in_canvas
    }

    /// The pointer, in canvas coordinates, if it is over the canvas or over something that floats above it.
    pub fn pointer_in_canvas(&self) -> Option<Pos2> {
        self.pointer_in_canvas
    }

    /// Requests a change of the view, applied in the next frame.
    pub fn request(&mut self, request: ViewRequest) {
        self.requests.push(request);
    }

    /// Opens the search for a component. `from` is the fixed end of a waiting link.
    pub fn open_search(&mut self, at: Pos2, from: Option<Port>) {
        self.search = Some(Search::new(at, from));
    }

    /// Opens the small window that sends a message to an inbox.
    pub fn open_message_editor(&mut self, port: Port) {
        self.message_editor = Some(MessageEditor::new(port));
    }

    /// Opens the editor for a frame's title and notes.
    pub fn open_frame_editor(&mut self, frame: FrameId) {
        self.frame_editor = Some(FrameEditor::new(frame));
    }

    /// Resets everything that belongs to the project, before another project is shown.
    pub fn forget(&mut self) {
        *self = Self { minimap_is_shown: self.minimap_is_shown, covered_top: self.covered_top, ..Self::default() };
    }

    /// Whether the pointer is over the canvas, or over something that floats above it.
    pub fn has_pointer(&self) -> bool {
        self.pointer_in_canvas.is_some()
    }

    /// Whether the search or an editor is open, which takes the keys.
    pub fn takes_keys(&self) -> bool {
        self.search.is_some() || self.message_editor.is_some() || self.frame_editor.is_some()
    }

    /// Enters a scope. Cancels the gesture and closes the search.
    pub(super) fn enter(&mut self, scope: Option<NodeId>) {
        if self.scope != scope {
            self.scope = scope;
            self.gesture = Gesture::Idle;
            self.hover = Hover::default();
            self.search = None;
        }
    }

    /// Applies the requests made since the last frame.
    pub(super) fn apply_requests(&mut self) {
        let viewport = self.viewport;
        let free = self.free();
        if !self.cameras.contains_key(&self.scope) {
            let mut camera = Camera::default();
            if self.layout.bounds.is_finite() {
                self.fit_all(&mut camera);
            }
            self.set_camera(camera);
        }
        let mut camera = self.camera();
        for request in std::mem::take(&mut self.requests) {
            match request {
                ViewRequest::Fit => self.fit_all(&mut camera),
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
        self.set_camera(camera);
    }

    /// The part of the viewport below the tool bar.
    fn free(&self) -> Rect {
        Rect::from_min_max(self.viewport.min + Vec2::new(0.0, self.covered_top), self.viewport.max)
    }

    /// The area of the minimap; `None` if it is hidden, not useful or has no room.
    pub(super) fn minimap_rect(&self) -> Option<Rect> {
        let viewport = self.viewport;
        let is_useful = self.layout.nodes.len() > 3 && self.layout.bounds.is_finite();
        let has_room = viewport.width() > 420.0 && viewport.height() > 260.0;
        (self.minimap_is_shown && is_useful && has_room)
            .then(|| Rect::from_min_size(viewport.max - MINIMAP_SIZE - Vec2::splat(MINIMAP_MARGIN), MINIMAP_SIZE))
    }

    /// Shows everything; beside or above the minimap if the minimap would hide a component.
    fn fit_all(&self, camera: &mut Camera) {
        let (viewport, free, bounds) = (self.viewport, self.free(), self.layout.bounds);
        camera.fit(viewport, free, bounds, 1.0);
        let Some(minimap) = self.minimap_rect() else { return };
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
/// user keeps sight of the surroundings; otherwise to their centre.
fn offset_to_reveal(bounds: Rect, visible: Rect) -> Vec2 {
    let roomy = visible.shrink(16.0);
    if !visible.intersects(bounds) || bounds.width() > roomy.width() || bounds.height() > roomy.height() {
        return if visible.contains_rect(bounds) { Vec2::ZERO } else { bounds.center() - visible.center() };
    }
    if visible.contains_rect(bounds) {
        return Vec2::ZERO;
    }
    let along = |least: f32, most: f32, from: f32, to: f32| (least - from).min(0.0) + (most - to).max(0.0);
    Vec2::new(
        along(bounds.left(), bounds.right(), roomy.left(), roomy.right()),
        along(bounds.top(), bounds.bottom(), roomy.top(), roomy.bottom()),
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
