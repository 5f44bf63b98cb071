//! The panels around the canvas, one per file. Each has a function `*_ui(ui, &View, &mut State, &mut CommandQueue)`.
//!
//! Panels read, draw and queue commands. They do not change the document, use the runtime or access the disk.

pub mod breadcrumbs;
pub mod command_palette;
pub mod command_state;
pub mod dialogs;
pub mod dock;
pub mod file_dialog;
pub mod inspector;
pub mod markdown;
pub mod menu_bar;
pub mod notices;
pub mod number_text;
pub mod outline;
pub mod palette;
pub mod preferences;
pub mod recover_dialog;
pub mod stage;
mod state_text;
pub mod status_bar;
pub mod tool_bar;
pub mod value_text;
pub mod view;
pub mod welcome;

pub use view::PanelView;

/// The state of the panels between frames. It is neither saved nor undone.
#[derive(Debug, Default)]
pub struct PanelsState {
    /// The palette's filter and cursor.
    pub palette: palette::PaletteState,
    /// The text being typed in the inspector.
    pub inspector: inspector::InspectorState,
    /// The lines being typed in the console.
    pub console: dock::console::ConsoleState,
    /// The filter and the held messages of the message list.
    pub messages: dock::messages::MessagesState,
    /// The sort order of the table of components.
    pub components: dock::components::ComponentsState,
    /// The command palette.
    pub command_palette: command_palette::CommandPaletteState,
    /// The open dialog.
    pub dialogs: dialogs::DialogState,
    /// The state of the stage.
    pub stage: stage::StageState,
}
