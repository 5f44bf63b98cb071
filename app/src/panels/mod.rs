//! The panels around the canvas, one a file, all of the shape `*_ui(ui, &View, &mut State, &mut CommandQueue)`.
//!
//! They read, draw and ask; nothing here changes the document, talks to the runtime or touches the disk.

pub mod breadcrumbs;
pub mod command_palette;
pub mod components;
pub mod console;
pub mod dialogs;
pub mod dock;
pub mod file_dialog;
pub mod inspector;
pub mod markdown;
pub mod menu_bar;
pub mod messages;
pub mod notices;
pub mod number_text;
pub mod outline;
pub mod palette;
pub mod param_draft;
pub mod param_editor;
pub mod problems;
pub mod settings;
pub mod stage;
pub mod status_bar;
pub mod time;
pub mod tool_bar;
pub mod value_text;
pub mod view;
pub mod welcome;

pub use view::PanelView;

/// What the panels remember between frames. Neither saved nor undone.
#[derive(Debug, Default)]
pub struct PanelsState {
    /// The palette's filter and cursor.
    pub palette: palette::PaletteState,
    /// Drafts of the inspector.
    pub inspector: inspector::InspectorState,
    /// Lines being typed on the console.
    pub console: console::ConsoleState,
    /// Filter and hold of the message list.
    pub messages: messages::MessagesState,
    /// Order of the table.
    pub components: components::ComponentsState,
    /// The command palette, while it is open.
    pub command_palette: command_palette::CommandPaletteState,
    /// The dialog that is open.
    pub dialogs: dialogs::DialogState,
    /// What the stage shows.
    pub stage: stage::StageState,
}
