//! The table of components: state, rates, depth, waits, load and the last minute; a row is a selection.

use compose_runtime::introspect::snapshot::{ComponentView, State, WaitReason};
use egui::{Align2, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use super::PanelView;
use super::number_text::rate_text;
use crate::command::{CommandQueue, ViewCommand};
use crate::document::{NodeId, Place};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{empty, paint_lamp, sparkline};

/// The columns, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Column {
    #[default]
    Component,
    State,
    In,
    Out,
    Depth,
    Waits,
    Busy,
}

/// Title and width of each column.
const COLUMNS: [(Column, &str, f32); 7] = [
    (Column::Component, "component", 140.0),
    (Column::State, "state", 130.0),
    (Column::In, "in /s", 62.0),
    (Column::Out, "out /s", 62.0),
    (Column::Depth, "depth", 80.0),
    (Column::Waits, "waits for", 160.0),
    (Column::Busy, "busy", 56.0),
];

/// What the table remembers.
#[derive(Debug, Default)]
pub struct ComponentsState {
    column: Column,
    is_descending: bool,
}

/// One row, ready to draw.
struct Row<'a> {
    id: NodeId,
    view: &'a ComponentView,
    taken: f64,
    sent: f64,
    busy: f64,
    depth: usize,
    capacity: Option<usize>,
}

/// Draws the table.
pub fn components_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut ComponentsState, commands: &mut CommandQueue) {
    let Some(snapshot) = &view.live.snapshot else {
        empty(ui, "The system does not run. Press F5 and every component gets a row here.");
        return;
    };
    let mut rows: Vec<Row<'_>> = snapshot.components.iter().map(|component| row(component, view)).collect();
    sort(&mut rows, state);
    header_ui(ui, view, state);
    let height = 21.0;
    // Rows stand without gaps; their height is counted on.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, height, rows.len(), |ui, range| {
        for row in rows.iter().skip(range.start).take(range.len()) {
            row_ui(ui, view, row, height, commands);
        }
    });
}

fn row<'a>(component: &'a ComponentView, view: &PanelView<'_>) -> Row<'a> {
    let id = NodeId::from(component.id);
    let rates = view.live.component_rate(id);
    let data = component.inboxes.iter().filter(|inbox| !inbox.name.starts_with('_') && &*inbox.name != "control");
    let deepest = data.max_by_key(|inbox| inbox.depth);
    Row {
        id,
        view: component,
        taken: rates.map_or(0.0, |rates| rates.taken),
        sent: rates.map_or(0.0, |rates| rates.sent),
        busy: rates.map_or(0.0, |rates| rates.busy),
        depth: deepest.map_or(0, |inbox| inbox.depth),
        capacity: deepest.and_then(|inbox| inbox.capacity),
    }
}

fn sort(rows: &mut [Row<'_>], state: &ComponentsState) {
    // Crashed ones first whatever the order: the eye should find them.
    let key = |row: &Row<'_>| u8::from(!matches!(row.view.state, State::Crashed(_)));
    rows.sort_by(|one, other| {
        let by = match state.column {
            Column::Component => key(one).cmp(&key(other)).then_with(|| one.view.name.cmp(&other.view.name)),
            Column::State => state_words(&one.view.state).cmp(&state_words(&other.view.state)),
            Column::In => one.taken.total_cmp(&other.taken),
            Column::Out => one.sent.total_cmp(&other.sent),
            Column::Depth => one.depth.cmp(&other.depth),
            Column::Waits => waits(&one.view.state).cmp(&waits(&other.view.state)),
            Column::Busy => one.busy.total_cmp(&other.busy),
        };
        if state.is_descending { by.reverse() } else { by }
    });
}

fn header_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut ComponentsState) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let mut left = rect.left() + 16.0;
    for (column, title, width) in COLUMNS {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width - 8.0, rect.height()));
        let response = ui.interact(place, ui.scope_id().with(title), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Sort by {title}")));
        let is_order = state.column == column;
        let ink = if is_order || response.hovered() || response.has_focus() { view.theme.text } else { view.theme.dim };
        let arrow = if !is_order {
            ""
        } else if state.is_descending {
            " ↓"
        } else {
            " ↑"
        };
        let font = tokens::font_strong(SIZE_SMALL);
        ui.painter().text(place.left_center(), Align2::LEFT_CENTER, format!("{title}{arrow}"), font, ink);
        if response.clicked() {
            // Numbers are wanted largest first.
            let first = !matches!(column, Column::Component | Column::State | Column::Waits);
            state.is_descending = if is_order { !state.is_descending } else { first };
            state.column = column;
        }
        left += width;
    }
    let font = tokens::font_strong(SIZE_SMALL);
    ui.painter().text(pos2(left, rect.center().y), Align2::LEFT_CENTER, "last minute", font, view.theme.dim);
}

