//! Dots: the messages that move across a link, as single dots with their values or as a train with its rate.

use egui::{Align2, Color32, Pos2, Stroke, Vec2};

use super::{Brush, blend};
use crate::canvas::curve::Curve;
use crate::canvas::scene::Detail;
use crate::canvas::traffic::Flow;
use crate::theme::tokens;

/// The speed of a train, in canvas units per second.
const TRAIN_SPEED: f64 = 190.0;

/// The maximum and minimum distance between the dots of a train, in canvas units.
const TRAIN_APART: (f64, f64) = (44.0, 13.0);

/// Draws the messages that move on one link.
pub fn paint(brush: &Brush<'_>, curve: &Curve, flow: &Flow, colour: Color32, now: f64, detail: Detail) {
    let bright = blend(brush.theme.message, colour, 0.15);
    let scale = brush.zoom().max(0.5);
    if now < flow.train_until {
        let length = f64::from(curve.length()).max(1.0);
        let apart = (TRAIN_SPEED / flow.rate.max(1.0) * 3.0).clamp(TRAIN_APART.1, TRAIN_APART.0);
        let first = (now * TRAIN_SPEED).rem_euclid(apart);
        let count = ((length - first) / apart) as usize;
        for n in 0..=count.min(400) {
            let along = ((first + apart * n as f64) / length) as f32;
            if along <= 1.0 {
                let at = brush.pos(curve.at(along));
                brush.painter.circle(at, 2.6 * scale, bright, Stroke::new(brush.line(1.0), colour));
            }
        }
    }
    for progress in flow.dots.iter().filter_map(|dot| dot.progress(now)) {
        let radius = if detail == Detail::Near { 5.5 } else { 4.5 };
        brush.painter.circle(
            brush.pos(curve.at(progress)),
            radius * scale,
            bright,
            Stroke::new(brush.line(1.6), colour),
        );
    }
}

/// Draws the values and the rate beside the dots. They are drawn above the nodes, except where a node hides the dot.
pub fn paint_labels(
    brush: &Brush<'_>,
    curve: &Curve,
    flow: &Flow,
    colour: Color32,
    now: f64,
    is_hidden: impl Fn(Pos2) -> bool,
) {
    let theme = brush.theme;
    let (strong, mono) = (
        brush.font(tokens::font_strong(brush.readable(10.5, 8.5, 17.0))),
        brush.font(tokens::font_mono(brush.readable(10.5, 8.5, 17.0))),
    );
    if strong.size < 7.0 {
        return;
    }
    // Between the ends of the link, if there is space, so that the label does not cover a node.
    let (start, end) = (brush.pos(curve.start()).x, brush.pos(curve.end()).x);
    let above = |at: Pos2, text: &str, size: f32| {
        let at = brush.pos(at) - Vec2::new(0.0, 10.0 * brush.zoom());
        let half = text.chars().count() as f32 * size * 0.3 + 9.0;
        let (left, right) = (start.min(end) + half, start.max(end) - half);
        if left <= right { Pos2::new(at.x.clamp(left, right), at.y) } else { at }
    };
    let middle = curve.at(0.5);
    if now < flow.train_until && !is_hidden(middle) {
        let text = rate_text(flow.rate);
        brush.label(above(middle, &text, strong.size), Align2::CENTER_BOTTOM, &text, strong, theme.text, colour);
    }
    for dot in flow.dots.iter().filter(|dot| !dot.label.is_empty()) {
        let Some(at) = dot.progress(now).map(|progress| curve.at(progress)) else { continue };
        if !is_hidden(at) {
            let at = above(at, &dot.label, mono.size);
            brush.label(at, Align2::CENTER_BOTTOM, &dot.label, mono.clone(), theme.text, colour);
        }
    }
}

/// The text of a rate beside a link.
pub fn rate_text(rate: f64) -> String {
    match rate {
        rate if rate >= 1.0e6 => format!("×{:.1} M/s", rate / 1.0e6),
        rate if rate >= 1.0e4 => format!("×{:.0} k/s", rate / 1.0e3),
        rate if rate >= 10.0 => format!("×{rate:.0} /s"),
        rate => format!("×{rate:.1} /s"),
    }
}
