//! Time: when each component worked, waited or was blocked in the last minute. Each component has a lane.
//!
//! The axis shows the runtime's clock, which stops during a pause and is slow in slow motion.

use std::time::Duration;

use egui::{Align2, Color32, Rect, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use crate::command::{CommandQueue, ViewCommand};
use crate::document::{NodeId, Place};
use crate::live::rates::SPAN;
use crate::live::rates::period::{Doing, Period};
use crate::panels::PanelView;
use crate::panels::number_text::clock_text;
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL, SIZE_TINY, Tokens};
use crate::theme::widgets::{empty, paint_lamp};

const ROW: f32 = 21.0;
const NAMES: f32 = 170.0;
/// Seconds between two marks on the axis.
const MARK_S: u64 = 10;
const LEGEND: [Doing; 5] = [Doing::Worked, Doing::Waited, Doing::HeldUp, Doing::Paused, Doing::Crashed];

/// The last minute, and its horizontal position on the screen.
#[derive(Clone, Copy)]
struct Axis {
    now: Duration,
    left: f32,
    right: f32,
}

impl Axis {
    fn x(self, moment: Duration) -> f32 {
        let age = self.now.saturating_sub(moment).as_secs_f32() / SPAN.as_secs_f32();
        self.right - age.min(1.0) * (self.right - self.left)
    }

    fn moment(self, x: f32) -> Duration {
        // A narrow panel leaves no width for the lanes.
        let age = ((self.right - x) / (self.right - self.left).max(1.0)).clamp(0.0, 1.0);
        self.now.saturating_sub(SPAN.mul_f32(age))
    }
}

/// Draws the lanes.
pub fn time_ui(ui: &mut Ui, view: &PanelView<'_>, commands: &mut CommandQueue) {
    let Some(snapshot) = &view.live.snapshot else {
        empty(
            ui,
            "The system is not running. Press F5 to run it and see which components are working, waiting or blocked.",
        );
        return;
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let axis = Axis { now: snapshot.clock, left: rect.left() + NAMES, right: rect.right() - 20.0 };
    legend(ui, rect, view.theme);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, snapshot.components.len() + 1, |ui, range| {
        for component in snapshot.components.iter().skip(range.start).take(range.len()) {
            let id = NodeId::from(component.id);
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
            let is_selected = view.selection.nodes.contains(&id);
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Row, true, is_selected, &*component.name));
            let background = rect.shrink2(vec2(6.0, 0.0));
            if is_selected || response.hovered() || response.has_focus() {
                let fill = if is_selected { view.theme.pressed } else { view.theme.hover };
                ui.painter().rect_filled(background, RADIUS_CONTROL, fill);
            }
            if response.clicked() {
                commands.push(ViewCommand::GoTo(Place::Node(id)));
            }
            let middle = rect.center().y;
            paint_lamp(ui.painter(), pos2(rect.left() + 21.0, middle), 4.0, Some(&component.state), view.theme);
            let clip = Rect::from_min_max(rect.min, pos2(axis.left - 8.0, rect.bottom())).intersect(ui.clip_rect());
            let at = pos2(rect.left() + 32.0, middle);
            let font = tokens::font(SIZE_BODY);
            ui.painter().with_clip_rect(clip).text(at, Align2::LEFT_CENTER, &*component.name, font, view.theme.text);
            let past = view.live.component_rate(id).map_or(&[][..], |rates| &rates.past);
            lane(ui, axis, rect, past, view.theme);
            let pointer = response.hover_pos().filter(|pos| pos.x >= axis.left);
            if let Some(period) = pointer.and_then(|pos| at_moment(past, axis.moment(pos.x))) {
                response.on_hover_text_at_pointer(period_text(period));
            }
        }
        if range.end > snapshot.components.len() {
            marks(ui, axis, view.theme);
        }
    });
}

fn at_moment(past: &[Period], moment: Duration) -> Option<&Period> {
    past.iter().find(|period| (period.from..=period.until).contains(&moment))
}

fn period_text(period: &Period) -> String {
    let length = period.until.saturating_sub(period.from).as_secs_f64();
    format!("{} for {length:.1} s, from {}", period.doing.name(), clock_text(period.from))
}

