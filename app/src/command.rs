//! AppCommand: everything the application can be asked to do, and the queue in which drawing code asks for it.
//!
//! What draws never changes anything: it pushes here, and `dispatch` carries the commands out after drawing. Commands
//! that a person picks by name (menus, tool bar, key bindings, command palette) stand in one table, see `table`.

use std::path::PathBuf;

use compose_runtime::command::{RuntimeCommand, Speed};
use compose_runtime::component::Category;
use compose_runtime::message::Message;

use crate::document::{EditCommand, FrameId, NodeId, Port, Wire};
use crate::theme::tokens::ThemeName;

pub mod table;

pub use table::{Area, COMMANDS, CommandInfo};

/// A tab of the panel below the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DockTab {
    /// Lines of the console components.
    #[default]
    Console,
    /// What is wrong, and where.
    Problems,
    /// The last messages of the selected link.
    Messages,
    /// All components with their numbers.
    Components,
    /// Who worked and who waited in the last minute.
    Time,
}

impl DockTab {
    /// Every tab, in order.
    pub const ALL: [Self; 5] = [Self::Console, Self::Problems, Self::Messages, Self::Components, Self::Time];

    /// The words on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Console => "Console",
            Self::Problems => "Problems",
            Self::Messages => "Messages",
            Self::Components => "Components",
            Self::Time => "Time",
        }
    }
}

/// A place on the canvas to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A node.
    Node(NodeId),
    /// A link.
    Wire(Wire),
    /// A frame.
    Frame(FrameId),
}

/// One thing to do. Variants with data come from the canvas and the panels; the others are also in [`COMMANDS`].
#[derive(Debug, Clone, PartialEq)]
pub enum AppCommand {
    // File
    /// Starts an empty project.
    New,
    /// Asks for a file and opens it.
    Open,
    /// Opens this file.
    OpenPath(PathBuf),
    /// Opens this example.
    OpenExample(String),
    /// Saves where the project came from; asks if it came from nowhere.
    Save,
    /// Asks where to save.
    SaveAs,
    /// Saves there.
    SaveTo(PathBuf),
    /// Forgets the recent projects.
    ClearRecent,
    /// Closes the window.
    Quit,

    // Edit
    /// An undoable change of the document.
    Edit(EditCommand),
    /// Takes the last change back.
    Undo,
    /// Does it again.
    Redo,
    /// Copies the selection and removes it.
    Cut,
    /// Copies the selection.
    Copy,
    /// Puts the copied components in the middle of the view.
    Paste,
    /// Puts this text, if it is a fragment, around a point of the canvas.
    PasteText(String),
    /// Makes the selection twice.
    Duplicate,
    /// Removes what is selected.
    Delete,
    /// Selects everything in this scope.
    SelectAll,
    /// Selects nothing.
    SelectNone,
    /// Puts the selected components into a composite.
    Group,
    /// Puts the members of the selected composite in its place.
    Ungroup,
    /// Draws a titled frame around the selected components.
    FrameSelection,
    /// Puts the cursor into the name of the selected component.
    Rename,
    /// Places the components of this scope in columns.
    Arrange,
    /// Opens the search for a component in the middle of the view.
    AddComponent,
    /// Adds a component of this type; in the middle of the view if no place is given.
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

    // View
    /// Selects these nodes and nothing else.
    SelectNodes(Vec<NodeId>),
    /// Selects this link and nothing else.
    SelectWire(Wire),
    /// Selects this frame and nothing else.
    SelectFrame(FrameId),
    /// Opens the scope it is in, selects it and brings it into view.
    GoTo(Place),
    /// Opens a composite.
    EnterScope(NodeId),
    /// Goes to this scope; `None` is the top.
    SetScope(Option<NodeId>),
    /// Goes to the scope around this one.
    LeaveScope,
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
    /// Puts the cursor into the palette's filter.
    FindInPalette,
    /// Opens the command palette.
    CommandPalette,
    /// Opens the settings.
    Settings,
    /// Changes the colours.
    SetTheme(ThemeName),
    /// Changes the size of everything; 1 is normal.
    SetTextScale(f32),

    // Run
    /// Runs, or goes on.
    Run,
    /// Pauses, or goes on.
    Pause,
    /// Runs if it does not, else pauses or goes on.
    RunOrPause,
    /// Ends the run.
    Stop,
    /// Ends the run and begins again.
    RestartRun,
    /// One message moves.
    StepDelivery,
    /// One component has one turn.
    StepTurn,
    /// Every ready component has one turn.
    StepPass,
    /// Turns the dial.
    SetSpeed(Speed),
    /// The dial at full speed.
    FullSpeed,
    /// Starts one component again, with empty state.
    RestartComponent(NodeId),
    /// Pauses (true) or wakes (false) one component.
    PauseComponent(NodeId, bool),
    /// Opens the small window that sends a message to an inbox by hand.
    AskMessage(Port),
    /// Sends a message to an inbox by hand.
    SendMessage {
        /// Which inbox.
        port: Port,
        /// What.
        message: Message,
    },
    /// Keeps (true) the last messages of a link, or stops doing so (false).
    TapWire(Wire, bool),
    /// Something the user did on a component's surface.
    SurfaceEvent {
        /// Whose surface.
        node: NodeId,
        /// What.
        event: Message,
    },
    /// Something for the scheduler, as it is.
    Runtime(RuntimeCommand),
    /// Empties the console.
    ClearConsole,

    // Help
    /// Opens the list of keys.
    Shortcuts,
    /// Says what this is.
    About,
    /// Shows this sentence for a few seconds.
    Notice(String),
}

impl AppCommand {
    /// Name, tooltip, key and icon, if it is one a person picks by name.
    pub fn info(&self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == *self)
    }
}

/// What drawing code asks for, in order.
#[derive(Debug, Default)]
pub struct CommandQueue {
    commands: Vec<AppCommand>,
}

impl CommandQueue {
    /// Asks for something.
    pub fn push(&mut self, command: AppCommand) {
        self.commands.push(command);
    }

    /// Asks for an undoable change.
    pub fn edit(&mut self, edit: EditCommand) {
        self.push(AppCommand::Edit(edit));
    }

    /// Asks the scheduler for something.
    pub fn runtime(&mut self, command: RuntimeCommand) {
        self.push(AppCommand::Runtime(command));
    }

    /// Takes everything out.
    pub fn take(&mut self) -> Vec<AppCommand> {
        std::mem::take(&mut self.commands)
    }

    /// What waits, in order.
    pub fn iter(&self) -> impl Iterator<Item = &AppCommand> {
        self.commands.iter()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }
}
