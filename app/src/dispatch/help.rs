//! Commands for help: the keyboard shortcuts and information about the application.

use super::target::Target;
use crate::command::HelpCommand;
use crate::panels::dialogs::Dialog;

/// Carries out one command of this area.
pub fn help(target: &mut Target<'_>, command: HelpCommand) {
    target.view.show_dialog(match command {
        HelpCommand::Shortcuts => Dialog::Shortcuts,
        HelpCommand::About => Dialog::About,
    });
}
