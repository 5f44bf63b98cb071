//! The one list of commands a person picks by name: it feeds menus, tool bar, command palette and key bindings.

use compose_runtime::command::Speed;
use egui::{Key, KeyboardShortcut, Modifiers};

use super::{AppCommand, DockTab};
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

impl CommandInfo {
    const fn new(area: Area, command: AppCommand, name: &'static str, tooltip: &'static str, icon: Icon) -> Self {
        Self { command, area, name, tooltip, shortcut: None, icon, starts_group: false }
    }

    const fn key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.shortcut = Some(KeyboardShortcut::new(modifiers, key));
        self
    }

    const fn group(mut self) -> Self {
        self.starts_group = true;
        self
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

use AppCommand as C;
use Area::{Edit, File, Help, Run, View};

/// Every command a person picks by name, in menu order.
pub static COMMANDS: &[CommandInfo] = &[
    CommandInfo::new(File, C::New, "New project", "Starts an empty project", Icon::File).key(CTRL, Key::N),
    CommandInfo::new(File, C::Open, "Open…", "Opens a project file", Icon::Folder).key(CTRL, Key::O),
    CommandInfo::new(File, C::Save, "Save", "Saves the project", Icon::Save).key(CTRL, Key::S).group(),
    CommandInfo::new(File, C::SaveAs, "Save as…", "Saves the project under another name", Icon::Save)
        .key(CTRL_SHIFT, Key::S),
    CommandInfo::new(File, C::Quit, "Quit", "Closes the window", Icon::Blank).key(CTRL, Key::Q).group(),
    CommandInfo::new(Edit, C::Undo, "Undo", "Takes the last change back", Icon::Undo).key(CTRL, Key::Z),
    CommandInfo::new(Edit, C::Redo, "Redo", "Makes the change again", Icon::Redo).key(CTRL_SHIFT, Key::Z),
    CommandInfo::new(Edit, C::Cut, "Cut", "Copies the selected components and removes them", Icon::Blank)
        .key(CTRL, Key::X)
        .group(),
    CommandInfo::new(Edit, C::Copy, "Copy", "Copies the selected components", Icon::Copy).key(CTRL, Key::C),
    CommandInfo::new(Edit, C::Paste, "Paste", "Adds the copied components", Icon::Blank).key(CTRL, Key::V),
    CommandInfo::new(Edit, C::Duplicate, "Duplicate", "Makes the selected components twice", Icon::Copy)
        .key(CTRL, Key::D),
    CommandInfo::new(Edit, C::Delete, "Delete", "Removes what is selected", Icon::Cross).key(PLAIN, Key::Delete),
    CommandInfo::new(Edit, C::SelectAll, "Select all", "Selects every component in view of this scope", Icon::Blank)
        .key(CTRL, Key::A)
        .group(),
    CommandInfo::new(Edit, C::SelectNone, "Select none", "Selects nothing", Icon::Blank).key(CTRL_SHIFT, Key::A),
    CommandInfo::new(Edit, C::AddComponent, "Add component…", "Searches for a component and adds it", Icon::Plus)
        .key(CTRL, Key::Space)
        .group(),
    CommandInfo::new(
        Edit,
        C::Rename,
        "Rename…",
        "Gives the selected component another name; links follow",
        Icon::Blank,
    )
    .key(PLAIN, Key::F2),
    CommandInfo::new(Edit, C::Group, "Group", "Puts the selected components into one composite", Icon::Frame)
        .key(CTRL, Key::G),
    CommandInfo::new(Edit, C::Ungroup, "Ungroup", "Puts what is in a composite in its place", Icon::Blank)
        .key(CTRL_SHIFT, Key::G),
    CommandInfo::new(Edit, C::FrameSelection, "Frame", "Draws a titled frame around the selection", Icon::Frame)
        .key(CTRL_SHIFT, Key::F),
    CommandInfo::new(Edit, C::Arrange, "Arrange", "Places the components in columns along their links", Icon::Fit)
        .key(CTRL_SHIFT, Key::L),
    CommandInfo::new(View, C::CommandPalette, "Commands…", "Runs any command by typing its name", Icon::Search)
        .key(CTRL, Key::K),
    CommandInfo::new(View, C::FindInPalette, "Find a component…", "Goes to the filter of the palette", Icon::Search)
        .key(CTRL, Key::F),
    CommandInfo::new(View, C::ZoomIn, "Zoom in", "Makes everything larger", Icon::Plus).key(CTRL, Key::Plus).group(),
    CommandInfo::new(View, C::ZoomOut, "Zoom out", "Makes everything smaller", Icon::Minus).key(CTRL, Key::Minus),
    CommandInfo::new(View, C::ZoomReset, "Zoom to 100 %", "Shows everything in its own size", Icon::Blank)
        .key(CTRL, Key::Num0),
    CommandInfo::new(View, C::ZoomToFit, "Zoom to fit", "Brings the whole graph into view", Icon::Fit)
        .key(CTRL, Key::Num1),
    CommandInfo::new(View, C::ZoomToSelection, "Zoom to selection", "Brings the selection into view", Icon::Fit)
        .key(CTRL, Key::Num2),
    CommandInfo::new(View, C::LeaveScope, "Leave composite", "Goes to the graph around this one", Icon::Undo)
        .key(CTRL, Key::ArrowUp),
    CommandInfo::new(View, C::TogglePalette, "Palette", "Shows or hides the palette", Icon::PanelLeft)
        .key(CTRL, Key::B)
        .group(),
    CommandInfo::new(View, C::ToggleInspector, "Inspector", "Shows or hides the inspector", Icon::PanelRight)
        .key(CTRL, Key::I),
    CommandInfo::new(View, C::ToggleDock, "Panel below", "Shows or hides the panel below", Icon::PanelBottom)
        .key(CTRL, Key::J),
    CommandInfo::new(View, C::ToggleOutline, "Outline", "Shows all components as a tree", Icon::Outline)
        .key(CTRL_SHIFT, Key::O),
    CommandInfo::new(View, C::ToggleStage, "Stage", "Shows what components show, large", Icon::Stage)
        .key(PLAIN, Key::F9),
    CommandInfo::new(View, C::ToggleMinimap, "Overview", "Shows or hides the overview in the corner", Icon::Blank),
    CommandInfo::new(View, C::ShowTab(DockTab::Console), "Console", "Shows the console", Icon::Blank)
        .key(CTRL_SHIFT, Key::Num1)
        .group(),
    CommandInfo::new(View, C::ShowTab(DockTab::Problems), "Problems", "Shows what is wrong, and where", Icon::Warning)
        .key(CTRL_SHIFT, Key::Num2),
    CommandInfo::new(View, C::ShowTab(DockTab::Messages), "Messages", "Shows the messages of a link", Icon::Message)
        .key(CTRL_SHIFT, Key::Num3),
    CommandInfo::new(
        View,
        C::ShowTab(DockTab::Components),
        "Components",
        "Shows all components in a table",
        Icon::Blank,
    )
    .key(CTRL_SHIFT, Key::Num4),
    CommandInfo::new(View, C::ShowTab(DockTab::Time), "Time", "Shows who worked and who waited", Icon::Blank)
        .key(CTRL_SHIFT, Key::Num5),
    CommandInfo::new(View, C::Settings, "Settings…", "Colours and size of text", Icon::Settings)
        .key(CTRL, Key::Comma)
        .group(),
    CommandInfo::new(Run, C::Run, "Run", "Starts the system, or lets it go on", Icon::Play).key(PLAIN, Key::F5),
    CommandInfo::new(Run, C::Pause, "Pause", "Stops every component where it is; again to go on", Icon::Pause)
        .key(PLAIN, Key::F6),
    CommandInfo::new(Run, C::Stop, "Stop", "Asks every component to shut down", Icon::Stop).key(SHIFT, Key::F5),
    CommandInfo::new(Run, C::RestartRun, "Run again", "Stops and starts from the beginning", Icon::Restart)
        .key(CTRL_SHIFT, Key::F5),
    CommandInfo::new(Run, C::StepDelivery, "Step one delivery", "One message moves", Icon::Step)
        .key(PLAIN, Key::F10)
        .group(),
    CommandInfo::new(Run, C::StepTurn, "Step one turn", "One component has one turn", Icon::Step).key(PLAIN, Key::F11),
    CommandInfo::new(Run, C::StepPass, "Step one pass", "Every ready component has one turn", Icon::Step)
        .key(SHIFT, Key::F11),
    CommandInfo::new(
        Run,
        C::SetSpeed(SLOW),
        "1 delivery a second",
        "Turns the dial to where one sees all",
        Icon::Blank,
    )
    .group(),
    CommandInfo::new(Run, C::SetSpeed(WALK), "10 deliveries a second", "Turns the dial to a walk", Icon::Blank),
    CommandInfo::new(Run, C::SetSpeed(BRISK), "100 deliveries a second", "Turns the dial to a brisk pace", Icon::Blank),
    CommandInfo::new(Run, C::FullSpeed, "Full speed", "Turns the dial to as fast as it can", Icon::Blank),
    CommandInfo::new(Run, C::ClearConsole, "Clear console", "Empties the console", Icon::Blank).group(),
    CommandInfo::new(Help, C::Shortcuts, "Keys", "Lists every key", Icon::Info).key(PLAIN, Key::F1),
    CommandInfo::new(Help, C::About, "About", "Says what this is", Icon::Info),
];

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
        for info in COMMANDS {
            let begins_well = |letter: char| letter.is_uppercase() || letter.is_ascii_digit();
            assert!(!info.tooltip.is_empty() && info.name.chars().next().is_some_and(begins_well), "{info:?}");
        }
    }
}