fn row_ui(ui: &mut Ui, view: &PanelView<'_>, row: &Row<'_>, height: f32, commands: &mut CommandQueue) {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let state = state_words(&row.view.state);
    let label = format!("{}, {state}", row.view.name);
    let is_selected = view.selection.nodes.contains(&row.id);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Row, true, is_selected, &label));
    let ground = rect.shrink2(vec2(6.0, 0.0));
    if is_selected || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(ground, RADIUS_CONTROL, if is_selected { theme.pressed } else { theme.hover });
    }
    if response.clicked() {
        commands.push(ViewCommand::GoTo(Place::Node(row.id)));
    }
    let depth = row.capacity.map_or_else(|| row.depth.to_string(), |most| format!("{} / {most}", row.depth));
    let waits = waits(&row.view.state);
    let busy = format!("{:.0} %", row.busy * 100.0);
    let (taken, sent) = (rate_text(row.taken), rate_text(row.sent));
    let texts = [&*row.view.name, &state, &taken, &sent, &depth, &waits, &busy];
    let middle = rect.center().y;
    let mut left = rect.left() + 16.0;
    for ((column, _, width), text) in COLUMNS.into_iter().zip(texts) {
        let mut at = left;
        let mut ink = if column == Column::Waits { theme.muted } else { theme.text };
        if column == Column::State {
            paint_lamp(ui.painter(), pos2(left + 5.0, middle), 4.0, Some(&row.view.state), theme);
            at += 16.0;
        }
        if column == Column::Depth {
            let fill = row.capacity.map_or(0.0, |most| row.depth as f32 / most.max(1) as f32);
            if fill > 0.6 {
                ink = theme.pressure(fill);
            }
        }
        let clip = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width - 6.0, rect.bottom()));
        let painter = ui.painter().with_clip_rect(clip.intersect(ui.clip_rect()));
        painter.text(pos2(at, middle), Align2::LEFT_CENTER, text, tokens::font(SIZE_BODY), ink);
        left += width;
    }
    let curve = Rect::from_min_max(pos2(left, rect.top() + 4.0), pos2(rect.right() - 20.0, rect.bottom() - 4.0));
    if let Some(rates) = view.live.component_rate(row.id).filter(|_| curve.width() > 20.0) {
        sparkline(ui.painter(), curve, &rates.history, theme.state(&row.view.state));
    }
    if let State::Crashed(words) = &row.view.state {
        response.on_hover_text(&**words);
    }
}

/// A state in words, with the box it waits at.
pub fn state_words(state: &State) -> String {
    match state {
        State::Waiting(WaitReason::Message(inboxes)) => {
            let names: Vec<&str> = inboxes.iter().map(|name| &**name).filter(|name| !name.starts_with('_')).collect();
            if names.is_empty() { "waiting".to_owned() } else { format!("waiting · {}", names.join(", ")) }
        }
        State::Waiting(WaitReason::Room { outbox, .. }) => format!("waiting · {outbox}"),
        other => other.word().to_owned(),
    }
}

/// What a component waits for, in words; a dash if for nothing.
pub fn waits(state: &State) -> String {
    match state {
        State::Waiting(WaitReason::Message(_)) => "a message".to_owned(),
        State::Waiting(WaitReason::Room { full, .. }) => format!("room in {}", full.name),
        State::Waiting(WaitReason::Time(until)) => format!("the clock, {}", super::number_text::clock_text(*until)),
        State::Waiting(WaitReason::Outside(what)) => what.to_string(),
        State::Waiting(WaitReason::Members) => "its members".to_owned(),
        State::Crashed(words) => words.to_string(),
        _ => "–".to_owned(),
    }
}
