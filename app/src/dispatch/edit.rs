//! Commands for the document: edits, undo, redo, copy and paste.

use egui::{pos2, vec2};

use super::target::Target;
use crate::canvas::ViewRequest;
use crate::command::EditAction;
use crate::document::arrange::{arrange, usual_size};
use crate::document::{COMPOSITE, EditCommand, Frame, Node, NodeId, edits, fragment::Inserted};
use crate::project::clipboard;

/// The margins between a frame and its components.
const FRAME_MARGIN: [f32; 4] = [24.0, 40.0, 24.0, 24.0];

/// The offset between components that are added at the same position.
const STEP: f32 = 30.0;

/// Carries out one command of this area.
pub fn edit(target: &mut Target<'_>, action: EditAction) {
    match action {
        EditAction::Apply(edit) => {
            apply(target, edit);
        }
        EditAction::Undo => {
            target.workspace.undo();
            target.view.follow(target.workspace.document());
        }
        EditAction::Redo => {
            target.workspace.redo();
            target.view.follow(target.workspace.document());
        }
        EditAction::Copy => copy(target),
        EditAction::Cut => {
            copy(target);
            delete(target);
        }
        EditAction::Paste => {
            // Text copied in this window comes first. Otherwise the system sends the clipboard as an event.
            let text = target.view.clipboard().to_owned();
            if text.is_empty() {
                target.ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
            } else {
                paste(target, &text);
            }
        }
        EditAction::PasteText(text) => paste(target, &text),
        EditAction::Duplicate => {
            let selection = &target.view.canvas().selection();
            let made =
                edits::duplicate(target.workspace.document(), target.view.scope(), &selection.nodes, &selection.frames);
            insert(target, made);
        }
        EditAction::Delete => delete(target),
        EditAction::Group => group(target),
        EditAction::Ungroup => ungroup(target),
        EditAction::FrameSelection => frame_selection(target),
        EditAction::Arrange => {
            let moves = arrange(target.workspace.document(), target.view.scope(), None, |node| size_of(target, node));
            let label = "Arrange".to_owned();
            if apply(target, EditCommand::Batch { label, commands: vec![EditCommand::MoveNodes { moves }] }) {
                target.view.canvas_mut().request(ViewRequest::Fit);
            }
        }
        EditAction::AddNode { type_name, pos_in_canvas } => add_node(target, &type_name, pos_in_canvas),
        EditAction::SelectAll => {
            let (document, scope) = (target.workspace.document(), target.view.scope());
            let nodes = document.nodes_in(scope).map(|node| node.id);
            let frames = document.frames_in(scope).map(|frame| frame.id);
            target.view.canvas_mut().select_parts(nodes, frames);
        }
        EditAction::SelectNone => target.view.canvas_mut().select_nothing(),
        EditAction::Rename => {
            target.view.open_panels().inspector = true;
            target.view.panels_mut().inspector.wants_name = true;
        }
        EditAction::AddComponent => {
            target.view.open_panels().stage = false;
            let at = target
                .view
                .canvas()
                .pointer_in_canvas()
                .unwrap_or_else(|| target.view.canvas().centre_in_canvas(target.view.scope()));
            target.view.canvas_mut().open_search(at, None);
        }
        EditAction::OpenSearchAt { pos_in_canvas: [x, y], from } => {
            target.view.canvas_mut().open_search(pos2(x, y), from);
        }
    }
}

/// Applies an edit. If it is refused, the user gets a notice and nothing changes.
pub fn apply(target: &mut Target<'_>, edit: EditCommand) -> bool {
    let is_done = target.workspace.edit(edit);
    target.view.follow(target.workspace.document());
    is_done
}

fn copy(target: &mut Target<'_>) {
    let selection = &target.view.canvas().selection();
    if selection.nodes.is_empty() && selection.frames.is_empty() {
        return;
    }
    let text = clipboard::copy(target.workspace.document(), &selection.nodes, &selection.frames);
    target.ctx.copy_text(text.clone());
    target.view.set_clipboard(text);
}

fn paste(target: &mut Target<'_>, text: &str) {
    // Pasting again uses a larger offset, so that the new components do not cover the earlier ones.
    let mut offset = STEP;
    loop {
        match clipboard::paste(target.workspace.document(), text, target.view.scope(), [offset, offset]) {
            Ok(made) if offset < STEP * 100.0 && covers_something(target, &made) => offset += STEP,
            Ok(made) => return insert(target, made),
            Err(error) => return target.workspace.notify_error(&error.to_string()),
        }
    }
}

fn covers_something(target: &Target<'_>, made: &Inserted) -> bool {
    let EditCommand::Batch { commands, .. } = &made.command else { return false };
    let is_taken = |node: &Node| {
        let mut nodes = target.workspace.document().nodes_in(target.view.scope());
        node.scope == target.view.scope() && nodes.any(|other| other.pos_in_canvas == node.pos_in_canvas)
    };
    commands.iter().any(|command| matches!(command, EditCommand::AddNode { node } if is_taken(node)))
}

