//! The canvas: the graph on screen. It reads the document but never edits it: it sends all requests as commands.
//!
//! A custom widget with these steps in every frame: layout (cached) → input → gesture → scene → paint. Layout, hits,
//! gestures and scene are pure; only `paint` and the small windows draw. It has its own transform instead of
//! `egui::Scene`, see `camera`. Shapes that are off screen are never built; the distant view is one mesh. The canvas
//! requests another frame only while messages move across a visible link.

pub mod camera;
pub mod curve;
pub mod gesture;
pub mod hit;
pub mod layout;
pub mod link_check;
pub mod node_shape;
pub mod paint;
pub mod pictures;
pub mod scene;
pub mod selection;
pub mod state;
pub mod surface;
pub mod traffic;
pub mod view;

mod access;
mod activity;
mod carried_kinds;
mod frame_editor;
mod graph;
mod grid;
mod hover;
mod keys;
mod menus;
mod message_editor;
mod minimap;
mod paint_memory;
mod palette_drop;
mod pointer;
mod search;
#[cfg(test)]
mod tests;
mod windows;

use egui::{CursorIcon, Pos2, Rect, Sense, Ui};

pub use state::{CanvasState, ViewRequest};
pub use view::CanvasView;

use crate::command::CommandQueue;
use crate::document::NodeId;
use gesture::{Button, Effect, Gesture, Input, World};
use hit::Hit;
use link_check::LinkCheck;

/// Draws the canvas into the available area and handles the user's input.
pub fn canvas_ui(ui: &mut Ui, view: &CanvasView<'_>, state: &mut CanvasState, commands: &mut CommandQueue) {
    let rect = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(rect, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Canvas, true, "Canvas"));
    ui.shrink_clip_rect(rect);

    state.viewport = rect;
    if state.layout.update(view.document, view.registry, view.scope) {
        state.selection.retain_existing(view.document, view.scope);
    }
    state.apply_requests(view);

    let is_over = scroll_and_zoom(ui, &response, view.scope, state);
    let menu_at = take_input(ui, &response, view, state, commands);
    keys::keys(ui, &response, view, state, is_over, commands);
    graph::graph_ui(ui, view, state, response.id, is_over, commands);
    minimap::minimap_ui(ui, view, state);
    menus::menu_ui(ui, view, state, menu_at, commands);
    let at = (state.camera(view.scope), state.viewport);
    windows::windows_ui(ui, view, &mut state.windows, at, &state.layout, commands);
    if state.gesture == Gesture::Idle && is_over && !egui::Popup::is_any_open(ui.ctx()) && !state.takes_keys() {
        hover::hover_ui(ui, view, state);
    }
}

/// The exponent that slows down egui's zoom with Ctrl and the wheel.
const WHEEL: f32 = 0.5;

/// Handles the wheel, two-finger scrolling and pinching. Returns whether the pointer is over the canvas.
fn scroll_and_zoom(ui: &Ui, response: &egui::Response, scope: Option<NodeId>, state: &mut CanvasState) -> bool {
    let hover = ui.input(|input| input.pointer.latest_pos());
    let is_over = hover.is_some_and(|pos| pointer::is_on_canvas(ui, response, state.viewport, pos));
    let inside = hover.filter(|pos| state.viewport.contains(*pos));
    state.pointing.in_canvas = inside.map(|pos| state.camera(scope).canvas_from_screen(state.viewport, pos));
    state.pointing.on_free_canvas = state.pointing.in_canvas.filter(|_| is_over);
    if let Some(pos) = hover.filter(|_| is_over) {
        let (zoom, scroll, is_pinch) = ui.input(|input| {
            let is_pinch =
                input.multi_touch().is_some() || input.events.iter().any(|e| matches!(e, egui::Event::Zoom(_)));
            (input.zoom_delta(), input.translation_delta(), is_pinch)
        });
        // A pinch gives the exact factor; a notch of the wheel is about a fifth.
        let zoom = if is_pinch { zoom } else { zoom.powf(WHEEL) };
        if zoom != 1.0 || scroll != egui::Vec2::ZERO {
            let mut camera = state.camera(scope);
            camera.zoom_at(state.viewport, pos, zoom);
            camera.pan(scroll);
            state.set_camera(scope, camera);
        }
    }
    is_over
}

