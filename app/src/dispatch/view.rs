//! What is seen: selection, scope, zoom, panels, theme, dialogs. Changes the canvas's state and the session.

use egui::Context;

use crate::app::App;
use crate::canvas::ViewRequest;
use crate::command::{DockTab, ViewCommand};
use crate::document::{Node, NodeId, Place, Wire};
use crate::panels::dialogs::Dialog;
use crate::session::Panels;
use crate::theme::style::install_theme;

/// One press of zoom in.
const ZOOM_STEP: f32 = 1.2;

/// Carries out one command of this area.
pub fn view(app: &mut App, ctx: &Context, command: ViewCommand) {
    match command {
        ViewCommand::SelectNodes(nodes) => app.canvas.selection.set_nodes(nodes),
        ViewCommand::SelectWire(wire) => {
            app.canvas.selection.set_wire(wire);
            // While nothing runs there are no messages to look at, and the panel stays as it is.
            if app.live.view().is_running() {
                show_tab(app, DockTab::Messages);
            }
        }
        ViewCommand::GoTo(place) => go_to(app, place),
        ViewCommand::EnterScope(id) => set_scope(app, Some(id)),
        ViewCommand::SetScope(scope) => set_scope(app, scope),
        ViewCommand::LeaveScope => {
            if let Some(scope) = app.scope {
                let around = app.project.document.node(scope).and_then(|node| node.scope);
                set_scope(app, around);
                app.canvas.selection.set_nodes([scope]);
            }
        }
        ViewCommand::AskMessage(port) => app.canvas.open_message_editor(port),
        ViewCommand::ZoomIn => app.canvas.request(ViewRequest::ZoomBy(ZOOM_STEP)),
        ViewCommand::ZoomOut => app.canvas.request(ViewRequest::ZoomBy(1.0 / ZOOM_STEP)),
        ViewCommand::ZoomReset => app.canvas.request(ViewRequest::ZoomTo(1.0)),
        ViewCommand::ZoomToFit => app.canvas.request(ViewRequest::Fit),
        ViewCommand::ZoomToSelection => app.canvas.request(ViewRequest::FitSelection),
        ViewCommand::FindInPalette => {
            app.session.panels.palette = true;
            app.panels.palette.wants_focus = true;
        }
        ViewCommand::ShowOnStage(id) => {
            app.panels.stage.chosen = Some(id);
            app.session.panels.stage = true;
        }
        ViewCommand::CommandPalette => app.panels.command_palette.open(),
        ViewCommand::Settings => app.panels.dialogs.open = Dialog::Settings,
        ViewCommand::SetTheme(theme) => {
            app.session.theme = theme;
            install_theme(ctx, theme, app.session.text_scale);
            app.save_session();
        }
        ViewCommand::SetTextScale(scale) => {
            app.session.text_scale = scale.clamp(0.8, 2.0);
            install_theme(ctx, app.session.theme, app.session.text_scale);
            app.save_session();
        }
        ViewCommand::TogglePalette => toggle(app, |panels| panels.palette = !panels.palette),
        ViewCommand::ToggleInspector => toggle(app, |panels| panels.inspector = !panels.inspector),
        ViewCommand::ToggleDock => toggle(app, |panels| panels.dock = !panels.dock),
        ViewCommand::ToggleOutline => toggle(app, |panels| {
            panels.outline = !(panels.outline && panels.palette);
            panels.palette |= panels.outline;
        }),
        ViewCommand::ToggleStage => toggle(app, |panels| panels.stage = !panels.stage),
        ViewCommand::ToggleMinimap => {
            toggle(app, |panels| panels.minimap = !panels.minimap);
            app.canvas.minimap_is_shown = app.session.panels.minimap;
        }
        ViewCommand::ShowTab(tab) => {
            show_tab(app, tab);
            app.save_session();
        }
        ViewCommand::FoldCategory(category) => {
            let folded = &mut app.session.folded;
            if !folded.remove(category.title()) {
                folded.insert(category.title().to_owned());
            }
            app.save_session();
        }
    }
    ctx.request_repaint();
}

/// Shows or hides panels, and keeps that.
fn toggle(app: &mut App, change: impl FnOnce(&mut Panels)) {
    change(&mut app.session.panels);
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
        // The canvas shows neither the project as a whole nor its file.
        Place::Project | Place::File { .. } => return,
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
        Place::Project | Place::File { .. } => return,
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
