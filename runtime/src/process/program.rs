//! Program: the constants that parent and child share, and the command that starts a child.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// How many messages can be on their way to one inbox, or from all outboxes, before the sender waits. Messages in the boxes
/// on both sides are not counted.
pub const WINDOW: usize = 64;

/// The environment variable that specifies how a child connects to its parent.
pub(super) const VARIABLE: &str = "COMPOSE_PROCESS";

/// Whether this process is a child.
pub(super) static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// The program that runs as a child, and its arguments.
pub(super) static COMMAND: OnceLock<(PathBuf, Vec<String>)> = OnceLock::new();

/// Sets the program that runs as a child; by default it is this program without arguments. Only the first call has an effect;
/// returns whether this was the first call.
pub fn set_child_command(program: PathBuf, arguments: Vec<String>) -> bool {
    COMMAND.set((program, arguments)).is_ok()
}
