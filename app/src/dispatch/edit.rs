//! Edits, undo, redo, copy and paste: commands to the document, through `History`.

use egui::{Context, pos2, vec2};

use crate::app::App;
use crate::canvas::ViewRequest;
use crate::command::EditAction;
use crate::document::arrange::{arrange, usual_size};
use crate::document::{COMPOSITE, EditCommand, EditError, Frame, Node, NodeId, edits, fragment::Inserted};
use crate::project::clipboard;

/// Room between a frame and what is in it.
const FRAME_MARGIN: [f32; 4] = [24.0, 40.0, 24.0, 24.0];

/// How far from each other components are put that are added at the same place.
const STEP: f32 = 30.0;

/// Carries out one command of this area.
pub fn edit(app: &mut App, ctx: &Context, action: EditAction) {
    match action {
        EditAction::Apply(edit) => {
            apply(app, edit);
        }
        EditAction::Undo => {
            let undone = app.history.undo(&mut app.project.document);
            after_step(app, "Undid", undone);
        }
        EditAction::Redo => {
            let redone = app.history.redo(&mut app.project.document);
            after_step(app, "Redid", redone);
        }
        EditAction::Copy => copy(app, ctx),
        EditAction::Cut => {
            copy(app, ctx);
            delete(app);
        }
        EditAction::Paste => {
            // What was copied here comes first; else the system is asked, and answers with an event.
            let text = app.clipboard.clone();
            if text.is_empty() {
                ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
            } else {
                paste(app, &text);
            }
        }
        EditAction::PasteText(text) => paste(app, &text),
        EditAction::Duplicate => {
            let selection = &app.canvas.selection;
            let made = edits::duplicate(&app.project.document, app.scope, &selection.nodes, &selection.frames);
            insert(app, made);
        }
        EditAction::Delete => delete(app),
        EditAction::Group => group(app),
        EditAction::Ungroup => ungroup(app),
        EditAction::FrameSelection => frame_selection(app),
        EditAction::Arrange => {
            let moves = arrange(&app.project.document, app.scope, None, |node| size_of(app, node));
            let label = "Arrange".to_owned();
            if apply(app, EditCommand::Batch { label, commands: vec![EditCommand::MoveNodes { moves }] }) {
                app.canvas.request(ViewRequest::Fit);
            }
        }
        EditAction::AddNode { type_name, pos_in_canvas } => add_node(app, &type_name, pos_in_canvas),
        EditAction::SelectAll => {
            let nodes: Vec<NodeId> = app.project.document.nodes_in(app.scope).map(|node| node.id).collect();
            app.canvas.selection.set_nodes(nodes);
            app.canvas.selection.frames = app.project.document.frames_in(app.scope).map(|frame| frame.id).collect();
        }
        EditAction::SelectNone => app.canvas.selection.clear(),
        EditAction::Rename => {
            app.session.panels.inspector = true;
            app.panels.inspector.wants_name = true;
        }
        EditAction::AddComponent => {
            app.session.panels.stage = false;
            let at = app.canvas.pointer_in_canvas().unwrap_or_else(|| app.canvas.centre_in_canvas());
            app.canvas.open_search(at, None);
        }
        EditAction::OpenSearchAt { pos_in_canvas: [x, y], from } => app.canvas.open_search(pos2(x, y), from),
    }
}

/// Changes the document. A refusal is told and changes nothing.
pub fn apply(app: &mut App, edit: EditCommand) -> bool {
    match app.history.edit(&mut app.project.document, edit) {
        Ok(()) => {
            leave_lost_scope(app);
            true
        }
        Err(error) => {
            app.notices.wrong(error.to_string());
            false
        }
    }
}

fn after_step(app: &mut App, word: &str, step: Result<Option<String>, EditError>) {
    match step {
        Ok(Some(label)) => app.notices.done(format!("{word}: {label}")),
        Ok(None) => {}
        Err(error) => app.notices.wrong(error.to_string()),
    }
    leave_lost_scope(app);
}

/// An open composite may have been removed, by undo for example.
fn leave_lost_scope(app: &mut App) {
    while let Some(scope) = app.scope {
        if app.project.document.node(scope).is_some_and(Node::is_composite) {
            break;
        }
        app.scope = None;
    }
    app.canvas.selection.retain_existing(&app.project.document, app.scope);
}

fn copy(app: &mut App, ctx: &Context) {
    let selection = &app.canvas.selection;
    if selection.nodes.is_empty() && selection.frames.is_empty() {
        return;
    }
    app.clipboard = clipboard::copy(&app.project.document, &selection.nodes, &selection.frames);
    ctx.copy_text(app.clipboard.clone());
}

fn paste(app: &mut App, text: &str) {
    // Pasting again goes on beside what was pasted before, so that nothing is hidden under its twin.
    let mut offset = STEP;
    loop {
        match clipboard::paste(&app.project.document, text, app.scope, [offset, offset]) {
            Ok(made) if offset < STEP * 100.0 && covers_something(app, &made) => offset += STEP,
            Ok(made) => return insert(app, made),
            Err(error) => return app.notices.wrong(error.to_string()),
        }
    }
}

