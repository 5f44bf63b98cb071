//! Grid: a spatial index that finds the rectangles near an area without visiting all of them.
//!
//! Pure. Built once per layout. Rectangles that cover too many cells (long wires) are kept in a separate list and
//! returned by every query.

use std::collections::HashMap;

use egui::Rect;

/// The width and height of a cell, in canvas units.
const CELL: f32 = 512.0;

/// A rectangle that covers more cells than this goes into the list of large rectangles.
const MOST_CELLS: i32 = 48;

/// The indices of rectangles, by cell.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    cells: HashMap<(i32, i32), Vec<u32>>,
    large: Vec<u32>,
    len: usize,
}

impl Grid {
    /// Puts all rectangles into cells. A rectangle is identified by its index in `rects`.
    pub fn new(rects: impl Iterator<Item = Rect>) -> Self {
        let mut grid = Self::default();
        for (index, rect) in rects.enumerate() {
            let index = index as u32;
            grid.len += 1;
            let (x0, x1, y0, y1) = cells_of(rect);
            if i64::from(x1 - x0 + 1) * i64::from(y1 - y0 + 1) > i64::from(MOST_CELLS) {
                grid.large.push(index);
                continue;
            }
            for x in x0..=x1 {
                for y in y0..=y1 {
                    grid.cells.entry((x, y)).or_default().push(index);
                }
            }
        }
        grid
    }

    /// The indices of all rectangles that may touch `area`, ascending, without duplicates.
    pub fn near(&self, area: Rect) -> Vec<u32> {
        let (x0, x1, y0, y1) = cells_of(area);
        let cells = i64::from(x1 - x0 + 1) * i64::from(y1 - y0 + 1);
        if usize::try_from(cells).is_ok_and(|cells| cells >= self.cells.len()) {
            return (0..self.len as u32).collect();
        }
        let mut found = self.large.clone();
        for x in x0..=x1 {
            for y in y0..=y1 {
                if let Some(indices) = self.cells.get(&(x, y)) {
                    found.extend_from_slice(indices);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn cells_of(rect: Rect) -> (i32, i32, i32, i32) {
    let cell = |value: f32| (value / CELL).floor().clamp(-1.0e6, 1.0e6) as i32;
    (cell(rect.min.x), cell(rect.max.x), cell(rect.min.y), cell(rect.max.y))
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, Vec2};

    use super::*;

    #[test]
    fn only_rectangles_near_the_area_are_found() {
        let rects: Vec<Rect> = (0..400)
            .map(|n| {
                Rect::from_min_size(Pos2::new((n % 20) as f32 * 300.0, (n / 20) as f32 * 300.0), Vec2::splat(90.0))
            })
            .chain([Rect::from_min_size(Pos2::ZERO, Vec2::splat(50_000.0))])
            .collect();
        let grid = Grid::new(rects.iter().copied());
        let area = Rect::from_min_size(Pos2::new(900.0, 900.0), Vec2::splat(400.0));
        let near = grid.near(area);
        for (index, rect) in rects.iter().enumerate() {
            if rect.intersects(area) {
                assert!(near.contains(&(index as u32)), "{index} is missing");
            }
        }
        assert!(near.len() < 60);
    }

    #[test]
    fn an_infinite_area_finds_everything() {
        let grid = Grid::new((0..10).map(|n| Rect::from_min_size(Pos2::new(n as f32 * 900.0, 0.0), Vec2::splat(10.0))));
        assert_eq!(grid.near(Rect::EVERYTHING).len(), 10);
    }
}
