//! Dispatch: the end of a frame. Carries out what drawing asked for; only this folder changes document, project and live.

mod decide;
mod edit;
pub mod file;
mod help;
pub mod portal;
pub mod run;
mod view;

use egui::Context;

use crate::app::App;
use crate::command::AppCommand;

/// Carries out every command that waits, then what was decided in a dialog.
pub fn carry_out(app: &mut App, ctx: &Context) {
    let commands = app.commands.take();
    // What was drawn in this frame was drawn before the commands: without another frame it would stay on the screen.
    if !commands.is_empty() {
        ctx.request_repaint();
    }
    for command in commands {
        do_one(app, ctx, command);
    }
    decide::decide(app, ctx);
}

/// Makes the running system equal to the document, and taps the link that is looked at.
pub fn sync(app: &mut App, ctx: &Context) {
    run::sync(app, ctx);
}

/// Carries out one command.
pub(crate) fn do_one(app: &mut App, ctx: &Context, command: AppCommand) {
    match command {
        AppCommand::File(command) => file::file(app, ctx, command),
        AppCommand::Edit(action) => edit::edit(app, ctx, action),
        AppCommand::View(command) => view::view(app, ctx, command),
        AppCommand::Run(command) => run::run(app, ctx, command),
        AppCommand::Help(command) => help::help(app, command),
    }
}
