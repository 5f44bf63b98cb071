//! The parts of a row of the table that depend on the state of the window: when the command is possible, which setting
//! its menu entry shows, and how its name changes. `panels/command_state` compares them with the state.

use compose_runtime::command::Speed;

use super::dock_tab::DockTab;

/// The condition under which a command has an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The command is always possible.
    Nothing,
    /// There is an edit to undo.
    EditToUndo,
    /// There is an edit to redo.
    EditToRedo,
    /// At least one component is selected.
    SelectedNodes,
    /// Anything is selected.
    Selection,
    /// Exactly one component and nothing else is selected.
    OneNode,
    /// Exactly one composite and nothing else is selected.
    OneComposite,
    /// A composite is open.
    OpenComposite,
    /// There is unsaved work of a window that has closed.
    Recovery,
    /// The system is stopped, paused or has ended.
    NothingRunning,
    /// The system is running or paused, or has ended.
    System,
    /// The system is running or paused, and has not ended.
    LivingSystem,
}

/// A setting that the menu entry of a command shows as selected or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shows {
    /// The entry shows no setting.
    Nothing,
    /// Whether the palette is open.
    Palette,
    /// Whether the inspector is open.
    Inspector,
    /// Whether the panel below is open.
    Dock,
    /// Whether the outline is open.
    Outline,
    /// Whether the stage is open.
    Stage,
    /// Whether the overview is shown.
    Minimap,
    /// Whether this tab is visible.
    Tab(DockTab),
    /// Whether this is the current speed.
    Speed(Speed),
}

/// How the name of a command follows the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The name is always the one in the table.
    Fixed,
    /// The name includes the edit that would be undone.
    EditToUndo,
    /// The name includes the edit that would be redone.
    EditToRedo,
    /// While the system is paused, the name is `Resume`.
    PauseOrResume,
}
