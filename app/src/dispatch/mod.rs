//! Dispatch: the end of a frame. Carries out what drawing asked for; only this folder changes the workspace.

mod by_area;
mod decide;
mod edit;
pub mod file;
mod help;
mod run;
pub mod target;
mod view;

pub use target::Target;

/// Carries out every command that waits, then what was decided in a dialog.
pub fn carry_out(target: &mut Target<'_>) {
    let commands = target.view.take_commands();
    // What was drawn in this frame was drawn before the commands: without another frame it would stay on the screen.
    if !commands.is_empty() {
        target.ctx.request_repaint();
    }
    for command in commands {
        by_area::carry_out_one(target, command);
    }
    decide::decide(target);
}
