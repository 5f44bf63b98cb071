//! The palette: all components by category. They can be filtered, and dragged onto the canvas.
//!
//! Typing filters, the arrow keys select, and Enter or a double-click adds the component.

use compose_runtime::component::{Category, ComponentSpec};
use egui::text::{LayoutJob, TextWrapping};
use egui::{
    DragAndDrop, Key, Modifiers, Rect, RectAlign, Response, RichText, ScrollArea, Sense, TextEdit, Tooltip, Ui, pos2,
    vec2,
};

use super::PanelView;
use crate::canvas::view::PaletteDrag;
use crate::command::{CommandQueue, EditAction, ViewCommand};
use crate::document::COMPOSITE;
use crate::fuzzy::Query;
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL, SIZE_TINY};
use crate::theme::widgets::swatch;

/// Height of an entry without its summary.
const ROW: f32 = 22.0;

/// Height of a category's heading.
const HEADING: f32 = 20.0;

/// The state of the palette.
#[derive(Debug, Default)]
pub struct PaletteState {
    /// The text of the filter.
    pub filter: String,
    /// Whether the filter gets the keyboard focus in the next frame.
    pub wants_focus: bool,
    cursor: Option<usize>,
}

/// A component type that can be added.
struct Entry {
    type_name: &'static str,
    category: Category,
    summary: &'static str,
}

const COMPOSITE_ENTRY: Entry = Entry {
    type_name: COMPOSITE,
    category: Category::Chassis,
    summary: "A graph inside a component; open it to add components",
};

/// Draws the palette.
pub fn palette_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut PaletteState, commands: &mut CommandQueue) {
    let entries = entries(view, &state.filter);
    let has_keys = ui.memory(|memory| memory.has_focus(egui::Id::unique("palette filter")));
    if has_keys {
        cursor_keys(ui, state, &entries, commands);
    }
    let filter = TextEdit::singleline(&mut state.filter)
        .hint_text("Find a component…")
        .desired_width(f32::INFINITY)
        .margin(vec2(10.0, 6.0));
    let response = ui.add(filter.id(egui::Id::unique("palette filter"))).accessible_name("Find a component");
    if std::mem::take(&mut state.wants_focus) {
        response.request_focus();
    }
    if response.changed() {
        state.cursor = (!state.filter.is_empty()).then_some(0);
    }
    if response.lost_focus() {
        state.cursor = None;
    }
    ui.add_space(4.0);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if entries.is_empty() {
            crate::theme::widgets::empty(ui, "No component matches.");
        }
        let is_filtered = !state.filter.trim().is_empty();
        let mut before = None;
        for (index, entry) in entries.iter().enumerate() {
            // A folded category must not hide search results.
            let is_folded = !is_filtered && view.session.folded.contains(entry.category.title());
            if before != Some(entry.category) {
                before = Some(entry.category);
                ui.add_space(if index == 0 { 0.0 } else { 6.0 });
                let count = entries.iter().filter(|other| other.category == entry.category).count();
                if category_ui(ui, entry.category, count, is_folded, view).clicked() && !is_filtered {
                    commands.push(ViewCommand::FoldCategory(entry.category));
                }
            }
            if is_folded {
                continue;
            }
            let is_chosen = state.cursor == Some(index);
            entry_ui(ui, entry, (is_chosen, is_filtered), view, commands);
        }
        ui.add_space(8.0);
    });
}

/// Draws the heading of a category. A click folds or unfolds the category; a folded one shows its number of components.
fn category_ui(ui: &mut Ui, category: Category, count: usize, is_folded: bool, view: &PanelView<'_>) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::click());
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, !is_folded, category.title()));
    let is_pointed_at = response.hovered() || response.has_focus();
    let colour = if is_pointed_at { view.theme.text } else { view.theme.dim };
    let font = tokens::font_strong(SIZE_SMALL);
    let at = pos2(rect.left() + 4.0, rect.center().y);
    let title = category.title().to_uppercase();
    let title = ui.painter().text(at, egui::Align2::LEFT_CENTER, title, font, colour);
    if is_folded {
        let at = pos2(title.right() + 8.0, rect.center().y);
        let count = count.to_string();
        ui.painter().text(at, egui::Align2::LEFT_CENTER, count, tokens::font(SIZE_SMALL), view.theme.dim);
    }
    if is_folded || is_pointed_at {
        let icon = if is_folded { Icon::Right } else { Icon::Down };
        let icon_rect = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(12.0, 12.0));
        icons::paint(ui.painter(), icon, icon_rect, colour);
    }
    response.on_hover_text(if is_folded { "Shows these components" } else { "Hides these components" })
}

