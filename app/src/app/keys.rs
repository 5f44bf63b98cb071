//! Key bindings: the shortcuts of the table of commands, unless a text field, a key surface or a dialog uses the key.

use compose_runtime::surface::KEYS;
use egui::{Context, Event, FocusDirection, Key, KeyboardShortcut, Modifiers};

use crate::canvas::surface;
use crate::command::{AppCommand, COMMANDS, EditAction, ViewCommand};
use crate::view_state::ViewState;

/// Queues commands for the keys pressed in this frame.
pub fn take(view: &mut ViewState, ctx: &Context) {
    if view.panels().dialogs.is_open() || view.panels().command_palette.is_open {
        return;
    }
    take_tab(view, ctx);
    let is_typing = ctx.text_edit_focused();
    let is_played = surface::has_keyboard(ctx);
    if !is_typing {
        take_clipboard(view, ctx);
    }
    // Shortcuts with more modifiers come first, because Ctrl+Shift+Z would also match Ctrl+Z.
    let mut bindings: Vec<(KeyboardShortcut, &AppCommand)> =
        COMMANDS.iter().filter_map(|info| Some((info.shortcut?, &info.command))).collect();
    bindings.extend(EXTRA.iter().map(|(shortcut, command)| (*shortcut, command)));
    bindings.sort_by_key(|(shortcut, _)| std::cmp::Reverse(weight(shortcut.modifiers)));
    for (shortcut, command) in bindings {
        let is_plain = shortcut.modifiers.is_none() && KEYS.contains(&shortcut.logical_key.name());
        if is_typing && belongs_to_text(shortcut) || is_played && is_plain {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
            view.push(command.clone());
        }
    }
}

/// Opens the search if Tab is pressed over the canvas and no widget has the focus. Otherwise egui would move the focus
/// to the first widget before the canvas could handle the key.
fn take_tab(view: &mut ViewState, ctx: &Context) {
    let has_no_focus = ctx.memory(|memory| memory.focused().is_none());
    let is_canvas = !view.session().panels.stage && view.canvas().has_pointer() && !view.canvas().takes_keys();
    if has_no_focus
        && is_canvas
        && !egui::Popup::is_any_open(ctx)
        && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab))
    {
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        view.push(EditAction::AddComponent);
    }
}

/// Additional shortcuts.
static EXTRA: &[(KeyboardShortcut, AppCommand)] = &[
    (KeyboardShortcut::new(Modifiers::COMMAND, Key::Y), AppCommand::Edit(EditAction::Redo)),
    (KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals), AppCommand::View(ViewCommand::ZoomIn)),
    (
        KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P),
        AppCommand::View(ViewCommand::CommandPalette),
    ),
];

fn weight(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.shift) + u8::from(modifiers.alt) + u8::from(modifiers.command || modifiers.ctrl)
}

/// Whether a text field uses the shortcut itself.
fn belongs_to_text(shortcut: KeyboardShortcut) -> bool {
    let has_command = shortcut.modifiers.command || shortcut.modifiers.ctrl;
    let plain = [Key::Delete, Key::Space];
    let edits = [Key::Z, Key::Y, Key::X, Key::C, Key::V, Key::A, Key::ArrowUp, Key::ArrowDown];
    (!has_command && plain.contains(&shortcut.logical_key)) || (has_command && edits.contains(&shortcut.logical_key))
}

/// Handles copy, cut and paste, which arrive as separate events.
fn take_clipboard(view: &mut ViewState, ctx: &Context) {
    let events: Vec<Event> = ctx.input(|input| input.events.clone());
    for event in events {
        let action = match event {
            Event::Copy => EditAction::Copy,
            Event::Cut => EditAction::Cut,
            Event::Paste(text) => EditAction::PasteText(text),
            _ => continue,
        };
        view.push(action);
    }
}
