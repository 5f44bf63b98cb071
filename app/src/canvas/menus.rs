//! Menus: the context menus of the canvas, one for each kind of hit.

use compose_runtime::ids::Direction;
use egui::containers::menu::menu_style;
use egui::{Align, Id, Layout, Popup, PopupKind, Pos2, Ui};

use super::hit::Hit;
use super::state::CanvasState;
use super::view::CanvasView;
use crate::command::{AppCommand, CommandQueue, DockTab, EditAction, RunCommand, ViewCommand};
use crate::document::{EditCommand, Frame, FrameId, NodeId, Port, Wire};
use crate::wording::count_of;

/// Draws the menu if it is open. A position in `open_at` opens it there.
pub fn menu_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    open_at: Option<Pos2>,
    commands: &mut CommandQueue,
) {
    let id = Id::unique("canvas menu");
    let position_id = id.with("position");
    if let Some(pos) = open_at {
        ui.ctx().data_mut(|data| data.insert_temp(position_id, pos));
        Popup::open_id(ui.ctx(), id);
    }
    let Some(at) = ui.ctx().data(|data| data.get_temp::<Pos2>(position_id)) else { return };
    let popup = Popup::new(id, ui.ctx().clone(), at, ui.layer_id())
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .gap(0.0)
        .open_memory(None);
    if !popup.is_open() {
        return;
    }
    let hit = state.pointing.menu_hit.clone();
    let in_canvas = state.camera(view.scope).canvas_from_screen(state.viewport, at);
    popup.show(|ui| {
        ui.set_min_width(190.0);
        match &hit {
            Hit::Nothing => empty_menu(ui, view, in_canvas, commands),
            Hit::Port(port) => port_menu(ui, view, port, commands),
            Hit::Node(node) | Hit::Surface(node) => node_menu(ui, view, state, *node, commands),
            Hit::Wire(wire) | Hit::WireEnd(wire, _) => wire_menu(ui, view, wire, commands),
            Hit::FrameTitle(frame) | Hit::FrameCorner(frame) => frame_menu(ui, state, *frame, commands),
        }
    });
}

/// A menu entry with the name, tooltip and shortcut from the table of commands.
fn entry(ui: &mut Ui, command: impl Into<AppCommand>, commands: &mut CommandQueue) {
    let command = command.into();
    let Some(info) = command.info() else { return };
    let mut button = egui::Button::new(info.name);
    if let Some(shortcut) = &info.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
    }
    if ui.add(button).on_hover_text(info.tooltip).clicked() {
        commands.push(command);
    }
}

fn empty_menu(ui: &mut Ui, view: &CanvasView<'_>, at: Pos2, commands: &mut CommandQueue) {
    if ui.button("Add component…").clicked() {
        commands.push(EditAction::OpenSearchAt { pos_in_canvas: [at.x, at.y], from: None });
    }
    if ui.button("Add frame").clicked() {
        let at = super::camera::snapped(at, super::node_shape::GRID);
        let id = view.document.next_free_frame_id();
        let frame = Frame {
            id,
            scope: view.scope,
            title: "Notes".to_owned(),
            notes: String::new(),
            rect_in_canvas: [at.x, at.y, 320.0, 200.0],
            colour: 6,
        };
        commands.edit(EditCommand::AddFrame { frame });
    }
    entry(ui, EditAction::Paste, commands);
    ui.separator();
    entry(ui, EditAction::SelectAll, commands);
    entry(ui, EditAction::Arrange, commands);
    entry(ui, ViewCommand::ZoomToFit, commands);
    if view.scope.is_some() {
        entry(ui, ViewCommand::LeaveScope, commands);
    }
}

fn port_menu(ui: &mut Ui, view: &CanvasView<'_>, port: &Port, commands: &mut CommandQueue) {
    title(ui, view, &view.document.port_name(port));
    if port.direction == Direction::Inbox && ui.button("Send message…").clicked() {
        commands.push(ViewCommand::AskMessage(port.clone()));
    }
    let wires: Vec<Wire> =
        view.document.wires_of(port.node).into_iter().filter(|wire| wire.from == *port || wire.to == *port).collect();
    let label = match wires.len() {
        1 => "Remove its link".to_owned(),
        count => format!("Remove its {count} links"),
    };
    if ui.add_enabled(!wires.is_empty(), egui::Button::new(label)).clicked() {
        let undo_label = format!("Unlink {}", port.name);
        let edits = wires.into_iter().map(|wire| EditCommand::Disconnect { wire }).collect();
        commands.edit(EditCommand::batch(undo_label, edits));
    }
}

