//! Route: passes each command to the handler of its area.

use super::target::Target;
use super::{edit, file, help, run, view};
use crate::command::AppCommand;

/// Carries out one command.
pub fn carry_out_one(target: &mut Target<'_>, command: AppCommand) {
    match command {
        AppCommand::File(command) => file::file(target, command),
        AppCommand::Edit(action) => edit::edit(target, action),
        AppCommand::View(command) => view::view(target, command),
        AppCommand::Run(command) => run::run(target, command),
        AppCommand::Help(command) => help::help(target, command),
    }
}
