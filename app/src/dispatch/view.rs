//! What is seen: selection, scope, zoom, panels, theme, dialogs. Changes the canvas's state and the session.

use egui::{Context, pos2};

use crate::app::App;
use crate::canvas::ViewRequest;
use crate::command::{AppCommand, DockTab, Place};
use crate::document::{Node, NodeId, Wire};
use crate::panels::dialogs::Dialog;
use crate::theme::style::install_theme;

/// One press of zoom in.
const ZOOM_STEP: f32 = 1.2;

/// Carries out one command of this area.
pub fn view(app: &mut App, ctx: &Context, command: AppCommand) {
    match command {
        AppCommand::SelectAll => {
            let nodes: Vec<NodeId> = app.project.document.nodes_in(app.scope).map(|node| node.id).collect();
            app.canvas.selection.set_nodes(nodes);
            app.canvas.selection.frames = app.project.document.frames_in(app.scope).map(|frame| frame.id).collect();
        }
        AppCommand::SelectNone => app.canvas.selection.clear(),
        AppCommand::SelectNodes(nodes) => app.canvas.selection.set_nodes(nodes),
        AppCommand::SelectWire(wire) => {
            app.canvas.selection.set_wire(wire);
            // While nothing runs there are no messages to look at, and the panel stays as it is.
            if app.live.view().is_running() {
                show_tab(app, DockTab::Messages);
            }
        }
        AppCommand::SelectFrame(frame) => app.canvas.selection.set_frame(frame),
        AppCommand::GoTo(place) => go_to(app, place),
        AppCommand::EnterScope(id) => set_scope(app, Some(id)),
        AppCommand::SetScope(scope) => set_scope(app, scope),
        AppCommand::LeaveScope => {
            if let Some(scope) = app.scope {
                let around = app.project.document.node(scope).and_then(|node| node.scope);
                set_scope(app, around);
                app.canvas.selection.set_nodes([scope]);
            }
        }
        AppCommand::Rename => {
            app.session.panels.inspector = true;
            app.panels.inspector.wants_name = true;
        }
        AppCommand::AddComponent => {
            app.session.panels.stage = false;
            let at = app.canvas.pointer_in_canvas().unwrap_or_else(|| app.canvas.centre_in_canvas());
            app.canvas.open_search(at, None);
        }
        AppCommand::OpenSearchAt { pos_in_canvas: [x, y], from } => app.canvas.open_search(pos2(x, y), from),
        AppCommand::AskMessage(port) => app.canvas.open_message_editor(port),
        AppCommand::ZoomIn => app.canvas.request(ViewRequest::ZoomBy(ZOOM_STEP)),
        AppCommand::ZoomOut => app.canvas.request(ViewRequest::ZoomBy(1.0 / ZOOM_STEP)),
        AppCommand::ZoomReset => app.canvas.request(ViewRequest::ZoomTo(1.0)),
        AppCommand::ZoomToFit => app.canvas.request(ViewRequest::Fit),
        AppCommand::ZoomToSelection => app.canvas.request(ViewRequest::FitSelection),
        AppCommand::FindInPalette => {
            app.session.panels.palette = true;
            app.panels.palette.wants_focus = true;
        }
        AppCommand::ShowOnStage(id) => {
            app.panels.stage.chosen = Some(id);
            app.session.panels.stage = true;
        }
        AppCommand::CommandPalette => app.panels.command_palette.open(),
        AppCommand::Settings => app.panels.dialogs.open = Dialog::Settings,
        AppCommand::Shortcuts => app.panels.dialogs.open = Dialog::Shortcuts,
        AppCommand::About => app.panels.dialogs.open = Dialog::About,
        AppCommand::SetTheme(theme) => {
            app.session.theme = theme;
            install_theme(ctx, theme, app.session.text_scale);
            app.save_session();
        }
        AppCommand::SetTextScale(scale) => {
            app.session.text_scale = scale.clamp(0.8, 2.0);
            install_theme(ctx, app.session.theme, app.session.text_scale);
            app.save_session();
        }
        AppCommand::Notice(words) => app.notices.done(words),
        other => panels(app, &other),
    }
    ctx.request_repaint();
}

fn panels(app: &mut App, command: &AppCommand) {
    let panels = &mut app.session.panels;
    match command {
        AppCommand::TogglePalette => panels.palette = !panels.palette,
        AppCommand::ToggleInspector => panels.inspector = !panels.inspector,
        AppCommand::ToggleDock => panels.dock = !panels.dock,
        AppCommand::ToggleOutline => {
            panels.outline = !(panels.outline && panels.palette);
            panels.palette |= panels.outline;
        }
        AppCommand::ToggleStage => panels.stage = !panels.stage,
        AppCommand::ToggleMinimap => {
            panels.minimap = !panels.minimap;
            app.canvas.minimap_is_shown = panels.minimap;
        }
        AppCommand::ShowTab(tab) => show_tab(app, *tab),
        AppCommand::FoldCategory(category) => {
            let folded = &mut app.session.folded;
            if !folded.remove(category.title()) {
                folded.insert(category.title().to_owned());
            }
        }
        _ => {}
    }
    app.save_session();
}

fn show_tab(app: &mut App, tab: DockTab) {
    app.session.panels.tab = tab;
    app.session.panels.dock = true;
}

fn set_scope(app: &mut App, scope: Option<NodeId>) {
    let exists = scope.is_none_or(|id| app.project.document.node(id).is_some_and(Node::is_composite));
    if exists && app.scope != scope {
        app.scope = scope;
        app.canvas.selection.clear();
    }
}

fn go_to(app: &mut App, place: Place) {
    let document = &app.project.document;
    let scope = match &place {
        Place::Node(id) => document.node(*id).map(|node| node.scope),
        Place::Wire(wire) => scope_of(app, wire),
        Place::Frame(id) => document.frame(*id).map(|frame| frame.scope),
    };
    let Some(scope) = scope else {
        app.notices.wrong("it is no longer there");
        return;
    };
    set_scope(app, scope);
    app.session.panels.stage = false;
    match place {
        Place::Node(id) => app.canvas.selection.set_nodes([id]),
        Place::Wire(wire) => app.canvas.selection.set_wire(wire),
        Place::Frame(id) => app.canvas.selection.set_frame(id),
    }
    app.canvas.request(ViewRequest::Reveal);
}

/// The scope that a wire is drawn in; outer `None` if it is not there.
#[expect(clippy::option_option, reason = "the top is a scope too; a wire may also be gone")]
fn scope_of(app: &App, wire: &Wire) -> Option<Option<NodeId>> {
    let document = &app.project.document;
    let ends = [wire.from.node, wire.to.node];
    let scopes = ends.iter().filter_map(|id| document.node(*id)).flat_map(|node| [node.scope, Some(node.id)]);
    scopes.into_iter().find(|scope| document.wires_in(*scope).any(|other| other == wire))
}