fn node_menu(ui: &mut Ui, view: &CanvasView<'_>, state: &CanvasState, id: NodeId, commands: &mut CommandQueue) {
    let Some(node) = view.document.node(id) else { return };
    let count = state.selection.nodes.len();
    title(ui, view, &if count > 1 { count_of(count as u64, "component") } else { view.document.path_name(id) });
    if node.is_composite() && ui.button("Open").clicked() {
        commands.push(ViewCommand::EnterScope(id));
    }
    let (inboxes, _) = view.document.boxes_of(id, view.registry);
    ui.menu_button("Send message", |ui| {
        for inbox in inboxes.iter().filter(|info| !info.is_hidden()) {
            if ui.button(format!("{}…", inbox.name)).on_hover_text(&inbox.help).clicked() {
                commands.push(ViewCommand::AskMessage(Port::inbox(id, inbox.name.clone())));
            }
        }
    });
    if state.layout.node(id).is_some_and(|shape| shape.surface.is_some()) && ui.button("Show on the stage").clicked() {
        commands.push(ViewCommand::ShowOnStage(id));
    }
    if view.live.is_running() {
        use compose_runtime::introspect::snapshot::State;
        let live = view.live.component(id).map(|live| &live.state);
        let is_paused = live == Some(&State::Paused);
        let label = if is_paused { "Wake component" } else { "Pause component" };
        if ui.add_enabled(live.is_some_and(|live| !live.has_ended()), egui::Button::new(label)).clicked() {
            commands.push(RunCommand::PauseComponent(id, !is_paused));
        }
        if ui.add_enabled(live.is_some(), egui::Button::new("Restart component")).clicked() {
            commands.push(RunCommand::RestartComponent(id));
        }
    }
    ui.separator();
    for command in [EditAction::Rename, EditAction::Cut, EditAction::Copy, EditAction::Duplicate, EditAction::Delete] {
        entry(ui, command, commands);
    }
    ui.separator();
    entry(ui, EditAction::Group, commands);
    entry(ui, EditAction::FrameSelection, commands);
}

fn wire_menu(ui: &mut Ui, view: &CanvasView<'_>, wire: &Wire, commands: &mut CommandQueue) {
    title(ui, view, &view.document.wire_name(wire).replace("->", "→"));
    if ui.button("Show messages").clicked() {
        commands.push(ViewCommand::SelectWire(wire.clone()));
        commands.push(ViewCommand::ShowTab(DockTab::Messages));
    }
    if wire.to.direction == Direction::Inbox && ui.button("Send message…").clicked() {
        commands.push(ViewCommand::AskMessage(wire.to.clone()));
    }
    ui.separator();
    if ui.button("Remove link").clicked() {
        commands.edit(EditCommand::Disconnect { wire: wire.clone() });
    }
}

fn frame_menu(ui: &mut Ui, state: &mut CanvasState, frame: FrameId, commands: &mut CommandQueue) {
    if ui.button("Edit title and notes…").clicked() {
        state.windows.open_frame_editor(frame);
    }
    if ui.button("Select contents").clicked()
        && let Some(shape) = state.layout.frame(frame)
    {
        let members = state.layout.members_of(shape.rect);
        state.selection.set_nodes(members);
    }
    ui.separator();
    if ui.button("Remove frame").clicked() {
        commands.edit(EditCommand::RemoveFrame { id: frame });
    }
}

fn title(ui: &mut Ui, view: &CanvasView<'_>, text: &str) {
    let text = egui::RichText::new(text).color(view.theme.dim).size(crate::theme::tokens::SIZE_SMALL);
    ui.add(egui::Label::new(text).truncate().selectable(false));
}
