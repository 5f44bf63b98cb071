//! ViewState: what the window shows and remembers beside the workspace. None of it is undone or saved in a project.
//!
//! Owned by `App`. Drawing borrows its parts through [`ViewState::parts`]; commands change it through `dispatch`.

use std::path::PathBuf;

use crate::canvas::CanvasState;
use crate::command::{AppCommand, CommandQueue};
use crate::document::{Document, Node, NodeId};
use crate::panels::PanelsState;
use crate::panels::dialogs::Dialog;
use crate::project::examples::Examples;
use crate::session::{Panels, Session};

/// What the window shows and remembers.
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

/// What drawing needs, borrowed at the same time.
pub struct ViewParts<'a> {
    /// What the canvas remembers.
    pub canvas: &'a mut CanvasState,
    /// What the panels remember.
    pub panels: &'a mut PanelsState,
    /// What is asked for.
    pub commands: &'a mut CommandQueue,
    /// What is kept between runs.
    pub session: &'a Session,
    /// Names of the example projects.
    pub examples: &'a [String],
}

impl ViewState {
    /// The state at the start. The session is saved to `session_folder` when it changes.
    pub fn new(session: Session, session_folder: Option<PathBuf>) -> Self {
        let mut canvas = CanvasState::default();
        canvas.minimap_is_shown = session.panels.minimap;
        Self {
            canvas,
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

    /// What drawing needs.
    pub fn parts(&mut self) -> ViewParts<'_> {
        ViewParts {
            canvas: &mut self.canvas,
            panels: &mut self.panels,
            commands: &mut self.commands,
            session: &self.session,
            examples: self.examples.names(),
        }
    }

    /// Asks for something; carried out at the end of the frame.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.commands.push(command);
    }

    /// Takes out everything that was asked for.
    pub fn take_commands(&mut self) -> Vec<AppCommand> {
        self.commands.take()
    }

    /// What the canvas remembers.
    pub fn canvas(&self) -> &CanvasState {
        &self.canvas
    }

    /// The canvas, for changes of selection and view.
    pub fn canvas_mut(&mut self) -> &mut CanvasState {
        &mut self.canvas
    }

    /// What the panels remember.
    pub fn panels(&self) -> &PanelsState {
        &self.panels
    }

    /// The panels, for example to put the cursor somewhere.
    pub fn panels_mut(&mut self) -> &mut PanelsState {
        &mut self.panels
    }

    /// Opens a dialog, in place of one that is open.
    pub fn show_dialog(&mut self, dialog: Dialog) {
        self.panels.dialogs.open = dialog;
    }

    /// The composite that is open.
    pub fn scope(&self) -> Option<NodeId> {
        self.scope
    }

    /// Opens a composite, or the top. Does nothing if there is no such composite.
    pub fn set_scope(&mut self, document: &Document, scope: Option<NodeId>) {
        let exists = scope.is_none_or(|id| document.node(id).is_some_and(Node::is_composite));
        if exists && self.scope != scope {
            self.scope = scope;
            self.canvas.selection.clear();
        }
    }

    /// The document was changed: leaves a composite that is gone, and selects nothing that is gone.
    pub fn follow(&mut self, document: &Document) {
        if !self.scope.is_none_or(|id| document.node(id).is_some_and(Node::is_composite)) {
            self.scope = None;
        }
        self.canvas.selection.retain_existing(document, self.scope);
    }

    /// Another project was opened: forgets what was about the old one.
    pub fn forget_project(&mut self) {
        self.scope = None;
        self.canvas.forget();
        self.panels.inspector.clear();
        self.panels.stage.chosen = None;
    }

    /// What is kept between runs.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Changes what is kept between runs. It is saved at the next [`Self::save_session`].
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Which panels are open.
    pub fn open_panels(&mut self) -> &mut Panels {
        &mut self.session.panels
    }

    /// Keeps the session. A failure loses nothing that the user made, so it is not reported.
    pub fn save_session(&self) {
        if let Some(folder) = &self.session_folder {
            let _ = self.session.save(folder);
        }
    }

    /// The ready-made projects.
    pub fn examples(&mut self) -> &mut Examples {
        &mut self.examples
    }

    /// The text that was copied last.
    pub fn clipboard(&self) -> &str {
        &self.clipboard
    }

    /// Remembers a text that was copied.
    pub fn set_clipboard(&mut self, text: String) {
        self.clipboard = text;
    }

    /// Whether the window may close although there are changes.
    pub fn may_close(&self) -> bool {
        self.may_close
    }

    /// The window may close: there are no changes, or the user said that they may be lost.
    pub fn allow_close(&mut self) {
        self.may_close = true;
    }
}
