//! The table of commands that a person picks by name. It feeds menus, tool bar, command palette and key bindings.

use std::sync::LazyLock;

use compose_runtime::command::Speed;
use egui::{Key, KeyboardShortcut, Modifiers};

use super::dock_tab::DockTab;
use super::tree::{AppCommand, EditAction, FileCommand, HelpCommand, RunCommand, ViewCommand};
use crate::theme::icons::Icon;

/// The menu a command is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Projects.
    File,
    /// The document.
    Edit,
    /// What is seen.
    View,
    /// The running system.
    Run,
    /// About the application.
    Help,
}

impl Area {
    /// Every menu, in order.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Run, Self::Help];

    /// The word in the menu bar.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Run => "Run",
            Self::Help => "Help",
        }
    }
}

/// How a command presents itself.
#[derive(Debug)]
pub struct CommandInfo {
    /// The command.
    pub command: AppCommand,
    /// Its menu.
    pub area: Area,
    /// Its name. Ends in `…` if it asks for more.
    pub name: &'static str,
    /// One sentence: what it does.
    pub tooltip: &'static str,
    /// Its key.
    pub shortcut: Option<KeyboardShortcut>,
    /// Its picture.
    pub icon: Icon,
    /// Whether a line is drawn above it in the menu.
    pub starts_group: bool,
}

/// What a row of the table says about its command.
struct Row {
    name: &'static str,
    tooltip: &'static str,
    shortcut: Option<KeyboardShortcut>,
    icon: Icon,
    starts_group: bool,
}

const fn row(name: &'static str, tooltip: &'static str, icon: Icon) -> Row {
    Row { name, tooltip, shortcut: None, icon, starts_group: false }
}

impl Row {
    const fn key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.shortcut = Some(KeyboardShortcut::new(modifiers, key));
        self
    }

    const fn group(mut self) -> Self {
        self.starts_group = true;
        self
    }

    fn of(self, area: Area, command: AppCommand) -> CommandInfo {
        let Self { name, tooltip, shortcut, icon, starts_group } = self;
        CommandInfo { command, area, name, tooltip, shortcut, icon, starts_group }
    }
}

impl AppCommand {
    /// Name, tooltip, key and icon, if it is a command that a person picks by name.
    pub fn info(&self) -> Option<&'static CommandInfo> {
        let has_row = match self {
            Self::File(command) => command.has_row(),
            Self::Edit(command) => command.has_row(),
            Self::View(command) => command.has_row(),
            Self::Run(command) => command.has_row(),
            Self::Help(command) => command.has_row(),
        };
        COMMANDS.iter().find(|info| has_row && info.command == *self)
    }
}

/// The speeds that have names, for where there is no room for the dial.
const SLOW: Speed = Speed::DeliveriesPerSecond(1.0);
const WALK: Speed = Speed::DeliveriesPerSecond(10.0);
const BRISK: Speed = Speed::DeliveriesPerSecond(100.0);

const PLAIN: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// The keys of the tabs of the dock; later tabs have none.
const TAB_KEYS: [Key; 5] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];

fn tab_row(tab: DockTab) -> Row {
    let mut row = row(tab.title(), tab.tooltip(), tab.icon());
    row.starts_group = Some(&tab) == DockTab::ALL.first();
    match DockTab::ALL.iter().zip(TAB_KEYS).find(|(other, _)| **other == tab) {
        Some((_, key)) => row.key(CTRL_SHIFT, key),
        None => row,
    }
}

