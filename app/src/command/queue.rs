//! CommandQueue: the commands queued by drawing code. `dispatch` carries them out after drawing.

use super::tree::{AppCommand, EditAction};
use crate::document::EditCommand;

/// The queued commands, in order.
#[derive(Debug, Default)]
pub struct CommandQueue {
    commands: Vec<AppCommand>,
}

impl CommandQueue {
    /// Queues a command.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.commands.push(command.into());
    }

    /// Queues an undoable edit.
    pub fn edit(&mut self, edit: EditCommand) {
        self.push(EditAction::Apply(edit));
    }

    /// Takes all commands.
    pub fn take(&mut self) -> Vec<AppCommand> {
        std::mem::take(&mut self.commands)
    }

    /// The queued commands, in order.
    pub fn iter(&self) -> impl Iterator<Item = &AppCommand> {
        self.commands.iter()
    }
}