fn lane(ui: &Ui, axis: Axis, rect: Rect, past: &[Period], theme: &Tokens) {
    let middle = rect.center().y;
    for period in past {
        let (left, right) = (axis.x(period.from), axis.x(period.until));
        // The shape has the same meaning as the colour: a full bar is work, a line is waiting, a half bar is blocking.
        let half = match period.doing {
            Doing::Worked | Doing::Crashed => 6.0,
            Doing::HeldUp | Doing::Paused => 3.0,
            Doing::Waited => 0.75,
            Doing::Ended => continue,
        };
        let bar = Rect::from_min_max(pos2(left, middle - half), pos2(right.max(left + 1.0), middle + half));
        ui.painter().rect_filled(bar, half.min(2.0), colour(period.doing, theme));
    }
}

fn colour(doing: Doing, theme: &Tokens) -> Color32 {
    match doing {
        Doing::Worked => theme.good,
        Doing::Waited | Doing::Ended => theme.quiet,
        Doing::HeldUp => theme.careful,
        Doing::Paused => theme.paused,
        Doing::Crashed => theme.bad,
    }
}

fn legend(ui: &Ui, rect: Rect, theme: &Tokens) {
    let painter = ui.painter();
    let font = tokens::font_strong(SIZE_SMALL);
    painter.text(pos2(rect.left() + 16.0, rect.center().y), Align2::LEFT_CENTER, "component", font, theme.dim);
    let mut left = rect.left() + NAMES;
    for doing in LEGEND {
        let centre = pos2(left + 4.0, rect.center().y);
        let half = if matches!(doing, Doing::Waited) { 0.75 } else { 4.0 };
        painter.rect_filled(Rect::from_center_size(centre, vec2(8.0, half * 2.0)), 1.0, colour(doing, theme));
        let at = pos2(left + 13.0, rect.center().y);
        let text = painter.text(at, Align2::LEFT_CENTER, doing.name(), tokens::font(SIZE_SMALL), theme.muted);
        left = text.right() + 16.0;
    }
}

/// Draws the clock times below the lanes.
fn marks(ui: &mut Ui, axis: Axis, theme: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let last = axis.now.as_secs() / MARK_S;
    for number in (0..=last).rev().take((SPAN.as_secs() / MARK_S) as usize + 1) {
        let moment = Duration::from_secs(number * MARK_S);
        if axis.now.saturating_sub(moment) > SPAN {
            break;
        }
        let x = axis.x(moment);
        ui.painter().vline(x, rect.top() + 2.0..=rect.top() + 6.0, Stroke::new(1.0, theme.line));
        let half = 22.0;
        let at = pos2(x.clamp(axis.left + half, axis.right - half), rect.top() + 13.0);
        ui.painter().text(at, Align2::CENTER_CENTER, clock_text(moment), tokens::font(SIZE_TINY), theme.dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_shows_the_last_minute() {
        let axis = Axis { now: Duration::from_secs(90), left: 100.0, right: 700.0 };
        assert_eq!(axis.x(Duration::from_secs(90)), 700.0);
        assert_eq!(axis.x(Duration::from_mins(1)), 400.0);
        assert_eq!(axis.x(Duration::from_secs(1)), 100.0, "older times are at the edge");
        assert_eq!(axis.moment(400.0), Duration::from_mins(1));
    }

    #[test]
    fn an_axis_without_width_shows_the_present() {
        let axis = Axis { now: Duration::from_secs(90), left: 100.0, right: 100.0 };
        assert_eq!(axis.moment(100.0), axis.now);
    }

    #[test]
    fn a_lane_shows_what_the_component_did_at_a_time() {
        let at = Duration::from_secs;
        let past = [
            Period { doing: Doing::Worked, from: at(1), until: at(3) },
            Period { doing: Doing::HeldUp, from: at(3), until: at(9) },
        ];
        assert_eq!(
            at_moment(&past, at(4)).map(period_text).as_deref(),
            Some("waited for space for 6.0 s, from 00:03.0")
        );
        assert_eq!(at_moment(&past, at(10)), None);
    }
}
