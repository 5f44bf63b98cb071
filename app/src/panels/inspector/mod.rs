//! The inspector: the properties of the selection, or of the project if nothing is selected.

mod boxes;
mod composite;
mod frame;
mod node;
pub mod param_draft;
pub mod param_editor;
mod project;
mod section;
mod state;
mod wire;

use egui::{ScrollArea, Ui};

use super::PanelView;
use crate::command::CommandQueue;
use crate::theme::tokens::SPACE;
use crate::theme::widgets::muted;
use crate::wording::count_of;

pub use state::InspectorState;

use self::section::section;

/// Draws the inspector.
pub fn inspector_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut InspectorState, commands: &mut CommandQueue) {
    // If nothing is selected inside a composite, the inspector shows the composite.
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
            project::project_ui(ui, view, &mut state.project, &mut state.parameter, commands);
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
        for (count, noun) in parts.into_iter().filter(|(count, _)| *count > 0) {
            ui.label(count_of(count as u64, noun));
        }
        ui.add_space(4.0);
        muted(ui, "Select a single item to see its properties.");
        ui.add_space(SPACE);
        ui.horizontal_wrapped(|ui| {
            for command in [EditAction::Duplicate, EditAction::Group, EditAction::FrameSelection, EditAction::Delete]
                .map(AppCommand::Edit)
            {
                let Some(info) = command.info() else { continue };
                let can = super::command_state::can(info, view);
                if ui.add_enabled(can, egui::Button::new(info.name)).on_hover_text(info.tooltip).clicked() {
                    commands.push(command);
                }
            }
        });
    });
}
