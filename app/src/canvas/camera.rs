//! Camera: which part of the canvas is on the screen, and at which zoom.
//!
//! Pure. Positions on the canvas are in units of one pixel at 100 %; positions on the screen are egui points.
//! `egui::Scene` is not used because it scales finished shapes: text laid out at 1:1 is blurred above 100 % and
//! needlessly detailed below it. With its own transform, the canvas lays out text at the size in which it is shown,
//! keeps hairlines one pixel wide, and never builds shapes that are off screen.

use egui::{Pos2, Rect, Vec2};

/// The smallest and the largest zoom.
pub const ZOOM_RANGE: (f32, f32) = (0.05, 4.0);

/// The margin around the content when zooming to fit, in points on the screen.
const FIT_MARGIN: f32 = 28.0;

/// A view onto the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The point of the canvas at the centre of the view.
    pub centre_in_canvas: Pos2,
    /// Points on the screen for one unit of the canvas.
    pub zoom: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { centre_in_canvas: Pos2::ZERO, zoom: 1.0 }
    }
}

impl Camera {
    /// The point of the canvas under a point of the screen.
    pub fn canvas_from_screen(&self, viewport: Rect, pos_on_screen: Pos2) -> Pos2 {
        self.centre_in_canvas + (pos_on_screen - viewport.center()) / self.zoom
    }

    /// The point of the screen over a point of the canvas.
    pub fn screen_from_canvas(&self, viewport: Rect, pos_in_canvas: Pos2) -> Pos2 {
        viewport.center() + (pos_in_canvas - self.centre_in_canvas) * self.zoom
    }

    /// A rectangle of the canvas on the screen.
    pub fn rect_on_screen(&self, viewport: Rect, rect_in_canvas: Rect) -> Rect {
        Rect::from_min_max(
            self.screen_from_canvas(viewport, rect_in_canvas.min),
            self.screen_from_canvas(viewport, rect_in_canvas.max),
        )
    }

    /// The visible part of the canvas.
    pub fn visible_in_canvas(&self, viewport: Rect) -> Rect {
        Rect::from_center_size(self.centre_in_canvas, viewport.size() / self.zoom)
    }

    /// Moves the canvas with the pointer.
    pub fn pan(&mut self, delta_on_screen: Vec2) {
        let moved = self.centre_in_canvas - delta_on_screen / self.zoom;
        if moved.is_finite() {
            self.centre_in_canvas = moved;
        }
    }

    /// Zooms by `factor`; the point under `anchor_on_screen` stays there.
    pub fn zoom_at(&mut self, viewport: Rect, anchor_on_screen: Pos2, factor: f32) {
        if !factor.is_finite() || factor <= 0.0 {
            return;
        }
        let anchor = self.canvas_from_screen(viewport, anchor_on_screen);
        self.zoom = (self.zoom * factor).clamp(ZOOM_RANGE.0, ZOOM_RANGE.1);
        self.centre_in_canvas = anchor - (anchor_on_screen - viewport.center()) / self.zoom;
    }

    /// Shows all of `rect_in_canvas` at a zoom of at most `most_zoom`. `free` is the part of the viewport that is not
    /// covered.
    pub fn fit(&mut self, viewport: Rect, free: Rect, rect_in_canvas: Rect, most_zoom: f32) {
        if !rect_in_canvas.is_finite() || free.width() < 1.0 || free.height() < 1.0 {
            return;
        }
        let space = (free.size() - Vec2::splat(2.0 * FIT_MARGIN)).max(free.size() * 0.5);
        let size = rect_in_canvas.size().max(Vec2::splat(1.0));
        let zoom = (space.x / size.x).min(space.y / size.y);
        self.zoom = zoom.clamp(ZOOM_RANGE.0, most_zoom.min(ZOOM_RANGE.1));
        self.centre_in_canvas = rect_in_canvas.center() - (free.center() - viewport.center()) / self.zoom;
    }
}

/// The nearest point of the grid that nodes snap to.
pub fn snapped(pos_in_canvas: Pos2, grid: f32) -> Pos2 {
    Pos2::new((pos_in_canvas.x / grid).round() * grid, (pos_in_canvas.y / grid).round() * grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewport() -> Rect {
        Rect::from_min_size(Pos2::new(220.0, 40.0), Vec2::new(800.0, 500.0))
    }

    #[test]
    fn screen_from_canvas_is_the_inverse_of_canvas_from_screen() {
        let camera = Camera { centre_in_canvas: Pos2::new(-40.0, 70.0), zoom: 1.7 };
        let in_canvas = camera.canvas_from_screen(viewport(), Pos2::new(333.0, 222.0));
        let back = camera.screen_from_canvas(viewport(), in_canvas);
        assert!((back - Pos2::new(333.0, 222.0)).length() < 1e-3);
    }

    #[test]
    fn the_point_under_the_pointer_stays_there_while_zooming() {
        let mut camera = Camera::default();
        let pointer = Pos2::new(300.0, 100.0);
        let before = camera.canvas_from_screen(viewport(), pointer);
        for factor in [1.3, 1.3, 0.4, 2.0] {
            camera.zoom_at(viewport(), pointer, factor);
            assert!((camera.canvas_from_screen(viewport(), pointer) - before).length() < 1e-2);
        }
    }

    #[test]
    fn zoom_stays_within_its_range() {
        let mut camera = Camera::default();
        camera.zoom_at(viewport(), viewport().center(), 1e9);
        assert_eq!(camera.zoom, 4.0);
        camera.zoom_at(viewport(), viewport().center(), 1e-9);
        assert_eq!(camera.zoom, 0.05);
        camera.zoom_at(viewport(), viewport().center(), f32::NAN);
        assert_eq!(camera.zoom, 0.05);
    }

    #[test]
    fn fit_avoids_the_covered_part_of_the_viewport() {
        let mut camera = Camera::default();
        let free = Rect::from_min_max(viewport().min + Vec2::new(0.0, 100.0), viewport().max);
        let large = Rect::from_min_size(Pos2::new(-1000.0, 0.0), Vec2::new(900.0, 900.0));
        camera.fit(viewport(), free, large, 1.0);
        assert!(free.contains_rect(camera.rect_on_screen(viewport(), large)));
    }

    #[test]
    fn fit_shows_everything_and_respects_the_largest_zoom() {
        let mut camera = Camera::default();
        let large = Rect::from_min_size(Pos2::new(-1000.0, 0.0), Vec2::new(4000.0, 900.0));
        camera.fit(viewport(), viewport(), large, 1.0);
        assert!(camera.visible_in_canvas(viewport()).contains_rect(large));
        camera.fit(viewport(), viewport(), Rect::from_min_size(Pos2::ZERO, Vec2::splat(20.0)), 1.0);
        assert_eq!(camera.zoom, 1.0);
    }
}
