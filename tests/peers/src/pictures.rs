//! One frame of a large graph: layout and tessellation on the processor without a graphics card, for every canvas.

use crate::own_canvas::{self, Zoom};
use crate::report::{Report, median};
use crate::rounds::ROUNDS;
use crate::{edit_canvas, snarl_canvas};

/// Size of the window, in points.
pub const SCREEN: (f32, f32) = (1366.0, 768.0);

/// A graph of nodes on a square grid, each linked to its right and its lower neighbour.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    /// Number of nodes.
    pub nodes: usize,
}

impl Grid {
    fn columns(self) -> usize {
        (self.nodes as f64).sqrt().ceil() as usize
    }

    /// Whether a node is the first of its row.
    pub fn begins_row(self, index: usize) -> bool {
        index.is_multiple_of(self.columns())
    }

    /// Position of a node on the canvas.
    pub fn position(self, index: usize) -> (f32, f32) {
        ((index % self.columns()) as f32 * 240.0, (index / self.columns()) as f32 * 160.0)
    }

    /// All links: two for each node that has both neighbours.
    pub fn links(self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.columns();
        (0..self.nodes).flat_map(move |index| {
            let right = ((index + 1) % columns != 0 && index + 1 < self.nodes).then_some((index, index + 1));
            let below = (index + columns < self.nodes).then_some((index, index + columns));
            right.into_iter().chain(below)
        })
    }
}

/// Median time of a frame in milliseconds, after some warm-up frames.
fn median_ms(mut frame: impl FnMut() -> f64) -> f64 {
    for _ in 0..30 {
        frame();
    }
    median((0..ROUNDS * 8).map(|_| frame()).collect()) * 1000.0
}

/// Measures all canvases.
pub fn measure(report: &mut Report) {
    let thousand = own_canvas::document(Grid { nodes: 1000 });
    report.set("ours_frame_ms_1000", median_ms(own_canvas::frames(&thousand, Zoom::Normal, false)));
    report.set("ours_frame_ms_1000_all", median_ms(own_canvas::frames(&thousand, Zoom::All, false)));
    report.set("snarl_frame_ms_1000", median_ms(snarl_canvas::frames(Grid { nodes: 1000 })));
    report.set("graph_edit_frame_ms_1000", median_ms(edit_canvas::frames(Grid { nodes: 1000 })));
    let many = own_canvas::document(Grid { nodes: 5000 });
    report.set("frame_ms_5000_normal", median_ms(own_canvas::frames(&many, Zoom::Normal, true)));
    report.set("frame_ms_5000_all", median_ms(own_canvas::frames(&many, Zoom::All, true)));
}
