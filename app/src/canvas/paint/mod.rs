//! Paint: draws the scene as egui shapes. Only the files in this folder draw the graph, and they make no decisions.
//!
//! Canvas coordinates are converted to the screen here: text is laid out at its size on the screen, and hairlines are
//! one point wide at any zoom.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::camera::Camera;
use crate::theme::tokens::Tokens;

pub mod background;
pub mod dots;
pub mod far;
pub mod frames;
pub mod nodes;
pub mod overlay;
pub mod ports;
pub mod wires;

/// Text smaller than this on the screen is not drawn.
const LEAST_TEXT: f32 = 5.0;

/// A painter that accepts canvas coordinates.
#[derive(Clone)]
pub struct Brush<'a> {
    /// The painter on the screen.
    pub painter: Painter,
    /// The view.
    pub camera: Camera,
    /// The part of the screen that is the canvas.
    pub viewport: Rect,
    /// The colours.
    pub theme: &'a Tokens,
}

impl Brush<'_> {
    /// Points on the screen for one unit of the canvas.
    pub fn zoom(&self) -> f32 {
        self.camera.zoom
    }

    /// Converts a point from the canvas to the screen.
    pub fn pos(&self, pos_in_canvas: Pos2) -> Pos2 {
        self.camera.screen_from_canvas(self.viewport, pos_in_canvas)
    }

    /// Converts a rectangle from the canvas to the screen.
    pub fn rect(&self, rect_in_canvas: Rect) -> Rect {
        self.camera.rect_on_screen(self.viewport, rect_in_canvas)
    }

    /// Converts a corner radius from the canvas to the screen.
    pub fn radius(&self, radius: u8) -> CornerRadius {
        CornerRadius::same((f32::from(radius) * self.zoom()).clamp(0.0, 40.0) as u8)
    }

    /// The width on the screen of a line that varies slightly with the zoom.
    pub fn line(&self, width: f32) -> f32 {
        width * self.zoom().clamp(0.6, 1.6)
    }

    /// Scales a font with the zoom, in steps of half a point so that zooming does not fill the glyph cache.
    pub fn font(&self, font: FontId) -> FontId {
        FontId { size: (font.size * self.zoom() * 2.0).round() / 2.0, ..font }
    }

    /// Lays out one line of text, shortened to `width` on the canvas. `None` if it is too small to read.
    pub fn galley(&self, text: &str, font: FontId, colour: Color32, width: f32) -> Option<Arc<Galley>> {
        let font_id = self.font(font);
        if font_id.size < LEAST_TEXT || text.is_empty() || width <= 0.0 {
            return None;
        }
        let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font_id, colour));
        job.break_on_newline = false;
        job.wrap = TextWrapping::truncate_at_width(width * self.zoom());
        Some(self.painter.layout_job(job))
    }

    /// Draws one line of text, shortened to `width` on the canvas. Returns its rectangle on the screen.
    pub fn text(&self, pos: Pos2, align: Align2, text: &str, font: FontId, colour: Color32, width: f32) -> Rect {
        let at = self.pos(pos);
        match self.galley(text, font, colour, width) {
            Some(galley) => {
                let rect = align.anchor_size(at, galley.size());
                let min = Pos2::new(rect.min.x.round(), rect.min.y.round());
                self.painter.galley(min, galley, colour);
                rect
            }
            None => Rect::from_min_size(at, Vec2::ZERO),
        }
    }

    /// Draws a filled rectangle with an outline inside.
    pub fn card(&self, rect_on_screen: Rect, radius: CornerRadius, fill: Color32, stroke: Stroke) {
        self.painter.rect(rect_on_screen, radius, fill, stroke, StrokeKind::Inside);
    }

    /// The larger of `size` and the canvas size that appears as `least` on the screen. `least` applies only up to
    /// `most` on the canvas, where space is limited.
    pub fn readable(&self, size: f32, least: f32, most: f32) -> f32 {
        size.max((least / self.zoom()).min(most))
    }

    /// Draws a short text on its own background at a position on the screen, moved so that it stays inside the canvas.
    pub fn label(&self, at: Pos2, align: Align2, text: &str, font: FontId, colour: Color32, outline: Color32) -> Rect {
        let galley = self.painter.layout_no_wrap(text.to_owned(), font, colour);
        let pad = Vec2::new(7.0, 3.0);
        let mut rect = align.anchor_size(at, galley.size() + 2.0 * pad);
        rect = rect.translate(Vec2::new(
            (self.viewport.left() + 4.0 - rect.left()).max(0.0) - (rect.right() + 4.0 - self.viewport.right()).max(0.0),
            (self.viewport.top() + 4.0 - rect.top()).max(0.0) - (rect.bottom() + 4.0 - self.viewport.bottom()).max(0.0),
        ));
        self.card(rect, CornerRadius::same(6), self.theme.panel, Stroke::new(1.0, outline));
        self.painter.galley(rect.min + pad, galley, colour);
        rect
    }
}

/// A mix of two colours; `share` is the share of `to`.
pub fn blend(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share.clamp(0.0, 1.0))
}