/// Makes [`COMMANDS`] out of the rows. Every variant of every area has a row or stands behind `_`; the compiler names one
/// that is missing. `for` makes a row of each item.
macro_rules! table {
    ($($area:ident: $commands:ident {
        $($name:ident $(($value:expr))? $(for $item:ident in $items:expr)? => $row:expr,)*
        $(_: $($other:ident),* $(,)?)?
    })*) => {
        /// Every command that a person picks by name, in menu order.
        pub static COMMANDS: LazyLock<Vec<CommandInfo>> = LazyLock::new(|| {
            let mut commands = Vec::new();
            $($($(for $item in $items)? {
                commands.push($row.of(Area::$area, AppCommand::$area($commands::$name $(($value))?)));
            })*)*
            commands
        });

        $(impl $commands {
            /// Whether the table has a row for commands of this kind.
            #[allow(unreachable_patterns, reason = "one kind of command may have several rows")]
            pub const fn has_row(&self) -> bool {
                match self {
                    $(Self::$name { .. } => true,)*
                    $($(Self::$other { .. } => false,)*)?
                }
            }
        })*
    };
}

table! {
    File: FileCommand {
        New => row("New project", "Starts an empty project", Icon::File).key(CTRL, Key::N),
        Open => row("Open…", "Opens a project file", Icon::Folder).key(CTRL, Key::O),
        Save => row("Save", "Saves the project", Icon::Save).key(CTRL, Key::S).group(),
        SaveAs => row("Save as…", "Saves the project under another name", Icon::Save).key(CTRL_SHIFT, Key::S),
        Quit => row("Quit", "Closes the window", Icon::Blank).key(CTRL, Key::Q).group(),
        _: OpenPath, OpenExample, ClearRecent,
    }
    Edit: EditAction {
        Undo => row("Undo", "Takes the last change back", Icon::Undo).key(CTRL, Key::Z),
        Redo => row("Redo", "Makes the change again", Icon::Redo).key(CTRL_SHIFT, Key::Z),
        Cut => row("Cut", "Copies the selected components and removes them", Icon::Blank).key(CTRL, Key::X).group(),
        Copy => row("Copy", "Copies the selected components", Icon::Copy).key(CTRL, Key::C),
        Paste => row("Paste", "Adds the copied components", Icon::Blank).key(CTRL, Key::V),
        Duplicate => row("Duplicate", "Makes the selected components twice", Icon::Copy).key(CTRL, Key::D),
        Delete => row("Delete", "Removes what is selected", Icon::Cross).key(PLAIN, Key::Delete),
        SelectAll => row("Select all", "Selects every component in view of this scope", Icon::Blank)
            .key(CTRL, Key::A).group(),
        SelectNone => row("Select none", "Selects nothing", Icon::Blank).key(CTRL_SHIFT, Key::A),
        AddComponent => row("Add component…", "Searches for a component and adds it", Icon::Plus)
            .key(CTRL, Key::Space).group(),
        Rename => row("Rename…", "Gives the selected component another name; links follow", Icon::Blank)
            .key(PLAIN, Key::F2),
        Group => row("Group", "Puts the selected components into one composite", Icon::Frame).key(CTRL, Key::G),
        Ungroup => row("Ungroup", "Puts what is in a composite in its place", Icon::Blank).key(CTRL_SHIFT, Key::G),
        FrameSelection => row("Frame", "Draws a titled frame around the selection", Icon::Frame)
            .key(CTRL_SHIFT, Key::F),
        Arrange => row("Arrange", "Places the components in columns along their links", Icon::Fit)
            .key(CTRL_SHIFT, Key::L),
        _: Apply, PasteText, AddNode, OpenSearchAt,
    }
    View: ViewCommand {
        CommandPalette => row("Commands…", "Runs any command by typing its name", Icon::Search).key(CTRL, Key::K),
        FindInPalette => row("Find a component…", "Goes to the filter of the palette", Icon::Search).key(CTRL, Key::F),
        ZoomIn => row("Zoom in", "Makes everything larger", Icon::Plus).key(CTRL, Key::Plus).group(),
        ZoomOut => row("Zoom out", "Makes everything smaller", Icon::Minus).key(CTRL, Key::Minus),
        ZoomReset => row("Zoom to 100 %", "Shows everything in its own size", Icon::Blank).key(CTRL, Key::Num0),
        ZoomToFit => row("Zoom to fit", "Brings the whole graph into view", Icon::Fit).key(CTRL, Key::Num1),
        ZoomToSelection => row("Zoom to selection", "Brings the selection into view", Icon::Fit).key(CTRL, Key::Num2),
        LeaveScope => row("Leave composite", "Goes to the graph around this one", Icon::Undo).key(CTRL, Key::ArrowUp),
        TogglePalette => row("Palette", "Shows or hides the palette", Icon::PanelLeft).key(CTRL, Key::B).group(),
        ToggleInspector => row("Inspector", "Shows or hides the inspector", Icon::PanelRight).key(CTRL, Key::I),
        ToggleDock => row("Panel below", "Shows or hides the panel below", Icon::PanelBottom).key(CTRL, Key::J),
        ToggleOutline => row("Outline", "Shows all components as a tree", Icon::Outline).key(CTRL_SHIFT, Key::O),
        ToggleStage => row("Stage", "Shows what components show, large", Icon::Stage).key(PLAIN, Key::F9),
        ToggleMinimap => row("Overview", "Shows or hides the overview in the corner", Icon::Blank),
        ShowTab(tab) for tab in DockTab::ALL => tab_row(tab),
        Settings => row("Settings…", "Colours and size of text", Icon::Settings).key(CTRL, Key::Comma).group(),
        _: SelectNodes, SelectWire, GoTo, EnterScope, SetScope, FoldCategory, ShowOnStage, AskMessage, CloseNotice,
            SetTheme, SetTextScale,
    }
    Run: RunCommand {
        Run => row("Run", "Starts the system, or lets it go on", Icon::Play).key(PLAIN, Key::F5),
        Pause => row("Pause", "Stops every component where it is; again to go on", Icon::Pause).key(PLAIN, Key::F6),
        Stop => row("Stop", "Asks every component to shut down", Icon::Stop).key(SHIFT, Key::F5),
        Restart => row("Run again", "Stops and starts from the beginning", Icon::Restart).key(CTRL_SHIFT, Key::F5),
        StepDelivery => row("Step one delivery", "One message moves", Icon::Step).key(PLAIN, Key::F10).group(),
        StepTurn => row("Step one turn", "One component has one turn", Icon::Step).key(PLAIN, Key::F11),
        StepPass => row("Step one pass", "Every ready component has one turn", Icon::Step).key(SHIFT, Key::F11),
        SetSpeed(SLOW) => row("1 delivery a second", "Turns the dial to where one sees all", Icon::Blank).group(),
        SetSpeed(WALK) => row("10 deliveries a second", "Turns the dial to a walk", Icon::Blank),
        SetSpeed(BRISK) => row("100 deliveries a second", "Turns the dial to a brisk pace", Icon::Blank),
        FullSpeed => row("Full speed", "Turns the dial to as fast as it can", Icon::Blank),
        ClearConsole => row("Clear console", "Empties the console", Icon::Blank).group(),
        _: RestartComponent, PauseComponent, SendMessage, SurfaceEvent,
    }
    Help: HelpCommand {
        Shortcuts => row("Keys", "Lists every key", Icon::Info).key(PLAIN, Key::F1),
        About => row("About", "Says what this is", Icon::Info),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_name_or_a_key() {
        for (index, one) in COMMANDS.iter().enumerate() {
            for other in &COMMANDS[index + 1..] {
                assert_ne!(one.name, other.name);
                assert_ne!(one.command, other.command);
                assert!(one.shortcut.is_none() || one.shortcut != other.shortcut, "{} and {}", one.name, other.name);
            }
        }
    }

    #[test]
    fn every_command_says_what_it_does() {
        for info in COMMANDS.iter() {
            let begins_well = |letter: char| letter.is_uppercase() || letter.is_ascii_digit();
            assert!(!info.tooltip.is_empty() && info.name.chars().next().is_some_and(begins_well), "{info:?}");
        }
    }

    #[test]
    fn every_row_is_found_by_its_command() {
        for info in COMMANDS.iter() {
            assert_eq!(info.command.info().map(|found| found.name), Some(info.name));
        }
    }
}
