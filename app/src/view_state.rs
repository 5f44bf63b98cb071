//! ViewState: the state of the window besides the workspace. It is neither undone nor saved in a project.
//!
//! Owned by `App`. Drawing code borrows its parts with [`ViewState::parts`]; `dispatch` changes it.

use std::path::PathBuf;

use crate::canvas::CanvasState;
use crate::command::{AppCommand, CommandQueue};
use crate::document::{Document, Node, NodeId};
use crate::panels::PanelsState;
use crate::panels::dialogs::Dialog;
use crate::project::examples::Examples;
use crate::session::{Panels, Session};

/// The state of the window.
pub struct ViewState {
    canvas: CanvasState,
    scope: Option<NodeId>,
    panels: PanelsState,
    session: Session,
    session_folder: Option<PathBuf>,
    commands: CommandQueue,
    examples: Examples,
    clipboard: String,
    may_close: bool,
}

/// The parts that drawing code needs, borrowed at the same time.
pub struct ViewParts<'a> {
    /// The state of the canvas.
    pub canvas: &'a mut CanvasState,
    /// The state of the panels.
    pub panels: &'a mut PanelsState,
    /// The queue of commands.
    pub commands: &'a mut CommandQueue,
    /// The settings that are kept between sessions.
    pub session: &'a Session,
    /// Names of the example projects.
    pub examples: &'a [String],
}

impl ViewState {
    /// Creates the initial state. Changes to the session are saved to `session_folder`.
    pub fn new(session: Session, session_folder: Option<PathBuf>) -> Self {
        Self {
            canvas: CanvasState::default(),
            scope: None,
            panels: PanelsState::default(),
            session,
            session_folder,
            commands: CommandQueue::default(),
            examples: Examples::find(),
            clipboard: String::new(),
            may_close: false,
        }
    }

    /// The parts that drawing code needs.
    pub fn parts(&mut self) -> ViewParts<'_> {
        ViewParts {
            canvas: &mut self.canvas,
            panels: &mut self.panels,
            commands: &mut self.commands,
            session: &self.session,
            examples: self.examples.names(),
        }
    }

    /// Queues a command, which is carried out at the end of the frame.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.commands.push(command);
    }

    /// Takes all queued commands.
    pub fn take_commands(&mut self) -> Vec<AppCommand> {
        self.commands.take()
    }

    /// The state of the canvas.
    pub fn canvas(&self) -> &CanvasState {
        &self.canvas
    }

    /// The state of the canvas, to change it.
    pub fn canvas_mut(&mut self) -> &mut CanvasState {
        &mut self.canvas
    }

    /// The state of the panels.
    pub fn panels(&self) -> &PanelsState {
        &self.panels
    }

    /// The state of the panels, to change it.
    pub fn panels_mut(&mut self) -> &mut PanelsState {
        &mut self.panels
    }

    /// Opens a dialog. It replaces an open one.
    pub fn show_dialog(&mut self, dialog: Dialog) {
        self.panels.dialogs.open = dialog;
    }

    /// The open composite; `None` at the top level.
    pub fn scope(&self) -> Option<NodeId> {
        self.scope
    }

    /// Opens a composite, or the top level if `None`. Does nothing if the composite does not exist.
    pub fn set_scope(&mut self, document: &Document, scope: Option<NodeId>) {
        let exists = scope.is_none_or(|id| document.node(id).is_some_and(Node::is_composite));
        if exists && self.scope != scope {
            self.scope = scope;
            self.canvas.leave_scope();
        }
    }

    /// Adapts to a changed document: leaves a removed composite and deselects removed parts.
    pub fn follow(&mut self, document: &Document) {
        if !self.scope.is_none_or(|id| document.node(id).is_some_and(Node::is_composite)) {
            self.scope = None;
            self.canvas.leave_scope();
        }
        self.canvas.deselect_removed(document, self.scope);
    }

    /// Discards the state of the old project, because another one was opened.
    pub fn forget_project(&mut self) {
        self.scope = None;
        self.canvas.forget();
        self.panels.inspector.clear();
        self.panels.stage.chosen = None;
    }

    /// The settings that are kept between sessions.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to change it. [`Self::save_session`] saves the changes.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The open panels and their sizes, to change them.
    pub fn open_panels(&mut self) -> &mut Panels {
        &mut self.session.panels
    }

    /// Saves the session. Errors are ignored, because the session contains none of the user's work.
    pub fn save_session(&self) {
        if let Some(folder) = &self.session_folder {
            let _ = self.session.save(folder);
        }
    }

    /// The example projects.
    pub fn examples(&mut self) -> &mut Examples {
        &mut self.examples
    }

    /// The text copied last.
    pub fn clipboard(&self) -> &str {
        &self.clipboard
    }

    /// Stores a copied text.
    pub fn set_clipboard(&mut self, text: String) {
        self.clipboard = text;
    }

    /// Whether the window may close even if there are unsaved changes.
    pub fn may_close(&self) -> bool {
        self.may_close
    }

    /// Allows the window to close, because there are no unsaved changes or the user agreed to lose them.
    pub fn allow_close(&mut self) {
        self.may_close = true;
    }
}
