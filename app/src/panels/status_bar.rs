//! The status bar: one sentence about the current state. A click goes to the component or problem that it names.

use compose_runtime::introspect::snapshot::{RunState, State};
use egui::{Button, RichText, Ui, vec2};

use super::PanelView;
use super::number_text::clock_text;
use super::tool_bar::speed_text;
use crate::command::{AppCommand, CommandQueue, DockTab, ViewCommand};
use crate::document::{NodeId, Place};
use crate::theme::tokens::{SIZE_SMALL, Tokens};
use crate::wording::upper_first;

/// A sentence with its colour, and the command that a click runs.
struct Sentence {
    text: String,
    colour: egui::Color32,
    target: Option<AppCommand>,
}

/// Draws the status bar.
pub fn status_bar_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let sentence = sentence(view);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(10.0, 14.0), egui::Sense::hover());
        ui.painter().circle_filled(rect.center(), 4.0, sentence.colour);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = RichText::new(right_text(view)).size(SIZE_SMALL).color(view.theme.muted);
            ui.label(text);
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| match &sentence.target {
                Some(target) => {
                    let text = RichText::new(format!("{} – Go there", sentence.text)).color(view.theme.text);
                    if ui.add(Button::new(text).frame_when_inactive(false).truncate()).clicked() {
                        commands.push(target.clone());
                    }
                }
                None => {
                    ui.add(egui::Label::new(RichText::new(&sentence.text).color(view.theme.text)).truncate());
                }
            });
        });
    });
}

fn right_text(view: &PanelView<'_>) -> String {
    let mut text = Vec::new();
    if let Some(snapshot) = &view.live.snapshot {
        text.push(format!("pass {}", super::number_text::count_text(snapshot.pass)));
        let clock = snapshot.clock + view.live.age(snapshot.clock);
        text.push(format!("time {}", clock_text(clock)));
    }
    text.push(format!("speed {}", speed_text(view.speed)));
    text.join("  ·  ")
}

fn sentence(view: &PanelView<'_>) -> Sentence {
    let theme: &Tokens = view.theme;
    let quiet = |text: String| Sentence { text, colour: theme.quiet, target: None };
    if let Some(holder) = view.live.held().filter(|_| view.live.is_running()) {
        let (name, seconds) = (&holder.component, holder.held_for.as_secs());
        let text =
            format!("{name} has held the turn for {seconds} s, and everything else waits. Stop abandons the run.");
        return Sentence { text, colour: theme.bad, target: None };
    }
    if let (true, Some(snapshot)) = (view.live.is_running(), &view.live.snapshot) {
        let mut crashed = snapshot.components.iter().filter_map(|component| match &component.state {
            State::Crashed(text) => Some((component, text)),
            _ => None,
        });
        if let Some((first, text)) = crashed.next() {
            let count = 1 + crashed.count();
            let target = Some(AppCommand::View(ViewCommand::GoTo(Place::Node(NodeId::from(first.id)))));
            return Sentence { text: format!("{count} crashed: {}, {text}", first.name), colour: theme.bad, target };
        }
        return match &snapshot.run {
            RunState::Stalled(text) => Sentence { text: upper_first(text), colour: theme.careful, target: None },
            RunState::Ended => quiet("Every component has ended. Press F5 to run again.".to_owned()),
            RunState::Paused if view.live.is_paused() => {
                let text = "Paused. Press F10 to step or F6 to resume.".to_owned();
                Sentence { text, colour: theme.paused, target: None }
            }
            _ => running(view, theme),
        };
    }
    let count = view.findings.len();
    if let Some(first) = view.findings.iter().find(|finding| finding.is_grave) {
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let target = first.place.clone().map_or(ViewCommand::ShowTab(DockTab::Problems), ViewCommand::GoTo).into();
        return Sentence { text: format!("{}{more}", first.text), colour: theme.bad, target: Some(target) };
    }
    if view.document.node_count() == 0 {
        return quiet("Drag a component from the left onto the canvas.".to_owned());
    }
    quiet("Ready. Press F5 to run.".to_owned())
}

fn running(view: &PanelView<'_>, theme: &Tokens) -> Sentence {
    let full = view.live.snapshot.as_ref().and_then(|snapshot| {
        snapshot.components.iter().find_map(|component| {
            let inbox =
                component.inboxes.iter().find(|inbox| inbox.capacity.is_some_and(|most| inbox.depth >= most))?;
            Some((component, inbox))
        })
    });
    if let Some((component, inbox)) = full {
        let text = format!("{}.{} is full; its senders are waiting.", component.name, inbox.name);
        let target = Some(AppCommand::View(ViewCommand::GoTo(Place::Node(NodeId::from(component.id)))));
        return Sentence { text, colour: theme.careful, target };
    }
    let count = view.findings.len();
    if let Some(first) = view.findings.iter().find(|finding| finding.is_grave) {
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let target = first.place.clone().map_or(ViewCommand::ShowTab(DockTab::Problems), ViewCommand::GoTo).into();
        let text = format!("Partly running: {}{more}", first.text);
        return Sentence { text, colour: theme.careful, target: Some(target) };
    }
    Sentence { text: "Running.".to_owned(), colour: theme.good, target: None }
}
