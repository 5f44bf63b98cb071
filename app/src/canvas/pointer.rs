//! Pointer: egui's events of one frame as inputs for the gestures.
//!
//! Events are taken one by one, so a press and a release within one frame are both seen. A press counts only if the
//! canvas is what it met: not a menu, a window or a widget above it.

use egui::{Event, Pos2, Rect, Response, Ui, Vec2};

use super::camera::Camera;
use super::gesture::{Button, Input, PointerPos};

/// Presses this close in time (seconds) and space (points) are a double press.
const DOUBLE: (f64, f32) = (0.4, 6.0);

/// What must be known of earlier frames.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PointerMemory {
    last_press: Option<(f64, Pos2, u8)>,
    is_down: bool,
}

/// The inputs of this frame. `blocked` are places where widgets lie above the canvas.
pub fn inputs(
    ui: &Ui,
    response: &Response,
    camera: &Camera,
    memory: &mut PointerMemory,
    blocked: impl Fn(Pos2) -> bool,
) -> Vec<Input> {
    let viewport = response.rect;
    let place = |pos: Pos2| PointerPos { on_screen: pos, in_canvas: camera.canvas_from_screen(viewport, pos) };
    let is_typing = ui.ctx().text_edit_focused();
    let (events, time, space) = ui.input(|input| {
        let wanted = |event: &&Event| {
            matches!(
                event,
                Event::PointerButton { .. } | Event::PointerMoved(_) | Event::PointerGone | Event::Key { .. }
            )
        };
        (
            input.events.iter().filter(wanted).cloned().collect::<Vec<_>>(),
            input.time,
            input.key_down(egui::Key::Space) && !is_typing,
        )
    });
    let mut inputs = Vec::new();
    for event in events {
        let input = match event {
            Event::PointerMoved(pos) => Some(Input::Move { at: place(pos) }),
            Event::PointerGone if memory.is_down => Some(Input::Cancel),
            Event::PointerButton { pos, button, pressed, modifiers } => {
                let Some(button) = button_of(button) else { continue };
                if !pressed {
                    memory.is_down = false;
                    Some(Input::Release { at: place(pos), button })
                } else if is_on_canvas(ui, response, viewport, pos) && !blocked(pos) {
                    memory.is_down = true;
                    let count = memory.count(time, pos);
                    Some(Input::Press { at: place(pos), button, count, modifiers, space })
                } else {
                    None
                }
            }
            Event::Key { key: egui::Key::Escape, pressed: true, .. } => Some(Input::Cancel),
            _ => None,
        };
        inputs.extend(input);
    }
    inputs
}

/// How close to the edge a drag begins to push the view, in points.
const EDGE: f32 = 22.0;

/// Fastest push, in points a second.
const PUSH: f32 = 700.0;

/// How fast a drag at `pos` pushes the view, in points a second; nothing in the middle.
pub fn push_at_edge(viewport: Rect, pos: Pos2) -> Vec2 {
    let along = |pos: f32, least: f32, most: f32| {
        let (before, after) = ((least + EDGE - pos).max(0.0), (pos - most + EDGE).max(0.0));
        ((after - before) / EDGE).clamp(-1.0, 1.0) * PUSH
    };
    Vec2::new(along(pos.x, viewport.left(), viewport.right()), along(pos.y, viewport.top(), viewport.bottom()))
}

impl PointerMemory {
    fn count(&mut self, time: f64, pos: Pos2) -> u8 {
        let count = match self.last_press {
            Some((then, there, count)) if time - then <= DOUBLE.0 && there.distance(pos) <= DOUBLE.1 => count + 1,
            _ => 1,
        };
        self.last_press = Some((time, pos, if count >= 2 { 0 } else { count }));
        count
    }
}

fn button_of(button: egui::PointerButton) -> Option<Button> {
    match button {
        egui::PointerButton::Primary => Some(Button::Primary),
        egui::PointerButton::Secondary => Some(Button::Secondary),
        egui::PointerButton::Middle => Some(Button::Middle),
        _ => None,
    }
}

/// Whether the canvas is the topmost thing at this place.
pub fn is_on_canvas(ui: &Ui, response: &Response, viewport: Rect, pos: Pos2) -> bool {
    viewport.contains(pos)
        && ui.clip_rect().contains(pos)
        && ui.ctx().layer_id_at(pos).is_none_or(|layer| layer == response.layer_id)
}
