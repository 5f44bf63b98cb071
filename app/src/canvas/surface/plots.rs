//! Surfaces drawn with lines: plots of numbers over time, and level meters for sound.

use compose_runtime::message::SoundChunk;
use compose_runtime::surface::PlotSeries;
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};

use super::slot::sized;
use crate::theme::tokens::{self, Tokens};

/// The maximum number of points drawn for one line. More points would be closer together than pixels.
const MOST_POINTS: usize = 400;

/// Draws numbers over time. All series share one scale; the newest values are at the right.
pub(super) fn plot(painter: &Painter, rect: Rect, scale: f32, series: &[PlotSeries], window_s: f64, theme: &Tokens) {
    let radius = CornerRadius::same((3.0 * scale) as u8);
    painter.rect(rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let points =
        || series.iter().flat_map(|one| &one.points).filter(|point| point[0].is_finite() && point[1].is_finite());
    let Some(end) = points().map(|point| point[0]).max_by(f64::total_cmp) else { return };
    let window = if window_s > 0.0 { window_s } else { 10.0 };
    let begin = points().map(|point| point[0]).min_by(f64::total_cmp).unwrap_or(end).max(end - window);
    let span = (end - begin).max(1.0e-9);
    let (least, most) = points()
        .filter(|point| point[0] >= begin)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), point| (least.min(point[1]), most.max(point[1])));
    let (least, most) = if most - least < 1.0e-9 { (least - 1.0, most + 1.0) } else { (least, most) };
    let inside = rect.shrink2(Vec2::new(5.0, 8.0) * scale);
    let on_screen = |point: &[f64; 2]| {
        let x = inside.left() + inside.width() * ((point[0] - begin) / span) as f32;
        let y = inside.bottom() - inside.height() * ((point[1] - least) / (most - least)) as f32;
        Pos2::new(x, y)
    };
    let font = sized(tokens::font(9.5), scale);
    for (index, one) in series.iter().enumerate() {
        let colour = colour(index, theme);
        let usable: Vec<&[f64; 2]> =
            one.points.iter().filter(|point| point[0] >= begin && point[1].is_finite()).collect();
        let step = usable.len().div_ceil(MOST_POINTS).max(1);
        let line: Vec<Pos2> = usable.iter().step_by(step).map(|point| on_screen(point)).collect();
        if line.len() > 1 {
            painter.add(Shape::line(line, Stroke::new((1.5 * scale).clamp(1.0, 2.5), colour)));
        }
        if let Some(last) = usable.last()
            && font.size >= 5.0
        {
            let text = if one.name.is_empty() {
                number_text(last[1])
            } else {
                format!("{} {}", one.name, number_text(last[1]))
            };
            let at = rect.right_top() + Vec2::new(-5.0, 3.0 + 11.0 * index as f32) * scale;
            painter.text(at, Align2::RIGHT_TOP, text, font.clone(), colour);
        }
    }
}

/// Draws the loudness as a bar, the peak as a line, and a part of the wave if there is space.
pub(super) fn meter(
    painter: &Painter,
    rect: Rect,
    scale: f32,
    peak: f32,
    rms: f32,
    wave: Option<&SoundChunk>,
    theme: &Tokens,
) {
    let radius = CornerRadius::same((3.0 * scale) as u8);
    painter.rect(rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let inside = rect.shrink(3.0 * scale);
    let bar_height = if inside.height() > 40.0 * scale { 10.0 * scale } else { inside.height() * 0.4 };
    let bar = Rect::from_min_max(Pos2::new(inside.left(), inside.bottom() - bar_height), inside.max);
    let colour = theme.pressure(peak * 0.9);
    // Hearing is logarithmic: the width of the bar covers 60 dB.
    let along = |level: f32| (1.0 + level.max(1.0e-4).log10() / 3.0).clamp(0.0, 1.0);
    let loud = Rect::from_min_size(bar.min, Vec2::new(bar.width() * along(rms), bar.height()));
    painter.rect_filled(loud, 1, colour);
    let x = bar.left() + bar.width() * along(peak);
    painter.vline(x, bar.y_range(), Stroke::new(1.5, theme.text));
    let space = Rect::from_min_max(inside.min, Pos2::new(inside.right(), bar.top() - 2.0 * scale));
    if let Some(wave) = wave
        && space.height() > 4.0
    {
        let channels = usize::from(wave.channels.max(1));
        let frames = wave.samples.len() / channels;
        let wanted = (space.width() as usize).clamp(2, MOST_POINTS);
        let points: Vec<Pos2> = (0..wanted)
            .filter_map(|n| {
                let sample = wave.samples.get(n * frames / wanted * channels)?;
                let x = space.left() + space.width() * n as f32 / (wanted - 1) as f32;
                Some(Pos2::new(x, space.center().y - sample.clamp(-1.0, 1.0) * space.height() / 2.0))
            })
            .collect();
        if points.len() > 1 {
            painter.add(Shape::line(points, Stroke::new(1.0, theme.categories[5])));
        }
    }
}

/// The colour of the series or the type of node with this number.
pub(super) fn colour(number: usize, theme: &Tokens) -> Color32 {
    // Ordered so that neighbouring colours differ clearly.
    const ORDER: [usize; 6] = [0, 5, 1, 2, 4, 6];
    ORDER.get(number % ORDER.len()).and_then(|n| theme.categories.get(*n)).copied().unwrap_or(theme.text)
}

fn number_text(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
