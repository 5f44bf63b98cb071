//! Help: the list of keys, and what this is.

use crate::app::App;
use crate::command::HelpCommand;
use crate::panels::dialogs::Dialog;

/// Carries out one command of this area.
pub fn help(app: &mut App, command: HelpCommand) {
    app.panels.dialogs.open = match command {
        HelpCommand::Shortcuts => Dialog::Shortcuts,
        HelpCommand::About => Dialog::About,
    };
}