fn entries(view: &PanelView<'_>, filter: &str) -> Vec<Entry> {
    let of = |spec: &'static ComponentSpec| Entry {
        type_name: spec.type_name,
        category: spec.category,
        summary: spec.summary,
    };
    let mut entries: Vec<Entry> = view.registry.iter().map(of).chain([COMPOSITE_ENTRY]).collect();
    let mut query = Query::new(filter);
    if query.is_empty() {
        entries.sort_by_key(|entry| entry.category);
        return entries;
    }
    let mut found = query.ranked(entries, |entry| (entry.type_name, [entry.summary, entry.category.title()]));
    // Each category has one heading, so its components stay together. The category with the best match comes first.
    let mut categories: Vec<Category> = Vec::new();
    for entry in &found {
        if !categories.contains(&entry.category) {
            categories.push(entry.category);
        }
    }
    found.sort_by_key(|entry| categories.iter().position(|category| *category == entry.category));
    found
}

fn cursor_keys(ui: &Ui, state: &mut PaletteState, entries: &[Entry], commands: &mut CommandQueue) {
    let (down, up, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.key_pressed(Key::Enter),
        )
    });
    let last = entries.len().saturating_sub(1);
    if down {
        state.cursor = Some(state.cursor.map_or(0, |cursor| (cursor + 1).min(last)));
    }
    if up {
        state.cursor = state.cursor.map(|cursor| cursor.saturating_sub(1));
    }
    if let (true, Some(entry)) = (enter, state.cursor.and_then(|cursor| entries.get(cursor))) {
        commands.push(EditAction::AddNode { type_name: entry.type_name.to_owned(), pos_in_canvas: None });
    }
}

/// Draws one entry: its name and, in filtered lists, its summary below.
fn entry_ui(
    ui: &mut Ui,
    entry: &Entry,
    (is_chosen, has_help): (bool, bool),
    view: &PanelView<'_>,
    commands: &mut CommandQueue,
) {
    let height = if has_help { 38.0 } else { ROW };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, entry.type_name));
    let background = Rect::from_min_max(rect.min, pos2(rect.right() - 6.0, rect.bottom()));
    if response.hovered() || response.has_focus() || is_chosen {
        ui.painter().rect_filled(background, RADIUS_CONTROL, view.theme.hover);
    }
    if is_chosen || response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.has_focus() || is_chosen {
        let stroke = egui::Stroke::new(1.0, view.theme.selection);
        ui.painter().rect_stroke(background, RADIUS_CONTROL, stroke, egui::StrokeKind::Inside);
    }
    let middle = rect.top() + ROW / 2.0;
    swatch(ui.painter(), pos2(rect.left() + 11.0, middle), view.theme.category(entry.category));
    let at = pos2(rect.left() + 23.0, middle);
    ui.painter().text(at, egui::Align2::LEFT_CENTER, entry.type_name, tokens::font(SIZE_BODY), view.theme.text);
    if has_help {
        let mut job = LayoutJob::simple_singleline(entry.summary.to_owned(), tokens::font(SIZE_TINY), view.theme.muted);
        job.wrap = TextWrapping::truncate_at_width(background.right() - at.x - 4.0);
        let galley = ui.painter().layout_job(job);
        ui.painter().galley(pos2(at.x, rect.top() + ROW - 3.0), galley, view.theme.muted);
    }
    if response.drag_started() {
        DragAndDrop::set_payload(ui.ctx(), PaletteDrag { type_name: entry.type_name.to_owned() });
    }
    let by_key = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if response.double_clicked() || by_key {
        commands.push(EditAction::AddNode { type_name: entry.type_name.to_owned(), pos_in_canvas: None });
    }
    // The tooltip is beside the palette, so that it does not cover the entries below.
    let mut tooltip = Tooltip::for_enabled(&response);
    tooltip.popup = tooltip.popup.align(RectAlign::RIGHT_START).align_alternatives(&[]).gap(12.0);
    tooltip.show(|ui| {
        ui.label(RichText::new(entry.type_name).font(tokens::font_strong(SIZE_BODY)).color(view.theme.strong));
        ui.label(entry.summary);
        let hint = "Drag it onto the canvas, or double-click it.";
        ui.label(RichText::new(hint).size(SIZE_SMALL).color(view.theme.muted));
    });
}
