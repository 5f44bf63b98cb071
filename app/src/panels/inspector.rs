//! The inspector: everything about what is selected, and about the project when nothing is.

mod boxes;
mod composite;
mod frame;
mod node;
mod project;
mod wire;

use egui::{ScrollArea, Ui};

use super::PanelView;
use super::param_editor::{Drafts, FileWish, Setting};
use crate::command::CommandQueue;
use crate::document::{EditCommand, FrameId, NodeId};
use crate::theme::tokens::SPACE;
use crate::theme::widgets::{heading, muted};

/// What the inspector remembers: texts that are being typed.
#[derive(Debug, Default)]
pub struct InspectorState {
    /// Whose drafts these are.
    node: Option<NodeId>,
    drafts: Drafts,
    /// Drafts that were sent on their way while the user was typing. They stand until the edit has been done, so that the
    /// text under the cursor does not change for one frame: the cursor would jump.
    sent: Drafts,
    name: Option<String>,
    limits: std::collections::BTreeMap<String, String>,
    box_names: composite::BoxDrafts,
    frame: Option<(FrameId, String, String)>,
    project: Option<(String, String)>,
    parameter: project::ParameterDrafts,
    /// Whether the name takes the keyboard in the next frame.
    pub wants_name: bool,
    /// A file that the user wants to choose; taken by the application.
    pub file_wish: Option<FileWish>,
}

impl InspectorState {
    /// Sends every draft that is right on its way; for before saving, running and leaving.
    pub fn flush(&mut self, view: &PanelView<'_>, commands: &mut CommandQueue) {
        let node = self.node.and_then(|id| view.document.node(id));
        if let Some(node) = node {
            if let Ok(component) = view.registry.get(node.type_name()) {
                for spec in component.params {
                    let setting = Setting { view, node, component, spec };
                    if !self.sent.contains_key(spec.name) && setting.send(&self.drafts, commands) {
                        self.sent.extend(self.drafts.get(spec.name).map(|text| (spec.name, text.clone())));
                    }
                }
            }
            if let Some(name) = self.name.take().filter(|name| *name != node.name) {
                commands.edit(EditCommand::Rename { id: node.id, name });
            }
        }
        frame::flush(view, &mut self.frame, commands);
        project::flush(view, &mut self.project, commands);
    }

    /// Forgets what is typed for one setting: it got its value in another way.
    pub fn forget_draft(&mut self, param: &str) {
        self.drafts.retain(|name, _| *name != param);
    }

    /// Forgets every draft: another project.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Draws the inspector.
pub fn inspector_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut InspectorState, commands: &mut CommandQueue) {
    // Inside a composite, with nothing selected, the composite itself is what one looks at.
    let node = view.selection.only_node().or(view.scope.filter(|_| view.selection.is_empty()));
    if state.node != node {
        state.flush(view, commands);
        state.node = node;
        state.drafts.clear();
        state.sent.clear();
        state.limits.clear();
        state.box_names.clear();
        state.name = None;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(SPACE);
        if let Some(node) = node.and_then(|id| view.document.node(id)) {
            node::node_ui(ui, view, node, state, commands);
        } else if let Some(wire) = view.selection.only_wire() {
            wire::wire_ui(ui, view, wire, commands);
        } else if let Some(frame) = only_frame(view) {
            frame::frame_ui(ui, view, frame, &mut state.frame, commands);
        } else if view.selection.is_empty() {
            project::project_ui(ui, view, state, commands);
        } else {
            several_ui(ui, view, commands);
        }
        ui.add_space(SPACE);
    });
    for (name, text) in std::mem::take(&mut state.sent) {
        if state.drafts.get(name) == Some(&text) {
            state.drafts.remove(name);
        }
    }
}

fn only_frame<'a>(view: &PanelView<'a>) -> Option<&'a crate::document::Frame> {
    let selection = view.selection;
    let is_alone = selection.nodes.is_empty() && selection.wires.is_empty() && selection.frames.len() == 1;
    selection.frames.first().filter(|_| is_alone).and_then(|id| view.document.frame(*id))
}

fn several_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    use crate::command::{AppCommand, EditAction};
    let selection = view.selection;
    section(ui, "SELECTION", |ui| {
        let parts =
            [(selection.nodes.len(), "component"), (selection.wires.len(), "link"), (selection.frames.len(), "frame")];
        for (count, word) in parts.into_iter().filter(|(count, _)| *count > 0) {
            ui.label(format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
        }
        ui.add_space(4.0);
        muted(ui, "Select one thing to see everything about it.");
        ui.add_space(SPACE);
        ui.horizontal_wrapped(|ui| {
            for command in [EditAction::Duplicate, EditAction::Group, EditAction::FrameSelection, EditAction::Delete]
                .map(AppCommand::Edit)
            {
                let Some(info) = command.info() else { continue };
                let can = super::menu_bar::can(&command, view);
                if ui.add_enabled(can, egui::Button::new(info.name)).on_hover_text(info.tooltip).clicked() {
                    commands.push(command);
                }
            }
        });
    });
}

/// A section with a heading and a line above it.
fn section(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(14, 0)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if !title.is_empty() {
            heading(ui, title);
            ui.add_space(4.0);
        }
        add(ui);
    });
    ui.add_space(SPACE);
}

/// The line between two sections.
fn divider(ui: &mut Ui, view: &PanelView<'_>) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, egui::Stroke::new(1.0, view.theme.line));
    ui.add_space(SPACE);
}