fn insert(target: &mut Target<'_>, made: Inserted) {
    if apply(target, made.command) {
        target.view.canvas_mut().select_parts(made.nodes, made.frames);
        target.view.canvas_mut().request(ViewRequest::Reveal);
    }
}

fn delete(target: &mut Target<'_>) {
    let selection = &target.view.canvas().selection();
    if selection.is_empty() {
        return;
    }
    let edit = edits::remove(target.workspace.document(), &selection.nodes, &selection.wires, &selection.frames);
    apply(target, edit);
}

fn group(target: &mut Target<'_>) {
    let name = target.workspace.document().free_name(target.view.scope(), "group");
    match edits::group(target.workspace.document(), &target.view.canvas().selection().nodes, &name) {
        Ok((edit, id)) => {
            if apply(target, edit) {
                target.view.canvas_mut().select_nodes([id]);
            }
        }
        Err(error) => target.workspace.notify_error(&error.to_string()),
    }
}

fn ungroup(target: &mut Target<'_>) {
    let Some(id) = target.view.canvas().selection().only_node() else { return };
    let members: Vec<NodeId> = target.workspace.document().nodes_in(Some(id)).map(|node| node.id).collect();
    match edits::expand(target.workspace.document(), id) {
        Ok(edit) => {
            if apply(target, edit) {
                target.view.canvas_mut().select_nodes(members);
            }
        }
        Err(error) => target.workspace.notify_error(&error.to_string()),
    }
}

/// The drawn size of a node.
fn size_of(target: &Target<'_>, node: &Node) -> [f32; 2] {
    target.view.canvas().size_of(node.id).map_or_else(|| usual_size(node), Into::into)
}

fn frame_selection(target: &mut Target<'_>) {
    let document = target.workspace.document();
    let nodes: Vec<&Node> = target.view.canvas().selection().nodes.iter().filter_map(|id| document.node(*id)).collect();
    if nodes.is_empty() {
        return;
    }
    let mut corners = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for node in nodes {
        let ([x, y], [width, height]) = (node.pos_in_canvas, size_of(target, node));
        corners = [corners[0].min(x), corners[1].min(y), corners[2].max(x + width), corners[3].max(y + height)];
    }
    let [left, top, right, bottom] = FRAME_MARGIN;
    let (x, y) = (corners[0] - left, corners[1] - top);
    let rect_in_canvas = [x, y, corners[2] + right - x, corners[3] + bottom - y];
    let id = target.workspace.fresh_frame_id();
    let colour = u8::try_from(target.workspace.document().frames_in(target.view.scope()).count() % 8).unwrap_or(0);
    let title = "Frame".to_owned();
    let frame = Frame { id, scope: target.view.scope(), title, notes: String::new(), rect_in_canvas, colour };
    if apply(target, EditCommand::AddFrame { frame }) {
        target.view.canvas_mut().select_frame(id);
    }
}

fn add_node(target: &mut Target<'_>, type_name: &str, pos_in_canvas: Option<[f32; 2]>) {
    if type_name != COMPOSITE && target.workspace.registry().get(type_name).is_err() {
        target.workspace.notify_error(&format!("there is no component type {type_name}"));
        return;
    }
    let pos = pos_in_canvas.unwrap_or_else(|| free_position(target));
    let name = target.workspace.document().name_for_new(target.view.scope(), type_name);
    let id = target.workspace.fresh_id();
    let node = if type_name == COMPOSITE { Node::composite(id, name) } else { Node::leaf(id, name, type_name) };
    if apply(target, EditCommand::AddNode { node: node.inside(target.view.scope()).at(pos) }) {
        target.view.canvas_mut().select_nodes([id]);
        target.view.canvas_mut().request(ViewRequest::Reveal);
    }
}

/// A position on the grid, in the middle of the view or beside the components that are already there.
fn free_position(target: &Target<'_>) -> [f32; 2] {
    let middle = target.view.canvas().centre_in_canvas(target.view.scope()) - vec2(80.0, 40.0);
    let mut position = [(middle.x / 10.0).round() * 10.0, (middle.y / 10.0).round() * 10.0];
    let is_taken = |position: [f32; 2]| {
        target.workspace.document().nodes_in(target.view.scope()).any(|node| {
            (node.pos_in_canvas[0] - position[0]).abs() < STEP && (node.pos_in_canvas[1] - position[1]).abs() < STEP
        })
    };
    for _ in 0..200 {
        if !is_taken(position) {
            break;
        }
        position = [position[0] + STEP, position[1] + STEP];
    }
    position
}
