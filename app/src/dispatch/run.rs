//! Commands for the running system: run, pause, stop, steps, speed and messages.

use compose_runtime::command::{Speed, StepSize};

use super::target::Target;
use crate::command::RunCommand;
use crate::workspace::Workspace;

/// Carries out one command of this area.
pub fn run(target: &mut Target<'_>, command: RunCommand) {
    // If all components have ended, the run is over, and `Run` starts a new one.
    let is_running = target.workspace.live().is_running() && !target.workspace.live().has_ended();
    let is_paused = target.workspace.live().is_paused();
    match command {
        RunCommand::Run if !is_running => start(target, false),
        RunCommand::Run | RunCommand::Pause if is_paused => target.workspace.resume(),
        RunCommand::Pause if is_running => target.workspace.pause(),
        // The system is already running, or nothing runs that could be paused.
        RunCommand::Run | RunCommand::Pause => {}
        RunCommand::Stop => target.workspace.stop(),
        RunCommand::Restart => start(target, false),
        RunCommand::StepDelivery => step(target, StepSize::Delivery),
        RunCommand::StepTurn => step(target, StepSize::Turn),
        RunCommand::StepPass => step(target, StepSize::Pass),
        RunCommand::SetSpeed(speed) => target.workspace.set_speed(speed),
        RunCommand::FullSpeed => target.workspace.set_speed(Speed::Full),
        RunCommand::RestartComponent(id) => while_running(target, |workspace| workspace.restart_component(id)),
        RunCommand::PauseComponent(id, paused) => {
            while_running(target, |workspace| workspace.pause_component(id, paused));
        }
        RunCommand::SendMessage { port, message } => {
            while_running(target, |workspace| workspace.send_message(&port, message));
        }
        RunCommand::SurfaceEvent { node, event } => {
            while_running(target, |workspace| workspace.surface_event(node, event));
        }
        RunCommand::ClearConsole => target.workspace.clear_console(),
    }
}

fn while_running(target: &mut Target<'_>, act: impl FnOnce(&mut Workspace)) {
    if target.workspace.live().is_running() {
        act(target.workspace);
    } else {
        target.workspace.notify_error("the system is not running; press F5 to run it");
    }
}

fn start(target: &mut Target<'_>, is_paused: bool) {
    let ctx = target.ctx.clone();
    target.workspace.run(is_paused, move || ctx.request_repaint());
}

fn step(target: &mut Target<'_>, size: StepSize) {
    if !target.workspace.live().is_running() || target.workspace.live().has_ended() {
        start(target, true);
    }
    target.workspace.advance(size);
}
