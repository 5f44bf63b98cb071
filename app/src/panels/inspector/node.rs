//! The inspector of a component: name, state, settings, boxes, restart policy and documentation.

use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::RestartPolicy;
use egui::{Button, ComboBox, Key, RichText, TextEdit, Ui, vec2};

use super::section::{divider, section};
use super::state::InspectorState;
use super::{boxes, composite};
use crate::command::{CommandQueue, RunCommand, ViewCommand};
use crate::document::{EditCommand, Node};
use crate::panels::PanelView;
use crate::panels::inspector::param_editor::{Setting, param_ui};
use crate::panels::markdown::markdown_ui;
use crate::panels::number_text::{count_text, rate_text};
use crate::panels::state_text::{state_text, wait_text};
use crate::theme::tokens::{self, SIZE_SMALL, SIZE_TITLE};
use crate::theme::widgets::{muted, row, select_all, state_chip, wrong};
use crate::wording::lower_first;

/// Draws the properties of a component.
pub fn node_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    state: &mut InspectorState,
    commands: &mut CommandQueue,
) {
    section(ui, "", |ui| title_ui(ui, view, node, state, commands));
    fault_ui(ui, view, node, commands);
    if node.is_composite() {
        divider(ui, view);
        composite::composite_ui(ui, view, node, &mut state.box_names, commands);
    }
    params_ui(ui, view, node, state, commands);
    divider(ui, view);
    section(ui, "BOXES", |ui| boxes::boxes_ui(ui, view, node, &mut state.limits, commands));
    divider(ui, view);
    section(ui, "RUNNING", |ui| running_ui(ui, view, node, commands));
    if let Ok(spec) = view.registry.get(node.type_name()) {
        divider(ui, view);
        section(ui, "ABOUT", |ui| {
            let name = RichText::new(spec.type_name).font(tokens::font_strong(12.0)).color(view.theme.strong);
            ui.label(name);
            markdown_ui(ui, spec.summary);
            markdown_ui(ui, spec.docs);
        });
    }
}

fn title_ui(ui: &mut Ui, view: &PanelView<'_>, node: &Node, state: &mut InspectorState, commands: &mut CommandQueue) {
    let component = view.live.component(node.id).filter(|_| view.live.is_running());
    ui.horizontal(|ui| {
        let reserved = if component.is_some() { 96.0 } else { 0.0 };
        let mut name = state.name.clone().unwrap_or_else(|| node.name.clone());
        let field = TextEdit::singleline(&mut name)
            .id(egui::Id::unique(("name of", node.id.0)))
            .font(tokens::font_strong(SIZE_TITLE))
            .text_color(view.theme.strong)
            .margin(vec2(0.0, 3.0))
            .desired_width(ui.available_width() - reserved);
        // An editable title. It looks like a text field only while it is hovered or has the focus.
        let response = ui
            .scope(|ui| {
                let visuals = ui.visuals_mut();
                visuals.text_edit_bg_color = Some(view.theme.panel);
                visuals.widgets.inactive.bg_stroke = egui::Stroke::NONE;
                ui.add(field).accessible_name("Name")
            })
            .inner;
        let response = response.on_hover_text("The name of the component. Links keep working when you change it.");
        if std::mem::take(&mut state.wants_name) {
            response.request_focus();
            select_all(ui, response.id, &name);
        }
        if response.changed() {
            state.name = Some(name.clone());
        }
        if response.lost_focus() {
            let is_cancelled = ui.input(|input| input.key_pressed(Key::Escape));
            let changed = state.name.take().filter(|name| !is_cancelled && name.trim() != node.name);
            if let Some(name) = changed {
                commands.edit(EditCommand::Rename { id: node.id, name: name.trim().to_owned() });
            }
        }
        if let Some(component) = component {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| state_chip(ui, &component.state));
        }
    });
    let summary = view.registry.get(node.type_name()).map_or("", |spec| spec.summary);
    let is_known = node.is_composite() || view.registry.get(node.type_name()).is_ok();
    if is_known {
        let summary = if node.is_composite() { "a graph inside a component" } else { summary };
        muted(ui, format!("{} · {}", node.type_name(), lower_first(summary)));
    } else {
        wrong(
            ui,
            format!(
                "This application has no component type {}. The component stays in the project but does not run.",
                node.type_name()
            ),
        );
    }
}

