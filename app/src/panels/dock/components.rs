//! The table of components: state, rates, queue depth, waits, load and the last minute. A click on a row selects the
//! component.
//!
//! The columns can be resized; egui_extras remembers their widths while the window is open.

use compose_runtime::introspect::snapshot::{ComponentView, State};
use egui::{Align, Align2, Label, Layout, Rangef, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_extras::{Column, TableBuilder, TableRow};

use crate::command::{CommandQueue, ViewCommand};
use crate::document::{NodeId, Place};
use crate::panels::PanelView;
use crate::panels::number_text::rate_text;
use crate::panels::state_text::{state_text, wait_text};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_SMALL};
use crate::theme::widgets::{empty, paint_lamp, sparkline};

/// The columns, in order. The table can be sorted by each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum By {
    #[default]
    Component,
    State,
    In,
    Out,
    Depth,
    Waits,
    Busy,
}

/// The smallest width of a column.
const NARROWEST: f32 = 40.0;

/// The title and initial width of each column.
const COLUMNS: [(By, &str, f32); 7] = [
    (By::Component, "component", 148.0),
    (By::State, "state", 122.0),
    (By::In, "in /s", 54.0),
    (By::Out, "out /s", 54.0),
    (By::Depth, "depth", 72.0),
    (By::Waits, "waiting for", 152.0),
    (By::Busy, "busy", 48.0),
];

/// The state of the table.
#[derive(Debug, Default)]
pub struct ComponentsState {
    column: By,
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
        empty(ui, "The system is not running. Press F5 to run it; then each component has a row here.");
        return;
    };
    let mut rows: Vec<Row<'_>> = snapshot.components.iter().map(|component| row(component, view)).collect();
    sort(&mut rows, state);
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| table_ui(ui, view, &rows, state, commands));
}

