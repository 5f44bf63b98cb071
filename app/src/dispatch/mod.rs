//! Dispatch: carries out the queued commands at the end of a frame. Only this folder changes the workspace.

mod decide;
mod edit;
pub mod file;
mod help;
mod route;
mod run;
pub mod target;
mod view;

pub use target::Target;

/// Carries out all queued commands, then the decision of a dialog.
pub fn carry_out(target: &mut Target<'_>) {
    let commands = target.view.take_commands();
    // This frame was drawn before the commands, so another frame must show their effects.
    if !commands.is_empty() {
        target.ctx.request_repaint();
    }
    for command in commands {
        route::carry_out_one(target, command);
    }
    decide::decide(target);
}