fn fault_ui(ui: &mut Ui, view: &PanelView<'_>, node: &Node, commands: &mut CommandQueue) {
    let state = view.live.component(node.id).map(|component| &component.state);
    let Some(State::Crashed(error)) = state else { return };
    section(ui, "", |ui| {
        egui::Frame::new().fill(view.theme.bad_background).corner_radius(6.0).inner_margin(8.0).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new("Crashed").font(tokens::font_strong(12.0)).color(view.theme.bad));
            ui.add(egui::Label::new(RichText::new(&**error).color(view.theme.strong)).wrap().selectable(true));
            if ui.button("Restart").on_hover_text("Restarts this component with empty state").clicked() {
                commands.push(RunCommand::RestartComponent(node.id));
            }
        });
    });
}

fn params_ui(ui: &mut Ui, view: &PanelView<'_>, node: &Node, state: &mut InspectorState, commands: &mut CommandQueue) {
    if node.is_composite() {
        return;
    }
    let spec = view.registry.get(node.type_name());
    let known: &[_] = spec.as_ref().map_or(&[], |spec| spec.params);
    let unknown: Vec<_> =
        node.params().iter().filter(|(name, _)| !known.iter().any(|spec| spec.name == name.as_str())).collect();
    if known.is_empty() && unknown.is_empty() {
        return;
    }
    divider(ui, view);
    section(ui, "PARAMS", |ui| {
        if let Ok(component) = spec {
            for spec in component.params {
                let request = param_ui(ui, Setting { view, node, component, spec }, &mut state.drafts, commands);
                state.file_request = request.or(state.file_request.take());
            }
        }
        for (name, value) in unknown {
            ui.horizontal(|ui| {
                ui.label(RichText::new(name).color(view.theme.muted));
                ui.label(RichText::new(value.label(24)).font(tokens::font_mono(SIZE_SMALL)).color(view.theme.muted));
                if ui.small_button("Remove").clicked() {
                    commands.edit(EditCommand::SetParam { id: node.id, name: name.clone(), value: None });
                }
            });
            wrong(ui, format!("There is no setting {name}. Its value stays in the project but is not used."));
        }
    });
}

fn running_ui(ui: &mut Ui, view: &PanelView<'_>, node: &Node, commands: &mut CommandQueue) {
    if let Some(component) = view.live.component(node.id) {
        row(ui, "state", &state_text(&component.state));
        let waits = wait_text(&component.state);
        if waits != "–" && !matches!(component.state, State::Crashed(_)) {
            row(ui, "waiting for", &waits);
        }
        if !node.is_composite() {
            row(ui, "taken", &count_text(component.received));
            row(ui, "sent", &count_text(component.sent));
            row(ui, "turns", &count_text(component.turns));
        }
        if component.restarts > 0 {
            row(ui, "restarts", &count_text(u64::from(component.restarts)));
        }
        if let Some(rates) =
            view.live.component_rate(node.id).filter(|_| view.live.is_running() && !node.is_composite())
        {
            row(ui, "busy", &format!("{:.1} %", rates.busy * 100.0));
            row(ui, "rate", &format!("{} in, {} out per second", rate_text(rates.taken), rate_text(rates.sent)));
        }
        ui.add_space(4.0);
        if view.live.is_running() {
            ui.horizontal_wrapped(|ui| {
                let is_paused = component.state == State::Paused;
                let label = if is_paused { "Resume" } else { "Pause" };
                if !component.state.has_ended() && ui.button(label).clicked() {
                    commands.push(RunCommand::PauseComponent(node.id, !is_paused));
                }
                let again = ui.add(Button::new("Restart"));
                if again.on_hover_text("Restarts the component with empty state; queued messages stay").clicked() {
                    commands.push(RunCommand::RestartComponent(node.id));
                }
                if component.surface.is_some() && ui.button("Show large").clicked() {
                    commands.push(ViewCommand::ShowOnStage(node.id));
                }
            });
            ui.add_space(4.0);
        }
    }
    let policy_text = |restart| match restart {
        RestartPolicy::Never => "leave it crashed",
        RestartPolicy::OnFailure => "restart it after a delay",
    };
    let label = ui.label("after a crash");
    let combo = ComboBox::from_id_salt("restart").width(ui.available_width()).selected_text(policy_text(node.restart));
    let response = combo.show_ui(ui, |ui| {
        for restart in [RestartPolicy::Never, RestartPolicy::OnFailure] {
            if ui.selectable_label(node.restart == restart, policy_text(restart)).clicked() && node.restart != restart {
                commands.edit(EditCommand::SetRestart { id: node.id, restart });
            }
        }
    });
    response.response.labelled_by(label.id);
}
