//! The table of named commands, used by menus, tool bar, command palette and key bindings.

use std::sync::LazyLock;

use compose_runtime::command::Speed;
use egui::{Key, KeyboardShortcut, Modifiers};

use super::dock_tab::DockTab;
use super::row_state::{Naming, Needs, Shows};
use super::tree::{AppCommand, EditAction, FileCommand, HelpCommand, RunCommand, ViewCommand};
use crate::theme::icons::Icon;

/// The menu of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Commands for projects.
    File,
    /// Commands for the document.
    Edit,
    /// Commands for the view.
    View,
    /// Commands for the running system.
    Run,
    /// Commands for help.
    Help,
}

impl Area {
    /// All menus, in order.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Run, Self::Help];

    /// The title in the menu bar.
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

/// The presentation of a command in the user interface.
#[derive(Debug)]
pub struct CommandInfo {
    /// The command.
    pub command: AppCommand,
    /// Its menu.
    pub area: Area,
    /// Its name. It ends in `…` if the command asks for more input.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub tooltip: &'static str,
    /// Its key.
    pub shortcut: Option<KeyboardShortcut>,
    /// Its icon.
    pub icon: Icon,
    /// Whether the menu has a separator above it.
    pub starts_group: bool,
    /// When the command is possible.
    pub needs: Needs,
    /// The setting that its menu entry shows.
    pub shows: Shows,
    /// How its name follows the state of the window.
    pub naming: Naming,
}

/// One row of the table, without its command.
struct Row {
    name: &'static str,
    tooltip: &'static str,
    shortcut: Option<KeyboardShortcut>,
    icon: Icon,
    starts_group: bool,
    needs: Needs,
    shows: Shows,
    naming: Naming,
}

const fn row(name: &'static str, tooltip: &'static str, icon: Icon) -> Row {
    Row {
        name,
        tooltip,
        shortcut: None,
        icon,
        starts_group: false,
        needs: Needs::Nothing,
        shows: Shows::Nothing,
        naming: Naming::Fixed,
    }
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

    /// Sets when the command is possible; without this, it always is.
    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    const fn shows(mut self, shows: Shows) -> Self {
        self.shows = shows;
        self
    }

    const fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    fn of(self, area: Area, command: AppCommand) -> CommandInfo {
        let Self { name, tooltip, shortcut, icon, starts_group, needs, shows, naming } = self;
        CommandInfo { command, area, name, tooltip, shortcut, icon, starts_group, needs, shows, naming }
    }
}

impl AppCommand {
    /// The row of the command; `None` if the table has none.
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

/// The speeds in the menus.
const SPEED_1: Speed = Speed::DeliveriesPerSecond(1.0);
const SPEED_10: Speed = Speed::DeliveriesPerSecond(10.0);
const SPEED_100: Speed = Speed::DeliveriesPerSecond(100.0);

const PLAIN: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// The keys of the tabs of the dock; later tabs have none.
const TAB_KEYS: [Key; 5] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];

fn tab_row(tab: DockTab) -> Row {
    let mut row = row(tab.title(), tab.tooltip(), tab.icon()).shows(Shows::Tab(tab));
    row.starts_group = Some(&tab) == DockTab::ALL.first();
    match DockTab::ALL.iter().zip(TAB_KEYS).find(|(other, _)| **other == tab) {
        Some((_, key)) => row.key(CTRL_SHIFT, key),
        None => row,
    }
}

/// Builds [`COMMANDS`] from the rows. Each variant of each area has a row or is listed after `_`; the compiler reports
/// missing variants. `for` makes one row for each item.
macro_rules! table {
    ($($area:ident: $commands:ident {
        $($name:ident $(($value:expr))? $(for $item:ident in $items:expr)? => $row:expr,)*
        $(_: $($other:ident),* $(,)?)?
    })*) => {
        /// All named commands, in menu order.
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
        New => row("New project", "Creates an empty project", Icon::File).key(CTRL, Key::N),
        Open => row("Open…", "Opens a project file", Icon::Folder).key(CTRL, Key::O),
        Save => row("Save", "Saves the project", Icon::Save).key(CTRL, Key::S).group(),
        SaveAs => row("Save as…", "Saves the project under another name", Icon::Save).key(CTRL_SHIFT, Key::S),
        ShowRecoveries => row("Recover unsaved work…", "Lists work that was not saved before its window closed", Icon::Undo)
            .group().needs(Needs::Recovery),
        Quit => row("Quit", "Closes the window", Icon::Blank).key(CTRL, Key::Q).group(),
        _: OpenPath, OpenExample, ClearRecent, Recover, DiscardRecovery,
    }
    Edit: EditAction {
        Undo => row("Undo", "Undoes the last change", Icon::Undo).key(CTRL, Key::Z)
            .needs(Needs::EditToUndo).naming(Naming::EditToUndo),
        Redo => row("Redo", "Redoes the change that was undone last", Icon::Redo).key(CTRL_SHIFT, Key::Z)
            .needs(Needs::EditToRedo).naming(Naming::EditToRedo),
        Cut => row("Cut", "Copies the selected components and removes them", Icon::Blank).key(CTRL, Key::X).group()
            .needs(Needs::SelectedNodes),
        Copy => row("Copy", "Copies the selected components", Icon::Copy).key(CTRL, Key::C).needs(Needs::SelectedNodes),
        Paste => row("Paste", "Adds the copied components", Icon::Blank).key(CTRL, Key::V),
        Duplicate => row("Duplicate", "Duplicates the selected components", Icon::Copy).key(CTRL, Key::D)
            .needs(Needs::SelectedNodes),
        Delete => row("Delete", "Removes the selection", Icon::Cross).key(PLAIN, Key::Delete).needs(Needs::Selection),
        SelectAll => row("Select all", "Selects all components of this graph", Icon::Blank)
            .key(CTRL, Key::A).group(),
        SelectNone => row("Select none", "Clears the selection", Icon::Blank).key(CTRL_SHIFT, Key::A),
        AddComponent => row("Add component…", "Searches for a component and adds it", Icon::Plus)
            .key(CTRL, Key::Space).group(),
        Rename => row("Rename…", "Renames the selected component; links keep working", Icon::Blank)
            .key(PLAIN, Key::F2).needs(Needs::OneNode),
        Group => row("Group", "Puts the selected components into a composite", Icon::Frame).key(CTRL, Key::G)
            .needs(Needs::SelectedNodes),
        Ungroup => row("Ungroup", "Replaces the composite by its members", Icon::Blank).key(CTRL_SHIFT, Key::G)
            .needs(Needs::OneComposite),
        FrameSelection => row("Frame", "Draws a titled frame around the selection", Icon::Frame)
            .key(CTRL_SHIFT, Key::F).needs(Needs::SelectedNodes),
        Arrange => row("Arrange", "Arranges the components in columns along their links", Icon::Fit)
            .key(CTRL_SHIFT, Key::L),
        _: Apply, PasteText, AddNode, OpenSearchAt,
    }
    View: ViewCommand {
        CommandPalette => row("Commands…", "Finds and runs a command by its name", Icon::Search).key(CTRL, Key::K),
        FindInPalette => row("Find a component…", "Moves to the filter of the palette", Icon::Search).key(CTRL, Key::F),
        ZoomIn => row("Zoom in", "Makes everything larger", Icon::Plus).key(CTRL, Key::Plus).group(),
        ZoomOut => row("Zoom out", "Makes everything smaller", Icon::Minus).key(CTRL, Key::Minus),
        ZoomReset => row("Zoom to 100 %", "Resets the zoom to 100 %", Icon::Blank).key(CTRL, Key::Num0),
        ZoomToFit => row("Zoom to fit", "Brings the whole graph into view", Icon::Fit).key(CTRL, Key::Num1),
        ZoomToSelection => row("Zoom to selection", "Brings the selection into view", Icon::Fit).key(CTRL, Key::Num2)
            .needs(Needs::Selection),
        LeaveScope => row("Leave composite", "Goes to the surrounding graph", Icon::Undo).key(CTRL, Key::ArrowUp)
            .needs(Needs::OpenComposite),
        TogglePalette => row("Palette", "Shows or hides the palette", Icon::PanelLeft).key(CTRL, Key::B).group()
            .shows(Shows::Palette),
        ToggleInspector => row("Inspector", "Shows or hides the inspector", Icon::PanelRight).key(CTRL, Key::I)
            .shows(Shows::Inspector),
        ToggleDock => row("Panel below", "Shows or hides the panel below", Icon::PanelBottom).key(CTRL, Key::J)
            .shows(Shows::Dock),
        ToggleOutline => row("Outline", "Shows all components as a tree", Icon::Outline).key(CTRL_SHIFT, Key::O)
            .shows(Shows::Outline),
        ToggleStage => row("Stage", "Shows the surfaces of components enlarged", Icon::Stage).key(PLAIN, Key::F9)
            .shows(Shows::Stage),
        ToggleMinimap => row("Overview", "Shows or hides the overview in the corner", Icon::Blank)
            .shows(Shows::Minimap),
        ShowTab(tab) for tab in DockTab::ALL => tab_row(tab),
        Settings => row("Settings…", "Changes the colours and the scale", Icon::Settings).key(CTRL, Key::Comma).group(),
        _: SelectNodes, SelectWire, GoTo, EnterScope, SetScope, FoldCategory, ShowOnStage, AskMessage, CloseNotice,
            SetTheme, SetTextScale,
    }
    Run: RunCommand {
        Run => row("Run", "Starts or resumes the system", Icon::Play).key(PLAIN, Key::F5).needs(Needs::NothingRunning),
        Pause => row("Pause", "Pauses or resumes all components", Icon::Pause).key(PLAIN, Key::F6)
            .needs(Needs::LivingSystem).naming(Naming::PauseOrResume),
        Stop => row("Stop", "Asks all components to shut down", Icon::Stop).key(SHIFT, Key::F5).needs(Needs::System),
        Restart => row("Run again", "Stops the system and starts it again", Icon::Restart).key(CTRL_SHIFT, Key::F5)
            .needs(Needs::System),
        StepDelivery => row("Step one delivery", "Delivers one message", Icon::Step).key(PLAIN, Key::F10).group(),
        StepTurn => row("Step one turn", "Gives one component a turn", Icon::Step).key(PLAIN, Key::F11),
        StepPass => row("Step one pass", "Gives every ready component a turn", Icon::Step).key(SHIFT, Key::F11),
        SetSpeed(SPEED_1) => row("1 delivery per second", "Limits the speed to this rate", Icon::Blank).group()
            .shows(Shows::Speed(SPEED_1)),
        SetSpeed(SPEED_10) => row("10 deliveries per second", "Limits the speed to this rate", Icon::Blank)
            .shows(Shows::Speed(SPEED_10)),
        SetSpeed(SPEED_100) => row("100 deliveries per second", "Limits the speed to this rate", Icon::Blank)
            .shows(Shows::Speed(SPEED_100)),
        FullSpeed => row("Full speed", "Removes the speed limit", Icon::Blank).shows(Shows::Speed(Speed::Full)),
        ClearConsole => row("Clear console", "Clears the console", Icon::Blank).group(),
        _: RestartComponent, PauseComponent, SendMessage, SurfaceEvent,
    }
    Help: HelpCommand {
        Shortcuts => row("Keys", "Lists the keyboard shortcuts", Icon::Info).key(PLAIN, Key::F1),
        About => row("About", "Shows information about the application", Icon::Info),
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
    fn every_command_has_a_name_and_a_tooltip() {
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
