//! CommandQueue: the commands that drawing code asks for. `dispatch` carries them out after drawing.

use super::tree::{AppCommand, EditAction};
use crate::document::EditCommand;

/// What drawing code asks for, in order.
#[derive(Debug, Default)]
pub struct CommandQueue {
    commands: Vec<AppCommand>,
}

impl CommandQueue {
    /// Asks for something.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.commands.push(command.into());
    }

    /// Asks for an undoable change.
    pub fn edit(&mut self, edit: EditCommand) {
        self.push(EditAction::Apply(edit));
    }

    /// Takes everything out.
    pub fn take(&mut self) -> Vec<AppCommand> {
        std::mem::take(&mut self.commands)
    }

    /// What waits, in order.
    pub fn iter(&self) -> impl Iterator<Item = &AppCommand> {
        self.commands.iter()
    }
}
