//! Surfaces made of words: lines of text, a ticker, the caption of a picture.

use egui::{Align2, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::sized;
use crate::theme::tokens::{self, Tokens};

/// The newest lines that fit, newest at the bottom.
pub(super) fn lines(painter: &Painter, rect: Rect, scale: f32, lines: &[String], theme: &Tokens) {
    let radius = CornerRadius::same((3.0 * scale) as u8);
    painter.rect(rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let font = sized(tokens::font_mono(10.5), scale);
    if font.size < 5.0 {
        return;
    }
    let pad = 5.0 * scale;
    let mut bottom = rect.bottom() - pad;
    for line in lines.iter().rev() {
        let galley = painter.layout(line.clone(), font.clone(), theme.text, rect.width() - 2.0 * pad);
        let top = bottom - galley.size().y;
        if top < rect.top() && bottom < rect.bottom() - pad {
            break;
        }
        painter.galley(Pos2::new(rect.left() + pad, top).round(), galley, theme.text);
        bottom = top;
    }
}

/// Words in large type; the newest are always visible.
pub(super) fn ticker(painter: &Painter, rect: Rect, scale: f32, text: &str, theme: &Tokens) {
    let radius = CornerRadius::same((3.0 * scale) as u8);
    painter.rect(rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let size = (rect.height() / scale * 0.26).clamp(11.0, 40.0);
    let font = sized(tokens::font(size), scale);
    if font.size < 5.0 {
        return;
    }
    let pad = 6.0 * scale;
    let galley = painter.layout(text.to_owned(), font, theme.strong, rect.width() - 2.0 * pad);
    let over = (galley.size().y - (rect.height() - 2.0 * pad)).max(0.0);
    painter.galley((rect.min + Vec2::new(pad, pad - over)).round(), galley, theme.strong);
}

/// Words on a strip at the lower edge of a picture.
pub(super) fn caption(painter: &Painter, rect: Rect, scale: f32, words: &str, theme: &Tokens) {
    let font = sized(tokens::font(10.0), scale);
    if font.size < 5.0 {
        return;
    }
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, theme.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - 12.0 * scale).max(1.0));
    let galley = painter.layout_job(job);
    let strip = Rect::from_min_max(Pos2::new(rect.left(), rect.bottom() - galley.size().y - 4.0 * scale), rect.max);
    let radius = CornerRadius { sw: (3.0 * scale) as u8, se: (3.0 * scale) as u8, ..CornerRadius::ZERO };
    painter.rect_filled(strip, radius, theme.panel);
    let place = Align2::LEFT_CENTER.anchor_size(Pos2::new(rect.left() + 6.0 * scale, strip.center().y), galley.size());
    painter.galley(place.min.round(), galley, theme.text);
}
