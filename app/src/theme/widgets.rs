//! Small widgets shared by several panels, built on the tokens. Each has a label for assistive technology.

use compose_runtime::introspect::snapshot::State;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::icons::{self, Icon};
use super::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL, SIZE_TINY, SPACE, Tokens};

/// A small semibold heading in a faint colour.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    let tokens = Tokens::of(ui.ctx());
    ui.label(egui::RichText::new(text).font(tokens::font_strong(SIZE_SMALL)).color(tokens.dim))
}

/// Secondary text, wrapped.
pub fn muted(ui: &mut Ui, text: impl Into<String>) -> Response {
    let tokens = Tokens::of(ui.ctx());
    ui.add(egui::Label::new(egui::RichText::new(text).size(SIZE_SMALL).color(tokens.muted)).wrap())
}

/// An error message.
pub fn wrong(ui: &mut Ui, text: impl Into<String>) -> Response {
    let tokens = Tokens::of(ui.ctx());
    ui.add(egui::Label::new(egui::RichText::new(text).size(SIZE_SMALL).color(tokens.bad)).wrap())
}

/// Muted text for an empty panel.
pub fn empty(ui: &mut Ui, text: &str) {
    let tokens = Tokens::of(ui.ctx());
    ui.add_space(SPACE);
    ui.horizontal_wrapped(|ui| {
        ui.add_space(SPACE);
        ui.label(egui::RichText::new(text).color(tokens.muted));
    });
}

/// A button with only an icon. `name` is its label, and also its tooltip if `tooltip` is empty.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, tooltip: &str) -> Response {
    icon_button_sized(ui, icon, name, tooltip, vec2(26.0, 22.0))
}

/// An [`icon_button`] of this size.
pub fn icon_button_sized(ui: &mut Ui, icon: Icon, name: &str, tooltip: &str, size: egui::Vec2) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let visuals = *ui.style().interact(&response);
    if response.hovered() || response.has_focus() || response.is_pointer_button_down_on() {
        ui.painter().rect(rect, RADIUS_CONTROL, visuals.bg_fill, visuals.bg_stroke, StrokeKind::Inside);
    }
    let colour = visuals.fg_stroke.color;
    icons::paint(ui.painter(), icon, Rect::from_center_size(rect.center(), vec2(14.0, 14.0)), colour);
    if tooltip.is_empty() { response.on_hover_text(name) } else { response.on_hover_text(tooltip) }
}

/// Selects the whole text of a field, so that typing replaces it.
pub fn select_all(ui: &Ui, field: egui::Id, text: &str) {
    let mut state = TextEditState::load(ui.ctx(), field).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::default(), end)));
    state.store(ui.ctx(), field);
}

/// A switch: a knob on the left (off) or on the right (on).
pub fn switch(ui: &mut Ui, is_on: &mut bool, name: &str) -> Response {
    let (rect, mut response) = ui.allocate_exact_size(vec2(30.0, 20.0), Sense::click());
    if response.clicked() {
        *is_on = !*is_on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), *is_on, name));
    let tokens = Tokens::of(ui.ctx());
    let pill = Rect::from_center_size(rect.center(), vec2(28.0, 16.0));
    let background = if *is_on { tokens.good } else { tokens.pressed };
    let edge = if response.has_focus() || response.hovered() { tokens.selection } else { tokens.outline };
    ui.painter().rect(pill, 8.0, background, Stroke::new(1.0, edge), StrokeKind::Inside);
    let x = if *is_on { pill.right() - 8.0 } else { pill.left() + 8.0 };
    let knob = if *is_on { tokens.panel } else { tokens.text };
    ui.painter().circle_filled(pos2(x, pill.center().y), 5.0, knob);
    response
}

/// Draws a lamp: a disc if running, a diamond if ready, a faint disc if waiting, a ring if finished, a cross if crashed, and
/// bars if paused.
pub fn paint_lamp(painter: &egui::Painter, centre: egui::Pos2, radius: f32, state: Option<&State>, tokens: &Tokens) {
    let Some(state) = state else {
        painter.circle_stroke(centre, radius - 0.5, Stroke::new(1.2, tokens.quiet));
        return;
    };
    let colour = tokens.state(state);
    match state {
        State::Running => {
            painter.circle_filled(centre, radius, colour);
        }
        State::Ready => {
            let arm = radius * 1.15;
            let corners = [vec2(0.0, -arm), vec2(arm, 0.0), vec2(0.0, arm), vec2(-arm, 0.0)];
            let points = corners.iter().map(|corner| centre + *corner).collect();
            painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
        }
        State::Waiting(_) => {
            painter.circle_filled(centre, radius, tokens.quiet);
        }
        State::Finished => {
            painter.circle_stroke(centre, radius - 0.5, Stroke::new(1.4, colour));
        }
        State::Paused => {
            let rect = Rect::from_center_size(centre, vec2(radius * 1.8, radius * 1.8));
            icons::paint(painter, Icon::Pause, rect.expand(1.5), colour);
        }
        State::Crashed(_) => {
            painter.circle_filled(centre, radius, colour);
            let arm = radius * 0.45;
            let stroke = Stroke::new(1.3, tokens.background);
            painter.line_segment([centre - vec2(arm, arm), centre + vec2(arm, arm)], stroke);
            painter.line_segment([centre - vec2(arm, -arm), centre + vec2(arm, -arm)], stroke);
        }
    }
}