/// Passes the input to the gestures. Returns the position at which a menu should open.
fn take_input(
    ui: &Ui,
    response: &egui::Response,
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    commands: &mut CommandQueue,
) -> Option<Pos2> {
    let camera = state.camera(view.scope);
    let minimap = state.minimap_rect(view).unwrap_or(Rect::NOTHING);
    let is_running = view.live.is_running();
    let escape_is_taken = state.escape_is_taken();
    let layout = &state.layout;
    let live_slots = |pos: Pos2| {
        is_running
            && matches!(hit::hit(layout, camera.canvas_from_screen(state.viewport, pos), camera.zoom), Hit::Surface(id) if graph::takes_presses(view, layout, id))
    };
    let mut inputs = pointer::inputs(ui, response, &camera, &mut state.pointing.memory, |pos| {
        minimap.contains(pos) || live_slots(pos)
    });
    let world = World {
        layout: &state.layout,
        check: LinkCheck { document: view.document, registry: view.registry, scope: view.scope },
    };
    let mut effects = Vec::new();
    if state.gesture.pushes_view()
        && let Some(pos) = ui.input(|input| input.pointer.latest_pos())
    {
        let push = pointer::push_at_edge(state.viewport, pos);
        if push != egui::Vec2::ZERO {
            let by = -push * ui.input(|input| input.stable_dt).min(0.05);
            let in_canvas = camera.canvas_from_screen(state.viewport, pos) - by / camera.zoom;
            inputs.push(Input::Move { at: gesture::PointerPos { on_screen: pos, in_canvas } });
            effects.push(Effect::Pan(by));
            ui.ctx().request_repaint();
        }
    }
    let mut menu_at = None;
    for input in &inputs {
        if *input == Input::Cancel && state.gesture == Gesture::Idle && !escape_is_taken {
            state.selection.clear();
        }
        if let Input::Press { at, button, .. } = input {
            response.request_focus();
            if *button == Button::Secondary && !state.gesture.is_active() {
                state.pointing.menu_hit = hit::hit(&state.layout, at.in_canvas, camera.zoom);
                menu_at = Some(at.on_screen);
            }
        }
        effects.extend(gesture::step(&mut state.gesture, &mut state.selection, input, world, camera.zoom));
    }
    if !ui.input(|input| input.pointer.any_down()) && !inputs.iter().any(|input| matches!(input, Input::Press { .. })) {
        // Another widget received the release, or it happened outside the window.
        if state.gesture != Gesture::Idle {
            let cancel = Input::Cancel;
            effects.extend(gesture::step(&mut state.gesture, &mut state.selection, &cancel, world, camera.zoom));
        }
    }
    follow_hover(ui, view.scope, state);
    for effect in effects {
        match effect {
            Effect::Edit(edit) => commands.edit(edit),
            Effect::Command(command) => commands.push(command),
            Effect::Pan(by) => {
                let mut camera = state.camera(view.scope);
                camera.pan(by);
                state.set_camera(view.scope, camera);
            }
            Effect::EditFrame(frame) => state.windows.open_frame_editor(frame),
            Effect::Search { at, from } => state.open_search(at, from),
        }
    }
    menu_at
}

fn follow_hover(ui: &Ui, scope: Option<NodeId>, state: &mut CanvasState) {
    let hit = match (state.pointing.on_free_canvas, &state.gesture) {
        (Some(pos), Gesture::Idle | Gesture::Pressed { .. }) => hit::hit(&state.layout, pos, state.zoom(scope)),
        _ => Hit::Nothing,
    };
    let cursor = match (&state.gesture, &hit) {
        (Gesture::Panning { .. }, _) => Some(CursorIcon::Grabbing),
        (Gesture::Moving { .. }, _) => Some(CursorIcon::Move),
        (Gesture::Resizing { .. }, _) | (_, Hit::FrameCorner(_)) => Some(CursorIcon::ResizeNwSe),
        (Gesture::Linking(_) | Gesture::Cutting { .. }, _) | (_, Hit::Port(_)) => Some(CursorIcon::Crosshair),
        (_, Hit::WireEnd(..)) => Some(CursorIcon::Grab),
        (_, Hit::Wire(_)) => Some(CursorIcon::PointingHand),
        _ => None,
    };
    if let Some(cursor) = cursor {
        ui.ctx().set_cursor_icon(cursor);
    }
    if hit != state.pointing.hover.hit {
        state.pointing.hover = pointer::Hover { hit, since: ui.input(|input| input.time) };
    }
}
