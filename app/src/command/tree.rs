//! AppCommand: the commands of the window, with one enum per area. Each area has one handler in `dispatch`.

use std::path::PathBuf;

use compose_runtime::command::Speed;
use compose_runtime::component::Category;
use compose_runtime::message::Message;

use super::dock_tab::DockTab;
use crate::document::{EditCommand, NodeId, Place, Port, Wire};
use crate::theme::tokens::ThemeName;

/// A command of the window.
#[derive(Debug, Clone, PartialEq)]
pub enum AppCommand {
    /// A command for projects and their files.
    File(FileCommand),
    /// A command for the document.
    Edit(EditAction),
    /// A command for the view.
    View(ViewCommand),
    /// A command for the running system.
    Run(RunCommand),
    /// A command for help.
    Help(HelpCommand),
}

/// A command for projects and their files.
#[derive(Debug, Clone, PartialEq)]
pub enum FileCommand {
    /// Creates an empty project.
    New,
    /// Asks for a file and opens it.
    Open,
    /// Opens this file.
    OpenPath(PathBuf),
    /// Opens this example.
    OpenExample(String),
    /// Saves the project to its file. Asks for a file if it has none.
    Save,
    /// Asks where to save.
    SaveAs,
    /// Clears the list of recent projects.
    ClearRecent,
    /// Lists the unsaved work of windows that have closed.
    ShowRecoveries,
    /// Opens unsaved work by its index in the list.
    Recover(usize),
    /// Discards unsaved work by its index in the list.
    DiscardRecovery(usize),
    /// Closes the window.
    Quit,
}

/// A command that changes the document, or that starts such a change.
#[derive(Debug, Clone, PartialEq)]
pub enum EditAction {
    /// Applies an undoable edit.
    Apply(EditCommand),
    /// Undoes the last edit.
    Undo,
    /// Redoes the edit that was undone last.
    Redo,
    /// Copies the selection and removes it.
    Cut,
    /// Copies the selection.
    Copy,
    /// Adds the copied components in the middle of the view.
    Paste,
    /// Adds the components described by a text from the clipboard.
    PasteText(String),
    /// Duplicates the selection.
    Duplicate,
    /// Removes the selection.
    Delete,
    /// Selects everything in the current scope.
    SelectAll,
    /// Clears the selection.
    SelectNone,
    /// Opens the search for a component in the middle of the view.
    AddComponent,
    /// Moves the cursor to the name of the selected component.
    Rename,
    /// Puts the selected components into a composite.
    Group,
    /// Replaces the selected composite with its members.
    Ungroup,
    /// Draws a titled frame around the selected components.
    FrameSelection,
    /// Arranges the components of the current scope in columns.
    Arrange,
    /// Adds a component of this type.
    AddNode {
        /// The name in the registry; `Composite` for a nested graph.
        type_name: String,
        /// The position; the middle of the view if `None`.
        pos_in_canvas: Option<[f32; 2]>,
    },
    /// Opens the search at a point. If a box is given, the search lists only components that can be linked to it.
    OpenSearchAt {
        /// The position of the new component.
        pos_in_canvas: [f32; 2],
        /// The box at the other end of the new link.
        from: Option<Port>,
    },
}

/// A command for the view.
#[derive(Debug, Clone, PartialEq)]
pub enum ViewCommand {
    /// Selects these nodes and nothing else.
    SelectNodes(Vec<NodeId>),
    /// Selects this link and nothing else.
    SelectWire(Wire),
    /// Opens the scope of this part, selects it and brings it into view.
    GoTo(Place),
    /// Opens a composite.
    EnterScope(NodeId),
    /// Opens this scope; `None` is the top level.
    SetScope(Option<NodeId>),
    /// Opens the surrounding scope.
    LeaveScope,
    /// Opens the command palette.
    CommandPalette,
    /// Moves the cursor to the filter of the palette.
    FindInPalette,
    /// Zooms in.
    ZoomIn,
    /// Zooms out.
    ZoomOut,
    /// Sets the zoom to 100 %.
    ZoomReset,
    /// Brings the whole graph into view.
    ZoomToFit,
    /// Brings the selection into view.
    ZoomToSelection,
    /// Shows or hides the palette.
    TogglePalette,
    /// Folds or unfolds this category of the palette.
    FoldCategory(Category),
    /// Shows or hides the inspector.
    ToggleInspector,
    /// Shows or hides the panel below.
    ToggleDock,
    /// Shows or hides the outline.
    ToggleOutline,
    /// Shows or hides the stage.
    ToggleStage,
    /// Shows or hides the overview in the corner.
    ToggleMinimap,
    /// Shows this tab of the panel below.
    ShowTab(DockTab),
    /// Shows the surface of this component on the stage.
    ShowOnStage(NodeId),
    /// Opens the editor that sends a message to an inbox.
    AskMessage(Port),
    /// Closes the notice with this text.
    CloseNotice(String),
    /// Opens the settings.
    Settings,
    /// Sets the colour theme.
    SetTheme(ThemeName),
    /// Sets the scale of the window; 1 is normal.
    SetTextScale(f32),
}

