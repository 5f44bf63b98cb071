//! Dispatch: the end of a frame. Carries out what drawing asked for; only this folder changes document, project and live.

mod decide;
mod edit;
pub mod file;
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
    use AppCommand as C;
    match command {
        C::New
        | C::Open
        | C::OpenPath(_)
        | C::OpenExample(_)
        | C::Save
        | C::SaveAs
        | C::SaveTo(_)
        | C::ClearRecent
        | C::Quit => file::file(app, ctx, command),

        C::Edit(_)
        | C::Undo
        | C::Redo
        | C::Cut
        | C::Copy
        | C::Paste
        | C::PasteText(_)
        | C::Duplicate
        | C::Delete
        | C::Group
        | C::Ungroup
        | C::FrameSelection
        | C::Arrange
        | C::AddNode { .. } => edit::edit(app, ctx, command),

        C::Run
        | C::Pause
        | C::RunOrPause
        | C::Stop
        | C::RestartRun
        | C::StepDelivery
        | C::StepTurn
        | C::StepPass
        | C::SetSpeed(_)
        | C::FullSpeed
        | C::RestartComponent(_)
        | C::PauseComponent(..)
        | C::SendMessage { .. }
        | C::TapWire(..)
        | C::SurfaceEvent { .. }
        | C::Runtime(_)
        | C::ClearConsole => run::run(app, ctx, command),

        C::SelectAll
        | C::SelectNone
        | C::Rename
        | C::AddComponent
        | C::OpenSearchAt { .. }
        | C::SelectNodes(_)
        | C::SelectWire(_)
        | C::SelectFrame(_)
        | C::GoTo(_)
        | C::EnterScope(_)
        | C::SetScope(_)
        | C::LeaveScope
        | C::ZoomIn
        | C::ZoomOut
        | C::ZoomReset
        | C::ZoomToFit
        | C::ZoomToSelection
        | C::TogglePalette
        | C::ToggleInspector
        | C::ToggleDock
        | C::ToggleOutline
        | C::ToggleStage
        | C::ToggleMinimap
        | C::FoldCategory(_)
        | C::ShowTab(_)
        | C::ShowOnStage(_)
        | C::FindInPalette
        | C::CommandPalette
        | C::Settings
        | C::SetTheme(_)
        | C::SetTextScale(_)
        | C::AskMessage(_)
        | C::Shortcuts
        | C::About
        | C::Notice(_) => view::view(app, ctx, command),
    }
}
