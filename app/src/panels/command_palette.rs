//! The command palette: finds a command, component, example or recent project by a few letters of its name.

use egui::{Align2, Area as EguiArea, Key, Modifiers, Order, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};

use super::PanelView;
use super::command_state::{can, name_now};
use crate::command::{AppCommand, COMMANDS, CommandQueue, EditAction, FileCommand, ViewCommand};
use crate::document::Place;
use crate::fuzzy::Query;
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::empty;

/// The largest number of entries in the list.
const MOST_SHOWN: usize = 60;

/// The state of the command palette.
#[derive(Debug, Default)]
pub struct CommandPaletteState {
    /// Whether it is open.
    pub is_open: bool,
    text: String,
    cursor: usize,
    had_focus: bool,
}

impl CommandPaletteState {
    /// Opens the palette with an empty text field.
    pub fn open(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }
}

struct Entry {
    name: String,
    detail: String,
    command: AppCommand,
}

/// Draws the palette while it is open.
pub fn command_palette_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    state: &mut CommandPaletteState,
    commands: &mut CommandQueue,
) {
    if !state.is_open {
        return;
    }
    let screen = ui.ctx().content_rect();
    let width = 520.0_f32.min(screen.width() - 40.0);
    let at = pos2(screen.center().x - width / 2.0, screen.top() + 72.0);
    let area = EguiArea::new(egui::Id::unique("command palette")).order(Order::Foreground).fixed_pos(at);
    let response = area.show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).inner_margin(8.0).show(ui, |ui| {
            ui.set_width(width);
            content_ui(ui, view, state, commands);
        });
    });
    let is_outside = ui.input(|input| input.pointer.any_pressed())
        && ui.input(|input| input.pointer.interact_pos()).is_some_and(|pos| !response.response.rect.contains(pos));
    if is_outside || ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        state.is_open = false;
    }
}

fn content_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut CommandPaletteState, commands: &mut CommandQueue) {
    let (down, up) = ui.input_mut(|input| {
        (input.consume_key(Modifiers::NONE, Key::ArrowDown), input.consume_key(Modifiers::NONE, Key::ArrowUp))
    });
    let entries = entries(view, &state.text);
    let last = entries.len().saturating_sub(1);
    if down {
        state.cursor = (state.cursor + 1).min(last);
    }
    if up {
        state.cursor = state.cursor.saturating_sub(1);
    }
    let field = TextEdit::singleline(&mut state.text)
        .hint_text("Type a command, a component or an example…")
        .font(tokens::font(14.0))
        .margin(vec2(10.0, 7.0))
        .desired_width(f32::INFINITY);
    let response = ui.add(field).accessible_name("Command");
    if !std::mem::replace(&mut state.had_focus, true) {
        response.request_focus();
    }
    if response.changed() {
        state.cursor = 0;
    }
    let mut chosen = None;
    if ui.input(|input| input.key_pressed(Key::Enter)) {
        chosen = Some(state.cursor.min(last));
    }
    ui.add_space(4.0);
    if entries.is_empty() {
        empty(ui, "No command matches.");
    }
    ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, entry) in entries.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click());
            let is_chosen = index == state.cursor;
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, is_chosen, &entry.name));
            if is_chosen || response.hovered() {
                let background = if is_chosen { view.theme.pressed } else { view.theme.hover };
                ui.painter().rect_filled(rect, RADIUS_CONTROL, background);
            }
            if is_chosen && (down || up) {
                response.scroll_to_me(None);
            }
            let left = pos2(rect.left() + 10.0, rect.center().y);
            let font = tokens::font(SIZE_BODY + 0.5);
            ui.painter().text(left, Align2::LEFT_CENTER, &entry.name, font, view.theme.text);
            let right = pos2(rect.right() - 10.0, rect.center().y);
            let font = tokens::font(SIZE_SMALL);
            ui.painter().text(right, Align2::RIGHT_CENTER, &entry.detail, font, view.theme.muted);
            if response.clicked() {
                chosen = Some(index);
            }
        }
    });
    if let Some(entry) = chosen.and_then(|index| entries.into_iter().nth(index)) {
        commands.push(entry.command);
        state.is_open = false;
    }
}

fn entries(view: &PanelView<'_>, text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for info in
        COMMANDS.iter().filter(|info| info.command != AppCommand::View(ViewCommand::CommandPalette) && can(info, view))
    {
        let key = info.shortcut.map(|shortcut| shortcut.format(&egui::ModifierNames::NAMES, false));
        let name = name_now(info, view);
        let detail = key.unwrap_or_else(|| info.area.title().to_owned());
        entries.push(Entry { name, detail, command: info.command.clone() });
    }
    for spec in view.registry.iter() {
        let command =
            AppCommand::Edit(EditAction::AddNode { type_name: spec.type_name.to_owned(), pos_in_canvas: None });
        entries.push(Entry { name: format!("Add {}", spec.type_name), detail: spec.summary.to_owned(), command });
    }
    for name in view.examples {
        let command = AppCommand::File(FileCommand::OpenExample(name.clone()));
        entries.push(Entry { name: format!("Example: {name}"), detail: "Examples".to_owned(), command });
    }
    for path in view.session.recent.paths() {
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let command = AppCommand::File(FileCommand::OpenPath(path.clone()));
        entries.push(Entry { name: format!("Open {name}"), detail: "Recent".to_owned(), command });
    }
    for node in view.document.all_nodes().take(2000) {
        let command = AppCommand::View(ViewCommand::GoTo(Place::Node(node.id)));
        let name = format!("Go to {}", view.document.path_name(node.id));
        entries.push(Entry { name, detail: node.type_name().to_owned(), command });
    }
    let mut found = Query::new(text).ranked(entries, |entry| (&entry.name, []));
    found.truncate(MOST_SHOWN);
    found
}