fn table_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    rows: &[Row<'_>],
    state: &mut ComponentsState,
    commands: &mut CommandQueue,
) {
    // There are no gaps between the rows, so that the pointer is always over a row.
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut table = TableBuilder::new(ui)
        .id_salt("components")
        .resizable(true)
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center));
    for (column, _, width) in COLUMNS {
        // The first cell draws the background of the whole row.
        table = table.column(Column::initial(width).at_least(NARROWEST).clip(column != By::Component));
    }
    let table = table.column(Column::remainder().at_least(NARROWEST));
    let table = table.header(24.0, |mut header| {
        for (column, title, _) in COLUMNS {
            header.col(|ui| title_ui(ui, view, (column, title), state));
        }
        header.col(|ui| {
            ui.label(RichText::new("last minute").font(tokens::font_strong(SIZE_SMALL)).color(view.theme.dim));
        });
    });
    table.body(|body| {
        let across = body.max_rect().x_range();
        body.rows(21.0, rows.len(), |mut cells| {
            if let Some(row) = rows.get(cells.index()) {
                row_ui(&mut cells, view, row, across, commands);
            }
        });
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
    // Crashed components come first, so that they are easy to find.
    let key = |row: &Row<'_>| u8::from(!matches!(row.view.state, State::Crashed(_)));
    rows.sort_by(|one, other| {
        let by = match state.column {
            By::Component => key(one).cmp(&key(other)).then_with(|| one.view.name.cmp(&other.view.name)),
            By::State => state_text(&one.view.state).cmp(&state_text(&other.view.state)),
            By::In => one.taken.total_cmp(&other.taken),
            By::Out => one.sent.total_cmp(&other.sent),
            By::Depth => one.depth.cmp(&other.depth),
            By::Waits => wait_text(&one.view.state).cmp(&wait_text(&other.view.state)),
            By::Busy => one.busy.total_cmp(&other.busy),
        };
        if state.is_descending { by.reverse() } else { by }
    });
}

fn title_ui(ui: &mut Ui, view: &PanelView<'_>, (column, title): (By, &str), state: &mut ComponentsState) {
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.scope_id().with("sort"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {title}")));
    let is_order = state.column == column;
    let ink = if is_order || response.hovered() || response.has_focus() { view.theme.text } else { view.theme.dim };
    let arrow = if !is_order {
        ""
    } else if state.is_descending {
        " ↓"
    } else {
        " ↑"
    };
    let at = pos2(rect.left() + indent(column), rect.center().y);
    let font = tokens::font_strong(SIZE_SMALL);
    ui.painter().text(at, Align2::LEFT_CENTER, format!("{title}{arrow}"), font, ink);
    if response.clicked() {
        // Numbers are sorted in descending order first.
        let first = !matches!(column, By::Component | By::State | By::Waits);
        state.is_descending = if is_order { !state.is_descending } else { first };
        state.column = column;
    }
}

/// The space to the left of a column's text.
fn indent(column: By) -> f32 {
    if column == By::Component { 16.0 } else { 0.0 }
}

fn row_ui(
    cells: &mut TableRow<'_, '_>,
    view: &PanelView<'_>,
    row: &Row<'_>,
    across: Rangef,
    commands: &mut CommandQueue,
) {
    let theme = view.theme;
    let state = state_text(&row.view.state);
    let depth = row.capacity.map_or_else(|| row.depth.to_string(), |most| format!("{} / {most}", row.depth));
    let waits = wait_text(&row.view.state);
    let busy = format!("{:.0} %", row.busy * 100.0);
    let (taken, sent) = (rate_text(row.taken), rate_text(row.sent));
    let texts = [&*row.view.name, &state, &taken, &sent, &depth, &waits, &busy];
    for ((column, ..), text) in COLUMNS.into_iter().zip(texts) {
        let mut ink = if column == By::Waits { theme.muted } else { theme.text };
        if column == By::Depth {
            let fill = row.capacity.map_or(0.0, |most| row.depth as f32 / most.max(1) as f32);
            if fill > 0.6 {
                ink = theme.pressure(fill);
            }
        }
        cells.col(|ui| {
            if column == By::Component {
                whole_row_ui(ui, view, row, (&state, across), commands);
            }
            ui.add_space(indent(column));
            if column == By::State {
                let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
                paint_lamp(ui.painter(), rect.center(), 4.0, Some(&row.view.state), theme);
            }
            ui.add(Label::new(RichText::new(text).color(ink)).selectable(false).truncate());
        });
    }
    cells.col(|ui| {
        let curve = ui.max_rect().shrink2(vec2(0.0, 4.0));
        let curve = curve.with_max_x(curve.right() - 20.0);
        if let Some(rates) = view.live.component_rate(row.id).filter(|_| curve.width() > 20.0) {
            sparkline(ui.painter(), curve, &rates.history, theme.state(&row.view.state));
        }
    });
}

/// Draws the background of a row and handles its clicks, which select the component.
fn whole_row_ui(
    ui: &Ui,
    view: &PanelView<'_>,
    row: &Row<'_>,
    (state, across): (&str, Rangef),
    commands: &mut CommandQueue,
) {
    let rect = Rect::from_x_y_ranges(across, ui.max_rect().y_range());
    let response = ui.interact(rect, ui.scope_id().with("row"), Sense::click());
    let is_selected = view.selection.nodes.contains(&row.id);
    let label = format!("{}, {state}", row.view.name);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, is_selected, &label));
    if is_selected || response.hovered() || response.has_focus() {
        let background = if is_selected { view.theme.pressed } else { view.theme.hover };
        ui.painter().rect_filled(rect.shrink2(vec2(6.0, 0.0)), RADIUS_CONTROL, background);
    }
    if response.clicked() {
        commands.push(ViewCommand::GoTo(Place::Node(row.id)));
    }
    if let State::Crashed(error) = &row.view.state {
        response.on_hover_text(&**error);
    }
}
