//! Surfaces for keyboard and mouse: a key area, and a button that distinguishes all mouse buttons.
//!
//! A key area gets the keyboard focus like a text field: with a click, until Escape or a click elsewhere. It then
//! receives all plain keys, and while [`has_keyboard`] is true, the application does not handle them.

use compose_runtime::message::Message;
use compose_runtime::surface::KEYS;
use egui::accesskit::Role;
use egui::{
    Context, CornerRadius, Event, EventFilter, Id, Key, Modifiers, MouseWheelSource, PointerButton, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo,
};

use super::slot::{Slot, centred, pressable};
use crate::theme::tokens::{self, RADIUS_CONTROL, Tokens};

/// The id under which egui's memory stores the key area that had the focus last.
fn last_key_area() -> Id {
    Id::unique("key area")
}

/// Whether a key area has the keyboard focus.
pub fn has_keyboard(ctx: &Context) -> bool {
    let key_area = ctx.data(|data| data.get_temp::<Id>(last_key_area()));
    key_area.is_some() && ctx.memory(|memory| memory.focused()) == key_area
}

/// The label of a key area.
pub(super) fn label(name: &str, keys: &[String]) -> String {
    if keys.is_empty() { format!("keys of {name}") } else { format!("keys of {name}: {}", keys.join(" ")) }
}

/// Draws a key area. Returns the key strokes of this frame.
pub(super) fn keys_ui(ui: &Ui, slot: &Slot<'_>, keys: &[String], theme: &Tokens) -> Vec<Message> {
    let response = ui.interact(slot.rect, slot.id, Sense::click());
    let label = label(slot.name, keys);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let is_free = slot.on_stage && ui.memory(|memory| memory.focused().is_none());
    if response.clicked() && !response.has_focus() || is_free {
        response.request_focus();
        // The area receives the arrow keys only from the next frame on.
        ui.ctx().request_repaint();
    }
    let has_focus = response.has_focus();
    let background = if has_focus { theme.selection_background } else { theme.background };
    let radius = CornerRadius::same((f32::from(RADIUS_CONTROL) * slot.scale * 0.75) as u8);
    let line = if has_focus { Stroke::new(2.0, theme.selection) } else { Stroke::new(1.0, theme.line) };
    ui.painter().rect(slot.rect, radius, background, line, StrokeKind::Inside);
    let text = match (has_focus, keys) {
        (_, [_, ..]) => keys.join(" "),
        (true, []) => "any key".to_owned(),
        (false, []) => "click, then press keys".to_owned(),
    };
    let colour = if has_focus { theme.strong } else { theme.muted };
    centred(ui.painter(), slot.rect, slot.scale, &text, tokens::font(10.5), colour);
    if !has_focus {
        return Vec::new();
    }
    ui.ctx().data_mut(|data| data.insert_temp(last_key_area(), slot.id));
    let filter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(slot.id, filter));
    ui.input_mut(|input| take_strokes(&mut input.events))
}

/// Removes the strokes for the key area from the events of a frame and returns them. Repeats of a held key are dropped.
fn take_strokes(events: &mut Vec<Event>) -> Vec<Message> {
    let mut strokes = Vec::new();
    events.retain(|event| match event {
        Event::Key { key, pressed, repeat, modifiers, .. } if is_plain(*key, *pressed, *modifiers) => {
            if !(*pressed && *repeat) {
                let direction = if *pressed { "DOWN" } else { "UP" };
                strokes.push(Message::list([direction.into(), key.name().into()]));
            }
            false
        }
        _ => true,
    });
    strokes
}

/// Whether a stroke is for a key area and not for the window. A release counts even if Ctrl was pressed meanwhile.
fn is_plain(key: Key, pressed: bool, modifiers: Modifiers) -> bool {
    let is_chord = modifiers.ctrl || modifiers.command || modifiers.alt;
    KEYS.contains(&key.name()) && !(pressed && is_chord)
}

/// Draws a button and returns the numbers of the mouse buttons that pressed it. On the stage, the wheel counts too.
pub(super) fn mouse_buttons_ui(ui: &Ui, slot: &Slot<'_>, caption: &str, theme: &Tokens) -> Vec<Message> {
    let response = pressable(ui, slot, caption, theme);
    let pressed = |button| response.clicked_by(button);
    // A press with a key or with assistive technology counts as the left button.
    let by_pointer = [PointerButton::Primary, PointerButton::Middle, PointerButton::Secondary].map(pressed);
    let is_left = by_pointer == [false; 3] && response.clicked();
    let mut numbers: Vec<i64> =
        (1..).zip(by_pointer).filter(|(_, pressed)| *pressed).map(|(number, _)| number).collect();
    numbers.extend(is_left.then_some(1));
    if slot.on_stage && response.hovered() {
        ui.input(|input| {
            numbers.extend(input.events.iter().filter_map(|event| match event {
                // Scrolling on a track pad does not count as turning the wheel.
                Event::MouseWheel { source: MouseWheelSource::Trackpad | MouseWheelSource::Momentum, .. } => None,
                Event::MouseWheel { delta, .. } if delta.y > 0.0 => Some(4),
                Event::MouseWheel { delta, .. } if delta.y < 0.0 => Some(5),
                _ => None,
            }));
        });
    }
    numbers.into_iter().map(Message::Int).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(key: Key, pressed: bool, repeat: bool, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed, repeat, modifiers }
    }

    #[test]
    fn plain_strokes_are_taken_once_and_all_others_are_kept() {
        let mut events = vec![
            stroke(Key::Space, true, false, Modifiers::NONE),
            stroke(Key::Space, true, true, Modifiers::NONE),
            stroke(Key::Space, false, false, Modifiers::CTRL),
            stroke(Key::A, true, false, Modifiers::SHIFT),
            stroke(Key::Z, true, false, Modifiers::COMMAND),
            stroke(Key::F5, true, false, Modifiers::NONE),
            stroke(Key::Escape, true, false, Modifiers::NONE),
        ];
        let taken = take_strokes(&mut events);
        let expected = [["DOWN", "Space"], ["UP", "Space"], ["DOWN", "A"]];
        assert_eq!(taken, expected.map(|parts| Message::list(parts.map(Message::from))));
        assert_eq!(events.len(), 3, "{events:?}");
    }

    #[test]
    fn every_key_name_allowed_in_a_project_is_known_to_egui() {
        for name in KEYS {
            assert_eq!(Key::from_name(name).map(Key::name), Some(*name));
        }
    }
}
