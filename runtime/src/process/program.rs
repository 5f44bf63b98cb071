//! What parent and child processes agree on, and which program children run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// How many messages are on their way to one inbox, or from all outboxes, before the sender waits; those in the boxes
/// on both sides come on top.
pub const WINDOW: usize = 64;

/// How a child finds its parent.
pub(super) const VARIABLE: &str = "COMPOSE_PROCESS";

/// This process is a child.
pub(super) static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// The program that children run, and its arguments.
pub(super) static COMMAND: OnceLock<(PathBuf, Vec<String>)> = OnceLock::new();

/// Says what children run, if not this very program without arguments. The first call counts; gives whether it was this.
pub fn set_child_command(program: PathBuf, arguments: Vec<String>) -> bool {
    COMMAND.set((program, arguments)).is_ok()
}