fn covers_something(app: &App, made: &Inserted) -> bool {
    let EditCommand::Batch { commands, .. } = &made.command else { return false };
    let is_taken = |node: &Node| {
        let mut there = app.project.document.nodes_in(app.scope);
        node.scope == app.scope && there.any(|other| other.pos_in_canvas == node.pos_in_canvas)
    };
    commands.iter().any(|command| matches!(command, EditCommand::AddNode { node } if is_taken(node)))
}

fn insert(app: &mut App, made: Inserted) {
    if apply(app, made.command) {
        app.canvas.selection.set_nodes(made.nodes);
        app.canvas.selection.frames = made.frames.into_iter().collect();
        app.canvas.request(ViewRequest::Reveal);
    }
}

fn delete(app: &mut App) {
    let selection = &app.canvas.selection;
    if selection.is_empty() {
        return;
    }
    let edit = edits::remove(&app.project.document, &selection.nodes, &selection.wires, &selection.frames);
    apply(app, edit);
}

fn group(app: &mut App) {
    let name = app.project.document.free_name(app.scope, "group");
    match edits::group(&app.project.document, &app.canvas.selection.nodes, &name) {
        Ok((edit, id)) => {
            if apply(app, edit) {
                app.canvas.selection.set_nodes([id]);
            }
        }
        Err(error) => app.notices.wrong(error.to_string()),
    }
}

fn ungroup(app: &mut App) {
    let Some(id) = app.canvas.selection.only_node() else { return };
    let members: Vec<NodeId> = app.project.document.nodes_in(Some(id)).map(|node| node.id).collect();
    match edits::expand(&app.project.document, id) {
        Ok(edit) => {
            if apply(app, edit) {
                app.canvas.selection.set_nodes(members);
            }
        }
        Err(error) => app.notices.wrong(error.to_string()),
    }
}

/// How large a node is drawn: pictures and plots are taller than most.
fn size_of(app: &App, node: &Node) -> [f32; 2] {
    app.canvas.size_of(node.id).map_or_else(|| usual_size(node), Into::into)
}

fn frame_selection(app: &mut App) {
    let document = &app.project.document;
    let nodes: Vec<&Node> = app.canvas.selection.nodes.iter().filter_map(|id| document.node(*id)).collect();
    if nodes.is_empty() {
        return;
    }
    let mut corners = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for node in nodes {
        let ([x, y], [width, height]) = (node.pos_in_canvas, size_of(app, node));
        corners = [corners[0].min(x), corners[1].min(y), corners[2].max(x + width), corners[3].max(y + height)];
    }
    let [left, top, right, bottom] = FRAME_MARGIN;
    let (x, y) = (corners[0] - left, corners[1] - top);
    let rect_in_canvas = [x, y, corners[2] + right - x, corners[3] + bottom - y];
    let id = app.project.document.fresh_frame_id();
    let colour = u8::try_from(app.project.document.frames_in(app.scope).count() % 8).unwrap_or(0);
    let title = "Frame".to_owned();
    let frame = Frame { id, scope: app.scope, title, notes: String::new(), rect_in_canvas, colour };
    if apply(app, EditCommand::AddFrame { frame }) {
        app.canvas.selection.set_frame(id);
    }
}

fn add_node(app: &mut App, type_name: &str, pos_in_canvas: Option<[f32; 2]>) {
    if type_name != COMPOSITE && app.registry.get(type_name).is_err() {
        app.notices.wrong(format!("there is no component type {type_name}"));
        return;
    }
    let pos = pos_in_canvas.unwrap_or_else(|| free_place(app));
    let document = &mut app.project.document;
    let name = document.free_name(app.scope, &type_name.to_lowercase());
    let id = document.fresh_id();
    let node = if type_name == COMPOSITE { Node::composite(id, name) } else { Node::leaf(id, name, type_name) };
    if apply(app, EditCommand::AddNode { node: node.inside(app.scope).at(pos) }) {
        app.canvas.selection.set_nodes([id]);
        app.canvas.request(ViewRequest::Reveal);
    }
}

/// The middle of the view, or beside what is there already, on the grid.
fn free_place(app: &App) -> [f32; 2] {
    let middle = app.canvas.centre_in_canvas() - vec2(80.0, 40.0);
    let mut place = [(middle.x / 10.0).round() * 10.0, (middle.y / 10.0).round() * 10.0];
    let taken = |place: [f32; 2]| {
        app.project.document.nodes_in(app.scope).any(|node| {
            (node.pos_in_canvas[0] - place[0]).abs() < STEP && (node.pos_in_canvas[1] - place[1]).abs() < STEP
        })
    };
    for _ in 0..200 {
        if !taken(place) {
            break;
        }
        place = [place[0] + STEP, place[1] + STEP];
    }
    place
}
