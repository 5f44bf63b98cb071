//! Commands: everything a person can ask the window to do, and the queue in which drawing code asks for it.
//!
//! What draws never changes anything: it pushes commands, and `dispatch` carries them out after drawing. `tree` has one
//! enum for each area, `table` says how commands look in menus, in the tool bar, in the command palette and on keys.
//! To add a command, write its variant in `tree`. The compiler then names its row in `table` and its handler in
//! `dispatch`.

pub mod dock_tab;
pub mod queue;
pub mod table;
pub mod tree;

pub use dock_tab::DockTab;
pub use queue::CommandQueue;
pub use table::{Area, COMMANDS, CommandInfo};
pub use tree::{AppCommand, EditAction, FileCommand, HelpCommand, RunCommand, ViewCommand};
