//! Surfaces that show text: lines of text, a ticker, the caption of a picture.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::slot::sized;
use crate::theme::tokens::{self, Tokens};

/// Draws the newest lines that fit, with the newest at the bottom.
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

/// Draws text in large type. The newest words are always visible. Words with their own colours are drawn on black, like
/// television subtitles, for which the colours were chosen.
pub(super) fn ticker(
    painter: &Painter,
    rect: Rect,
    scale: f32,
    text: &str,
    colours: &[Option<[u8; 3]>],
    theme: &Tokens,
) {
    let radius = CornerRadius::same((3.0 * scale) as u8);
    let is_coloured = colours.iter().any(Option::is_some);
    let background = if is_coloured { tokens::background_of([0, 0, 0]) } else { theme.background };
    painter.rect(rect, radius, background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let size = (rect.height() / scale * 0.26).clamp(11.0, 40.0);
    let font = sized(tokens::font(size), scale);
    if font.size < 5.0 {
        return;
    }
    let pad = 6.0 * scale;
    let usual = if is_coloured { tokens::background_of([255, 255, 255]) } else { theme.strong };
    let mut job = coloured(text, colours, &font, usual);
    job.wrap.max_width = rect.width() - 2.0 * pad;
    let galley = painter.layout_job(job);
    let over = (galley.size().y - (rect.height() - 2.0 * pad)).max(0.0);
    painter.galley((rect.min + Vec2::new(pad, pad - over)).round(), galley, usual);
}

/// Lays out text with a colour for each word.
fn coloured(text: &str, colours: &[Option<[u8; 3]>], font: &FontId, usual: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut colours = colours.iter().copied();
    for word in text.split_inclusive(' ') {
        let colour = colours.next().flatten().map_or(usual, tokens::background_of);
        job.append(word, 0.0, TextFormat::simple(font.clone(), colour));
    }
    job
}

/// Draws the caption of a picture on a strip at its lower edge.
pub(super) fn caption(painter: &Painter, rect: Rect, scale: f32, text: &str, theme: &Tokens) {
    let font = sized(tokens::font(10.0), scale);
    if font.size < 5.0 {
        return;
    }
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, theme.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - 12.0 * scale).max(1.0));
    let galley = painter.layout_job(job);
    let strip = Rect::from_min_max(Pos2::new(rect.left(), rect.bottom() - galley.size().y - 4.0 * scale), rect.max);
    let radius = CornerRadius { sw: (3.0 * scale) as u8, se: (3.0 * scale) as u8, ..CornerRadius::ZERO };
    painter.rect_filled(strip, radius, theme.panel);
    let text_rect =
        Align2::LEFT_CENTER.anchor_size(Pos2::new(rect.left() + 6.0 * scale, strip.center().y), galley.size());
    painter.galley(text_rect.min.round(), galley, theme.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_their_own_colour_get_the_usual_one() {
        let usual = tokens::background_of([9, 9, 9]);
        let job = coloured("a bc d", &[Some([255, 255, 0]), None], &tokens::font(12.0), usual);
        let seen: Vec<_> = job
            .sections
            .iter()
            .map(|part| (&job.text[part.byte_range.start.0..part.byte_range.end.0], part.format.color))
            .collect();
        assert_eq!(seen, [("a ", tokens::background_of([255, 255, 0])), ("bc d", usual)]);
    }
}
