//! Windows: the small windows of the canvas: the search for a component, the message editor and the frame editor.

use egui::{Pos2, Rect, Ui, Vec2};

use super::camera::Camera;
use super::frame_editor::{FrameEditor, frame_editor_ui};
use super::layout::Layout;
use super::message_editor::{MessageEditor, message_editor_ui};
use super::search::{Search, search_ui};
use super::view::CanvasView;
use crate::command::CommandQueue;
use crate::document::{FrameId, Port};

/// The windows that are open.
#[derive(Debug, Default)]
pub struct Windows {
    search: Option<Search>,
    message_editor: Option<MessageEditor>,
    frame_editor: Option<FrameEditor>,
}

impl Windows {
    /// Opens the search for a component. `from` is the fixed end of a waiting link.
    pub fn open_search(&mut self, at: Pos2, from: Option<Port>) {
        self.search = Some(Search::new(at, from));
    }

    /// Opens the editor for a message to an inbox.
    pub fn open_message_editor(&mut self, port: Port) {
        self.message_editor = Some(MessageEditor::new(port));
    }

    /// Opens the editor for a frame's title and notes.
    pub fn open_frame_editor(&mut self, frame: FrameId) {
        self.frame_editor = Some(FrameEditor::new(frame));
    }

    /// Closes the search.
    pub fn close_search(&mut self) {
        self.search = None;
    }

    /// Whether the search is open.
    #[cfg(test)]
    pub fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Whether a window is open and takes the keys.
    pub fn takes_keys(&self) -> bool {
        self.search.is_some() || self.message_editor.is_some() || self.frame_editor.is_some()
    }

    /// The fixed end of the link that waits for the search, and the position of the search in canvas coordinates.
    pub fn waiting_link(&self) -> Option<(&Port, Pos2)> {
        let search = self.search.as_ref()?;
        Some((search.from.as_ref()?, search.at))
    }
}

/// Draws the windows that are open.
pub fn windows_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    windows: &mut Windows,
    (camera, viewport): (Camera, Rect),
    layout: &Layout,
    commands: &mut CommandQueue,
) {
    if let Some(mut search) = windows.search.take() {
        let at = camera.screen_from_canvas(viewport, search.at);
        if search_ui(ui, view, &mut search, at, viewport, commands) {
            windows.search = Some(search);
        }
    }
    if let Some(mut editor) = windows.message_editor.take() {
        let port = layout.port(editor.port()).map(|(_, port)| camera.screen_from_canvas(viewport, port.centre));
        let at = port.unwrap_or(viewport.min) + Vec2::new(12.0, 18.0);
        if message_editor_ui(ui, view, &mut editor, at, commands) {
            windows.message_editor = Some(editor);
        }
    }
    if let Some(mut editor) = windows.frame_editor.take() {
        let at = layout.frame(editor.id()).map_or(viewport, |frame| camera.rect_on_screen(viewport, frame.rect));
        if frame_editor_ui(ui, view, &mut editor, at, commands) {
            windows.frame_editor = Some(editor);
        }
    }
}
