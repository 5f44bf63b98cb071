//! Grid: which rectangles are near a place, without looking at all of them.
//!
//! Pure. Built once per layout. Rectangles that would fill very many cells (long wires) are kept in a list of their own
//! and always looked at.

use std::collections::HashMap;

use egui::Rect;

/// Width and height of a cell in canvas units.
const CELL: f32 = 512.0;

/// A rectangle in more cells than this goes into the list of large ones.
const MOST_CELLS: i32 = 48;

/// Numbers of rectangles by place.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    cells: HashMap<(i32, i32), Vec<u32>>,
    large: Vec<u32>,
    len: usize,
}

impl Grid {
    /// Puts all rectangles into cells; their number is their place in the list.
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

    /// Numbers of all rectangles that may touch `area`, ascending, each once.
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
    fn what_touches_the_area_is_found_and_what_is_far_is_not() {
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
    fn an_endless_area_gives_everything() {
        let grid = Grid::new((0..10).map(|n| Rect::from_min_size(Pos2::new(n as f32 * 900.0, 0.0), Vec2::splat(10.0))));
        assert_eq!(grid.near(Rect::EVERYTHING).len(), 10);
    }
}