/// A command for the running system.
#[derive(Debug, Clone, PartialEq)]
pub enum RunCommand {
    /// Starts or resumes the system.
    Run,
    /// Pauses or resumes the system.
    Pause,
    /// Ends the run.
    Stop,
    /// Ends the run and starts a new one.
    Restart,
    /// Delivers one message.
    StepDelivery,
    /// Gives one component a turn.
    StepTurn,
    /// Gives every ready component a turn.
    StepPass,
    /// Sets the speed.
    SetSpeed(Speed),
    /// Removes the speed limit.
    FullSpeed,
    /// Restarts one component with empty state.
    RestartComponent(NodeId),
    /// Pauses (true) or resumes (false) one component.
    PauseComponent(NodeId, bool),
    /// Sends a message to an inbox.
    SendMessage {
        /// The inbox.
        port: Port,
        /// The message.
        message: Message,
    },
    /// A user event on a component's surface.
    SurfaceEvent {
        /// The component.
        node: NodeId,
        /// The event.
        event: Message,
    },
    /// Clears the console.
    ClearConsole,
}

/// A command for help.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HelpCommand {
    /// Shows the keyboard shortcuts.
    Shortcuts,
    /// Shows information about the application.
    About,
}

impl AppCommand {
    /// Whether to commit unfinished inspector text before the command runs. True if the command uses, copies or saves
    /// the settings, or closes the project.
    pub const fn needs_drafts(&self) -> bool {
        match self {
            Self::File(command) => command.needs_drafts(),
            Self::Edit(action) => action.needs_drafts(),
            Self::Run(command) => command.needs_drafts(),
            Self::View(_) | Self::Help(_) => false,
        }
    }
}

impl FileCommand {
    const fn needs_drafts(&self) -> bool {
        match self {
            Self::New
            | Self::Open
            | Self::OpenPath(_)
            | Self::OpenExample(_)
            | Self::Save
            | Self::SaveAs
            | Self::Recover(_)
            | Self::Quit => true,
            Self::ClearRecent | Self::ShowRecoveries | Self::DiscardRecovery(_) => false,
        }
    }
}

impl EditAction {
    const fn needs_drafts(&self) -> bool {
        match self {
            Self::Cut | Self::Copy | Self::Duplicate => true,
            Self::Apply(_)
            | Self::Undo
            | Self::Redo
            | Self::Paste
            | Self::PasteText(_)
            | Self::Delete
            | Self::SelectAll
            | Self::SelectNone
            | Self::AddComponent
            | Self::Rename
            | Self::Group
            | Self::Ungroup
            | Self::FrameSelection
            | Self::Arrange
            | Self::AddNode { .. }
            | Self::OpenSearchAt { .. } => false,
        }
    }
}

impl RunCommand {
    const fn needs_drafts(&self) -> bool {
        match self {
            // A step starts the system if it is stopped.
            Self::Run
            | Self::Restart
            | Self::StepDelivery
            | Self::StepTurn
            | Self::StepPass
            | Self::RestartComponent(_) => true,
            Self::Pause
            | Self::Stop
            | Self::SetSpeed(_)
            | Self::FullSpeed
            | Self::PauseComponent(..)
            | Self::SendMessage { .. }
            | Self::SurfaceEvent { .. }
            | Self::ClearConsole => false,
        }
    }
}

impl From<FileCommand> for AppCommand {
    fn from(command: FileCommand) -> Self {
        Self::File(command)
    }
}

impl From<EditAction> for AppCommand {
    fn from(command: EditAction) -> Self {
        Self::Edit(command)
    }
}

impl From<ViewCommand> for AppCommand {
    fn from(command: ViewCommand) -> Self {
        Self::View(command)
    }
}

impl From<RunCommand> for AppCommand {
    fn from(command: RunCommand) -> Self {
        Self::Run(command)
    }
}

impl From<HelpCommand> for AppCommand {
    fn from(command: HelpCommand) -> Self {
        Self::Help(command)
    }
}
