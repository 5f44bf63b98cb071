//! Keys that belong to the canvas: Tab opens the search, Backspace removes, arrows move. All other keys are shortcuts
//! of application commands.

use egui::{EventFilter, Key, Modifiers, Response, Ui, Vec2};

use super::node_shape::GRID;
use super::state::CanvasState;
use super::view::CanvasView;
use crate::command::{CommandQueue, EditAction};
use crate::document::EditCommand;

/// Handles these keys if the canvas has the focus, or if no widget has it and the pointer is over the canvas.
pub fn keys(
    ui: &Ui,
    response: &Response,
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    is_over: bool,
    commands: &mut CommandQueue,
) {
    let is_unfocused = ui.memory(|memory| memory.focused().is_none());
    if state.takes_keys() || !(response.has_focus() || (is_unfocused && is_over)) {
        return;
    }
    if response.has_focus() {
        let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    let take = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if take(Key::Tab) {
        let at = state.pointer_in_canvas().unwrap_or_else(|| state.centre_in_canvas(view.scope));
        state.open_search(at, None);
        return;
    }
    if take(Key::Backspace) && !state.selection.is_empty() {
        commands.push(EditAction::Delete);
    }
    let step = [
        (Key::ArrowLeft, -1.0, 0.0),
        (Key::ArrowRight, 1.0, 0.0),
        (Key::ArrowUp, 0.0, -1.0),
        (Key::ArrowDown, 0.0, 1.0),
    ]
    .into_iter()
    .filter(|(key, ..)| take(*key))
    .fold(Vec2::ZERO, |sum, (_, x, y)| sum + Vec2::new(x, y) * GRID);
    if step != Vec2::ZERO && !state.selection.nodes.is_empty() {
        let nodes = state.selection.nodes.iter().filter_map(|id| view.document.node(*id));
        let moves =
            nodes.map(|node| (node.id, [node.pos_in_canvas[0] + step.x, node.pos_in_canvas[1] + step.y])).collect();
        commands.edit(EditCommand::MoveNodes { moves });
    }
}
