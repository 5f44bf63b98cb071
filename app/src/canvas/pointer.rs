//! Pointer: the shape under it, and the conversion of egui's events of one frame to inputs for the gestures.
//!
//! Events are converted one by one, so a press and a release within one frame are both seen. A press counts only if it
//! hits the canvas and not a menu, a window or a widget above it.

use egui::{Event, Pos2, Rect, Response, Ui, Vec2};

use super::camera::Camera;
use super::gesture::{Button, Input, PointerPos};
use super::hit::Hit;

/// The longest time (seconds) and distance (points) between the two presses of a double press.
const DOUBLE: (f64, f32) = (0.4, 6.0);

/// The pointer on the canvas.
#[derive(Debug, Default)]
pub struct Pointing {
    /// Its position in canvas coordinates, even if something covers the canvas there.
    pub in_canvas: Option<Pos2>,
    /// Its position in canvas coordinates, if nothing covers the canvas there.
    pub on_free_canvas: Option<Pos2>,
    /// The shape under the pointer.
    pub hover: Hover,
    /// The shape for which the context menu was opened.
    pub menu_hit: Hit,
    /// The earlier presses.
    pub memory: PointerMemory,
}

impl Pointing {
    /// Clears the shape under the pointer, because other shapes are shown.
    pub fn forget_hover(&mut self) {
        self.hover = Hover::default();
    }
}

/// What is under the pointer, and since when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hover {
    /// The shape under the pointer.
    pub hit: Hit,
    /// The time since which it has been there, on egui's clock.
    pub since: f64,
}

/// The state remembered from earlier frames.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PointerMemory {
    last_press: Option<(f64, Pos2, u8)>,
    is_down: bool,
}

/// The inputs of this frame. `blocked` returns whether a widget covers the canvas at a position.
pub fn inputs(
    ui: &Ui,
    response: &Response,
    camera: &Camera,
    memory: &mut PointerMemory,
    blocked: impl Fn(Pos2) -> bool,
) -> Vec<Input> {
    let viewport = response.rect;
    let position = |pos: Pos2| PointerPos { on_screen: pos, in_canvas: camera.canvas_from_screen(viewport, pos) };
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
            Event::PointerMoved(pos) => Some(Input::Move { at: position(pos) }),
            Event::PointerGone if memory.is_down => Some(Input::Cancel),
            Event::PointerButton { pos, button, pressed, modifiers } => {
                let Some(button) = button_of(button) else { continue };
                if !pressed {
                    memory.is_down = false;
                    Some(Input::Release { at: position(pos), button })
                } else if is_on_canvas(ui, response, viewport, pos) && !blocked(pos) {
                    memory.is_down = true;
                    let count = memory.count(time, pos);
                    Some(Input::Press { at: position(pos), button, count, modifiers, space })
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

/// The distance from the edge within which a drag pushes the view, in points.
const EDGE: f32 = 22.0;

/// The fastest push, in points per second.
const PUSH: f32 = 700.0;

/// How fast a drag at `pos` pushes the view, in points per second; zero away from the edges.
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
            Some((last_time, last_pos, count))
                if time - last_time <= DOUBLE.0 && last_pos.distance(pos) <= DOUBLE.1 =>
            {
                count + 1
            }
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

/// Whether the canvas is topmost at this position.
pub fn is_on_canvas(ui: &Ui, response: &Response, viewport: Rect, pos: Pos2) -> bool {
    viewport.contains(pos)
        && ui.clip_rect().contains(pos)
        && ui.ctx().layer_id_at(pos).is_none_or(|layer| layer == response.layer_id)
}
