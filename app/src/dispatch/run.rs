//! Run, pause, stop, steps, messages by hand, taps: commands to the running system, through `Live`.

use std::time::Instant;

use compose_runtime::command::{Speed, StepSize};
use compose_runtime::message::Message;
use compose_runtime::surface::Surface;
use egui::Context;

use crate::app::App;
use crate::command::RunCommand;
use crate::document::NodeId;
use crate::live::{Live, RunSettings};

/// Carries out one command of this area.
pub fn run(app: &mut App, ctx: &Context, command: RunCommand) {
    // A run of which every part has ended is over: run begins the next one.
    let is_running = app.live.view().is_running() && !app.live.view().has_ended();
    let is_paused = app.live.view().is_paused();
    match command {
        RunCommand::Run if !is_running => start(app, ctx, false),
        RunCommand::Run | RunCommand::Pause if is_paused => app.live.resume(),
        RunCommand::Pause if is_running => app.live.pause(),
        // It runs already, or nothing runs that could be paused.
        RunCommand::Run | RunCommand::Pause => {}
        RunCommand::Stop => app.live.stop(),
        RunCommand::Restart => start(app, ctx, false),
        RunCommand::StepDelivery => step(app, ctx, StepSize::Delivery),
        RunCommand::StepTurn => step(app, ctx, StepSize::Turn),
        RunCommand::StepPass => step(app, ctx, StepSize::Pass),
        RunCommand::SetSpeed(speed) => app.live.set_speed(speed),
        RunCommand::FullSpeed => app.live.set_speed(Speed::Full),
        RunCommand::RestartComponent(id) => while_running(app, |app| app.live.restart_component(id)),
        RunCommand::PauseComponent(id, paused) => while_running(app, |app| app.live.pause_component(id, paused)),
        RunCommand::StopComponent(id) => while_running(app, |app| app.live.stop_component(id)),
        RunCommand::SendMessage { port, message } => while_running(app, |app| app.live.inject(&port, message)),
        RunCommand::SurfaceEvent { node, event } => while_running(app, |app| {
            echo(app, node, &event);
            app.live.surface_event(node, event);
        }),
        RunCommand::ClearConsole => app.console.clear(),
    }
}

fn while_running(app: &mut App, act: impl FnOnce(&mut App)) {
    if app.live.view().is_running() {
        act(app);
    } else {
        app.notices.wrong("the system does not run; press F5 first");
    }
}

/// A line typed on the console is shown there too.
fn echo(app: &mut App, node: NodeId, event: &Message) {
    let asks = app.live.view().component(node).and_then(|component| component.surface.clone());
    if let (Some(Surface::Prompt { .. }), Message::Text(line)) = (asks.as_deref(), event) {
        let name = app.project.document.path_name(node);
        app.console.push(name.into(), line, true);
    }
}

fn start(app: &mut App, ctx: &Context, is_paused: bool) {
    app.rates.clear();
    app.tapped = None;
    app.console_seen = 0;
    let settings = RunSettings {
        base_folder: std::path::absolute(app.project.base_folder()).unwrap_or_else(|_| app.project.base_folder()),
        values: app.project.parameter_values(),
        is_paused,
        ..RunSettings::default()
    };
    let ctx = ctx.clone();
    if let Err(error) = app.live.run(&app.project.document, settings, move || ctx.request_repaint()) {
        app.notices.wrong(error.to_string());
    }
}

/// Ends the run at once, if there is one, and forgets it: another project.
pub fn end(app: &mut App) {
    let speed = app.live.speed();
    app.live.end();
    app.live = Live::new(app.registry.clone());
    app.live.set_speed(speed);
    app.tapped = None;
}

fn step(app: &mut App, ctx: &Context, size: StepSize) {
    if !app.live.view().is_running() || app.live.view().has_ended() {
        start(app, ctx, true);
    }
    app.live.advance(size);
}

/// Takes the newest snapshot, what failed, and console lines.
pub fn take_news(app: &mut App) {
    for notice in app.live.begin_frame() {
        app.notices.wrong(notice.words);
    }
    let view = app.live.view();
    let seen = app.console_seen;
    let lines: Vec<_> = view.console.lines().iter().rev().take_while(|line| line.number > seen).cloned().collect();
    app.console_seen = view.console.printed();
    for line in lines.into_iter().rev() {
        app.console.push(line.component, &line.text, false);
    }
    if let Some(snapshot) = app.live.view().snapshot.clone().filter(|_| app.live.view().is_running()) {
        app.rates.take(&snapshot, Instant::now());
    }
}

/// Makes the running system equal to the document, and taps the link that is looked at.
pub fn sync(app: &mut App, ctx: &Context) {
    if !app.live.view().is_running() {
        return;
    }
    app.live.sync(&app.project.document, &app.project.parameter_values());
    let wanted = app.canvas.selection.only_wire().cloned();
    if wanted != app.tapped {
        if let Some(old) = app.tapped.take() {
            app.live.tap(&old, false);
        }
        if let Some(wire) = &wanted {
            app.live.tap(wire, true);
        }
        app.tapped = wanted;
    }
    if let Some(wait) = app.live.view().look_again_in() {
        ctx.request_repaint_after(wait);
    }
}
