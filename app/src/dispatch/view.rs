//! Commands for the view: selection, scope, zoom, panels, theme and dialogs. They change the canvas and the session.

use super::target::Target;
use crate::canvas::ViewRequest;
use crate::command::{DockTab, ViewCommand};
use crate::document::{NodeId, Place, Wire};
use crate::panels::dialogs::Dialog;
use crate::session::Panels;
use crate::theme::style::install_theme;

/// The factor of one zoom step.
const ZOOM_STEP: f32 = 1.2;

/// Carries out one command of this area.
pub fn view(target: &mut Target<'_>, command: ViewCommand) {
    match command {
        ViewCommand::SelectNodes(nodes) => target.view.canvas_mut().select_nodes(nodes),
        ViewCommand::SelectWire(wire) => {
            target.view.canvas_mut().select_wire(wire);
            // If nothing runs, there are no messages to show.
            if target.workspace.live().is_running() {
                show_tab(target, DockTab::Messages);
            }
        }
        ViewCommand::GoTo(place) => go_to(target, place),
        ViewCommand::EnterScope(id) => target.view.set_scope(target.workspace.document(), Some(id)),
        ViewCommand::SetScope(scope) => target.view.set_scope(target.workspace.document(), scope),
        ViewCommand::LeaveScope => {
            if let Some(scope) = target.view.scope() {
                let around = target.workspace.document().node(scope).and_then(|node| node.scope);
                target.view.set_scope(target.workspace.document(), around);
                target.view.canvas_mut().select_nodes([scope]);
            }
        }
        ViewCommand::AskMessage(port) => target.view.canvas_mut().open_message_editor(port),
        ViewCommand::ZoomIn => target.view.canvas_mut().request(ViewRequest::ZoomBy(ZOOM_STEP)),
        ViewCommand::ZoomOut => target.view.canvas_mut().request(ViewRequest::ZoomBy(1.0 / ZOOM_STEP)),
        ViewCommand::ZoomReset => target.view.canvas_mut().request(ViewRequest::ZoomTo(1.0)),
        ViewCommand::ZoomToFit => target.view.canvas_mut().request(ViewRequest::Fit),
        ViewCommand::ZoomToSelection => target.view.canvas_mut().request(ViewRequest::FitSelection),
        ViewCommand::FindInPalette => {
            target.view.open_panels().palette = true;
            target.view.panels_mut().palette.wants_focus = true;
        }
        ViewCommand::ShowOnStage(id) => {
            target.view.panels_mut().stage.chosen = Some(id);
            target.view.open_panels().stage = true;
        }
        ViewCommand::CommandPalette => target.view.panels_mut().command_palette.open(),
        ViewCommand::CloseNotice(text) => target.workspace.close_notice(&text),
        ViewCommand::Settings => target.view.show_dialog(Dialog::Settings),
        ViewCommand::SetTheme(theme) => {
            target.view.session_mut().theme = theme;
            install_theme(target.ctx, theme, target.view.session().text_scale);
            target.view.save_session();
        }
        ViewCommand::SetTextScale(scale) => {
            target.view.session_mut().text_scale = scale.clamp(0.8, 2.0);
            install_theme(target.ctx, target.view.session().theme, target.view.session().text_scale);
            target.view.save_session();
        }
        ViewCommand::TogglePalette => toggle(target, |panels| panels.palette = !panels.palette),
        ViewCommand::ToggleInspector => toggle(target, |panels| panels.inspector = !panels.inspector),
        ViewCommand::ToggleDock => toggle(target, |panels| panels.dock = !panels.dock),
        ViewCommand::ToggleOutline => toggle(target, |panels| {
            panels.outline = !(panels.outline && panels.palette);
            panels.palette |= panels.outline;
        }),
        ViewCommand::ToggleStage => toggle(target, |panels| panels.stage = !panels.stage),
        ViewCommand::ToggleMinimap => toggle(target, |panels| panels.minimap = !panels.minimap),
        ViewCommand::ShowTab(tab) => {
            show_tab(target, tab);
            target.view.save_session();
        }
        ViewCommand::FoldCategory(category) => {
            let folded = &mut target.view.session_mut().folded;
            if !folded.remove(category.title()) {
                folded.insert(category.title().to_owned());
            }
            target.view.save_session();
        }
    }
    target.ctx.request_repaint();
}

/// Shows or hides panels, and saves the session.
fn toggle(target: &mut Target<'_>, change: impl FnOnce(&mut Panels)) {
    change(target.view.open_panels());
    target.view.save_session();
}

fn show_tab(target: &mut Target<'_>, tab: DockTab) {
    target.view.open_panels().tab = tab;
    target.view.open_panels().dock = true;
}

fn go_to(target: &mut Target<'_>, place: Place) {
    let document = target.workspace.document();
    let scope = match &place {
        Place::Node(id) => document.node(*id).map(|node| node.scope),
        Place::Wire(wire) => scope_of(target, wire),
        // The canvas shows neither the project as a whole nor its file.
        Place::Project | Place::File { .. } => return,
    };
    let Some(scope) = scope else {
        target.workspace.notify_error("this part no longer exists");
        return;
    };
    target.view.set_scope(target.workspace.document(), scope);
    target.view.open_panels().stage = false;
    match place {
        Place::Node(id) => target.view.canvas_mut().select_nodes([id]),
        Place::Wire(wire) => target.view.canvas_mut().select_wire(wire),
        Place::Project | Place::File { .. } => return,
    }
    target.view.canvas_mut().request(ViewRequest::Reveal);
}

/// The scope in which a wire is drawn; the outer option is `None` if the wire does not exist.
#[expect(clippy::option_option, reason = "the top level is also a scope, and the wire may not exist")]
fn scope_of(target: &Target<'_>, wire: &Wire) -> Option<Option<NodeId>> {
    let document = target.workspace.document();
    let ends = [wire.from.node, wire.to.node];
    let scopes = ends.iter().filter_map(|id| document.node(*id)).flat_map(|node| [node.scope, Some(node.id)]);
    scopes.into_iter().find(|scope| document.wires_in(*scope).any(|other| other == wire))
}