/// The name of a state on a coloured background, with its lamp.
pub fn state_chip(ui: &mut Ui, state: &State) -> Response {
    let tokens = Tokens::of(ui.ctx());
    chip(ui, state.name(), tokens.state(state), tokens.state_background(state), Some(state))
}

/// A short text on a coloured background.
pub fn chip(ui: &mut Ui, label: &str, text: Color32, background: Color32, state: Option<&State>) -> Response {
    let galley = ui.painter().layout_no_wrap(label.to_owned(), tokens::font_strong(SIZE_SMALL), text);
    let lamp = if state.is_some() { 14.0 } else { 0.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + lamp + 16.0, 20.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label));
    ui.painter().rect_filled(rect, 10.0, background);
    if let Some(state) = state {
        let tokens = Tokens::of(ui.ctx());
        paint_lamp(ui.painter(), pos2(rect.left() + 12.0, rect.center().y), 3.5, Some(state), &tokens);
    }
    let at = pos2(rect.left() + 8.0 + lamp, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, text);
    response
}

/// A row with a name on the left and a value on the right.
pub fn row(ui: &mut Ui, name: &str, value: &str) {
    let tokens = Tokens::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(name).color(tokens.text));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = egui::RichText::new(value).size(SIZE_SMALL).color(tokens.muted);
            ui.add(egui::Label::new(text).truncate());
        });
    });
}

/// Draws a small curve of recent values into `rect`.
pub fn sparkline(painter: &egui::Painter, rect: Rect, values: &[f32], colour: Color32) {
    if values.len() < 2 {
        return;
    }
    let most = values.iter().copied().fold(0.0_f32, f32::max).max(f32::MIN_POSITIVE);
    let step = rect.width() / (values.len() - 1) as f32;
    let points = values
        .iter()
        .enumerate()
        .map(|(index, value)| pos2(rect.left() + step * index as f32, rect.bottom() - rect.height() * value / most))
        .collect();
    painter.add(egui::Shape::line(points, Stroke::new(1.3, colour)));
}

/// A small square in the colour of a category.
pub fn swatch(painter: &egui::Painter, centre: egui::Pos2, colour: Color32) {
    painter.rect_filled(Rect::from_center_size(centre, vec2(9.0, 9.0)), 2.0, colour);
}

/// A tab, underlined if it is visible. A `count` above zero is shown after the label.
pub fn tab(ui: &mut Ui, label: &str, count: usize, is_bad: bool, is_shown: bool) -> Response {
    let tokens = Tokens::of(ui.ctx());
    let font = if is_shown { tokens::font_strong(SIZE_BODY) } else { tokens::font(SIZE_BODY) };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, Color32::PLACEHOLDER);
    let number = (count > 0).then(|| count.to_string());
    let extra = if number.is_some() { 24.0 } else { 0.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + extra + 16.0, 30.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_shown, label));
    let colour = if is_shown || response.hovered() || response.has_focus() { tokens.strong } else { tokens.muted };
    let at = pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0);
    let end = at.x + galley.size().x;
    ui.painter().galley(at, galley, colour);
    if let Some(number) = number {
        let colour = if is_bad { tokens.bad } else { tokens.muted };
        let background = if is_bad { tokens.bad_background } else { tokens.raised };
        let badge = Rect::from_center_size(pos2(end + 14.0, rect.center().y), vec2(18.0, 15.0));
        ui.painter().rect_filled(badge, 7.0, background);
        ui.painter().text(badge.center(), Align2::CENTER_CENTER, number, tokens::font_strong(SIZE_TINY), colour);
    }
    if is_shown {
        let under = Rect::from_min_max(pos2(rect.left() + 8.0, rect.bottom() - 2.0), pos2(end, rect.bottom()));
        ui.painter().rect_filled(under, 1.0, tokens.selection);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, RADIUS_CONTROL, Stroke::new(1.5, tokens.selection), StrokeKind::Inside);
    }
    response
}
