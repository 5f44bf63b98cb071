//! AppCommand: the commands of the window, one enum for each area. Each area has one handler in `dispatch`.

use std::path::PathBuf;

use compose_runtime::command::Speed;
use compose_runtime::component::Category;
use compose_runtime::message::Message;

use super::dock_tab::DockTab;
use crate::document::{EditCommand, NodeId, Place, Port, Wire};
use crate::theme::tokens::ThemeName;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum AppCommand {
    /// Projects and their files.
    File(FileCommand),
    /// The document.
    Edit(EditAction),
    /// What is seen.
    View(ViewCommand),
    /// The running system.
    Run(RunCommand),
    /// About the application.
    Help(HelpCommand),
}

/// A command about projects and their files.
#[derive(Debug, Clone, PartialEq)]
pub enum FileCommand {
    /// Starts an empty project.
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
    /// Forgets the recent projects.
    ClearRecent,
    /// Closes the window.
    Quit,
}

/// A command that changes the document, or that begins such a change.
#[derive(Debug, Clone, PartialEq)]
pub enum EditAction {
    /// Makes this undoable change.
    Apply(EditCommand),
    /// Takes the last change back.
    Undo,
    /// Makes the change again that was taken back last.
    Redo,
    /// Copies the selection and removes it.
    Cut,
    /// Copies the selection.
    Copy,
    /// Puts the copied components in the middle of the view.
    Paste,
    /// Adds the components of this text, if it is a fragment.
    PasteText(String),
    /// Makes the selection twice.
    Duplicate,
    /// Removes what is selected.
    Delete,
    /// Selects everything in this scope.
    SelectAll,
    /// Selects nothing.
    SelectNone,
    /// Opens the search for a component in the middle of the view.
    AddComponent,
    /// Puts the cursor into the name of the selected component.
    Rename,
    /// Puts the selected components into a composite.
    Group,
    /// Puts the members of the selected composite in its place.
    Ungroup,
    /// Draws a titled frame around the selected components.
    FrameSelection,
    /// Places the components of this scope in columns.
    Arrange,
    /// Adds a component of this type; in the middle of the view if no position is given.
    AddNode {
        /// Name in the registry; `Composite` for a nested graph.
        type_name: String,
        /// Where.
        pos_in_canvas: Option<[f32; 2]>,
    },
    /// Opens the search at a point, limited to what fits this box if one is given.
    OpenSearchAt {
        /// Where the new component goes.
        pos_in_canvas: [f32; 2],
        /// The loose end of a link.
        from: Option<Port>,
    },
}

/// A command about what is seen.
#[derive(Debug, Clone, PartialEq)]
pub enum ViewCommand {
    /// Selects these nodes and nothing else.
    SelectNodes(Vec<NodeId>),
    /// Selects this link and nothing else.
    SelectWire(Wire),
    /// Opens the scope it is in, selects it and brings it into view.
    GoTo(Place),
    /// Opens a composite.
    EnterScope(NodeId),
    /// Goes to this scope; `None` is the top.
    SetScope(Option<NodeId>),
    /// Goes to the scope around this one.
    LeaveScope,
    /// Opens the command palette.
    CommandPalette,
    /// Puts the cursor into the palette's filter.
    FindInPalette,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// 100 %.
    ZoomReset,
    /// Everything in view.
    ZoomToFit,
    /// The selection in view.
    ZoomToSelection,
    /// Shows or hides the palette.
    TogglePalette,
    /// Folds this category of the palette away, or shows it again.
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
    /// Shows this component's surface large.
    ShowOnStage(NodeId),
    /// Opens the small window that sends a message to an inbox by hand.
    AskMessage(Port),
    /// No longer shows the notice with this text.
    CloseNotice(String),
    /// Opens the settings.
    Settings,
    /// Changes the colours.
    SetTheme(ThemeName),
    /// Changes the size of everything; 1 is normal.
    SetTextScale(f32),
}

/// A command to the running system.
#[derive(Debug, Clone, PartialEq)]
pub enum RunCommand {
    /// Starts the system, or lets it go on.
    Run,
    /// Pauses the system, or lets it go on.
    Pause,
    /// Ends the run.
    Stop,
    /// Ends the run and starts another one.
    Restart,
    /// One message moves.
    StepDelivery,
    /// One component has one turn.
    StepTurn,
    /// Every ready component has one turn.
    StepPass,
    /// Sets the speed.
    SetSpeed(Speed),
    /// Sets the speed to full.
    FullSpeed,
    /// Starts one component again, with empty state.
    RestartComponent(NodeId),
    /// Pauses (true) or wakes (false) one component.
    PauseComponent(NodeId, bool),
    /// Sends a message to an inbox by hand.
    SendMessage {
        /// Which inbox.
        port: Port,
        /// What.
        message: Message,
    },
    /// Something the user did on a component's surface.
    SurfaceEvent {
        /// Whose surface.
        node: NodeId,
        /// What.
        event: Message,
    },
    /// Empties the console.
    ClearConsole,
}

/// A command about the application itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HelpCommand {
    /// Opens the list of keys.
    Shortcuts,
    /// Says what this is.
    About,
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
