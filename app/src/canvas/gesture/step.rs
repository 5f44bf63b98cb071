//! One step of a gesture, for one input.

use egui::Rect;

use super::effect::Effect;
use super::input::{Button, Input, PointerPos};
use super::state::Gesture;
use super::world::World;
use super::{moving, press};
use crate::canvas::hit::{cut_by, inside};
use crate::canvas::selection::Selection;

/// How far the pointer must move before a press becomes a drag, in points on the screen.
const DRAG_FROM: f32 = 4.0;

/// Handles one input. Changes the selection in place and returns all other changes as effects.
pub fn step(
    gesture: &mut Gesture,
    selection: &mut Selection,
    input: &Input,
    world: World<'_>,
    zoom: f32,
) -> Vec<Effect> {
    match input {
        Input::Press { at, button, count, modifiers, space } => {
            if gesture.is_active() {
                return Vec::new();
            }
            let hit = world.hit(*at, zoom);
            press::press(
                gesture,
                selection,
                &press::Press { at: *at, button: *button, count: *count, modifiers: *modifiers, space: *space, hit },
                world,
            )
        }
        Input::Move { at } => moved(gesture, selection, *at, world, zoom),
        Input::Release { at, button } => released(gesture, selection, *at, *button, world),
        Input::Cancel => {
            if let Gesture::BoxSelect { base, .. } = gesture {
                *selection = base.clone();
            }
            *gesture = Gesture::Idle;
            Vec::new()
        }
    }
}

fn moved(gesture: &mut Gesture, selection: &mut Selection, at: PointerPos, world: World<'_>, zoom: f32) -> Vec<Effect> {
    match gesture {
        Gesture::Idle => Vec::new(),
        Gesture::Pressed { hit, origin, modifiers: held, .. } => {
            if at.on_screen.distance(origin.on_screen) < DRAG_FROM {
                return Vec::new();
            }
            let (hit, origin, held) = (hit.clone(), *origin, *held);
            *gesture = press::drag(&hit, origin, held, selection, world);
            // The pointer has already moved some distance.
            if gesture.is_active() { moved(gesture, selection, at, world, zoom) } else { Vec::new() }
        }
        Gesture::Moving { anchor, origin, by, .. } => {
            *by = moving::snapped_by(*anchor, at.in_canvas - *origin);
            Vec::new()
        }
        Gesture::Linking(linking) => {
            linking.follow(at.in_canvas, &world.hit(at, zoom), world);
            Vec::new()
        }
        Gesture::BoxSelect { origin, at: corner, base } => {
            *corner = at.in_canvas;
            *selection = inside(world.layout, Rect::from_two_pos(*origin, *corner)).union(base);
            Vec::new()
        }
        Gesture::Panning { last, .. } => {
            let by = at.on_screen - *last;
            *last = at.on_screen;
            vec![Effect::Pan(by)]
        }
        Gesture::Resizing { rect, .. } => {
            *rect = moving::resized(*rect, at.in_canvas);
            Vec::new()
        }
        Gesture::Cutting { stroke, wires } => {
            if let Some(last) = stroke.last().copied() {
                for wire in cut_by(world.layout, last, at.in_canvas) {
                    if !wires.contains(&wire) {
                        wires.push(wire);
                    }
                }
            }
            stroke.push(at.in_canvas);
            Vec::new()
        }
    }
}

fn released(
    gesture: &mut Gesture,
    selection: &mut Selection,
    at: PointerPos,
    button: Button,
    world: World<'_>,
) -> Vec<Effect> {
    if let Gesture::Panning { button: ends, .. } = gesture {
        if *ends == button {
            *gesture = Gesture::Idle;
        }
        return Vec::new();
    }
    if button != Button::Primary {
        return Vec::new();
    }
    match std::mem::take(gesture) {
        Gesture::Pressed { hit, modifiers, reduces, .. } => press::click(&hit, modifiers, reduces, selection),
        Gesture::Moving { nodes, frames, by, .. } => moving::finish(&nodes, &frames, by, world),
        Gesture::Linking(linking) => linking.finish(at.in_canvas),
        Gesture::Resizing { frame, rect } => moving::finish_resize(frame, rect, world),
        Gesture::Cutting { wires, .. } => moving::finish_cut(wires),
        Gesture::Idle | Gesture::BoxSelect { .. } | Gesture::Panning { .. } => Vec::new(),
    }
}
