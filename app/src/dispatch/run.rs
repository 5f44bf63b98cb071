//! Run, pause, stop, steps, messages by hand, taps: commands to the running system, through `Live`.

use std::time::Instant;

use compose_runtime::command::{RuntimeCommand, Speed, StepSize};
use compose_runtime::message::Message;
use compose_runtime::surface::Surface;
use egui::Context;

use crate::app::App;
use crate::command::AppCommand;
use crate::document::{NodeId, Port, Wire};
use crate::live::{Live, RunSettings};

/// Carries out one command of this area.
pub fn run(app: &mut App, ctx: &Context, command: AppCommand) {
    // A run of which every part has ended is over: run begins the next one.
    let is_running = app.live.view().is_running() && !app.live.view().has_ended();
    let is_paused = app.live.view().is_paused();
    match command {
        AppCommand::Run | AppCommand::RunOrPause if !is_running => start(app, ctx, false),
        AppCommand::Run | AppCommand::RunOrPause | AppCommand::Pause if is_paused => app.live.resume(),
        AppCommand::RunOrPause | AppCommand::Pause if is_running => app.live.pause(),
        AppCommand::Stop => app.live.stop(),
        AppCommand::RestartRun => start(app, ctx, false),
        AppCommand::StepDelivery => step(app, ctx, StepSize::Delivery),
        AppCommand::StepTurn => step(app, ctx, StepSize::Turn),
        AppCommand::StepPass => step(app, ctx, StepSize::Pass),
        AppCommand::SetSpeed(speed) => app.live.set_speed(speed),
        AppCommand::FullSpeed => app.live.set_speed(Speed::Full),
        AppCommand::RestartComponent(id) => while_running(app, |app| app.live.restart_component(id)),
        AppCommand::PauseComponent(id, paused) => while_running(app, |app| app.live.pause_component(id, paused)),
        AppCommand::SendMessage { port, message } => while_running(app, |app| app.live.inject(&port, message)),
        AppCommand::TapWire(wire, on) => while_running(app, |app| app.live.tap(&wire, on)),
        AppCommand::SurfaceEvent { node, event } => while_running(app, |app| {
            echo(app, node, &event);
            app.live.surface_event(node, event);
        }),
        AppCommand::Runtime(command) => raw(app, ctx, command),
        AppCommand::ClearConsole => app.console.clear(),
        _ => {}
    }
}

fn while_running(app: &mut App, act: impl FnOnce(&mut App)) {
    if app.live.view().is_running() {
        act(app);
    } else {
        app.notices.wrong("the system does not run; press F5 first");
    }
}

/// What the scheduler understands, by the same ways as the named commands.
fn raw(app: &mut App, ctx: &Context, command: RuntimeCommand) {
    match command {
        RuntimeCommand::Pause => app.live.pause(),
        RuntimeCommand::Resume => app.live.resume(),
        RuntimeCommand::Advance(size) => step(app, ctx, size),
        RuntimeCommand::SetSpeed(speed) => app.live.set_speed(speed),
        RuntimeCommand::PauseComponent(id, paused) => app.live.pause_component(id.into(), paused),
        RuntimeCommand::StopComponent(id) => app.live.stop_component(id.into()),
        RuntimeCommand::Inject { inbox, message } => app.live.inject(&Port::from(&inbox), message),
        RuntimeCommand::SurfaceEvent { id, event } => app.live.surface_event(id.into(), event),
        RuntimeCommand::Tap { linkage, on } => app.live.tap(&Wire::from(&linkage), on),
        RuntimeCommand::ShutDown => app.live.stop(),
        RuntimeCommand::Quit => app.live.end(),
        // There is one path for changes of what runs: the document.
        RuntimeCommand::Reconfigure { .. } => {}
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
