//! Commands: all actions of the window, and the queue to which drawing code adds them.
//!
//! Drawing code changes nothing: it queues commands, and `dispatch` carries them out after drawing. `tree` has one enum
//! per area; `table` has the names, tooltips, keys and icons of commands for menus, tool bar, command palette and key
//! bindings. To add a command, add its variant in `tree`. The compiler then reports the missing row in `table` and the
//! missing handler in `dispatch`.

pub mod dock_tab;
pub mod queue;
pub mod row_state;
pub mod table;
pub mod tree;

pub use dock_tab::DockTab;
pub use queue::CommandQueue;
pub use row_state::{Naming, Needs, Shows};
pub use table::{Area, COMMANDS, CommandInfo};
pub use tree::{AppCommand, EditAction, FileCommand, HelpCommand, RunCommand, ViewCommand};
