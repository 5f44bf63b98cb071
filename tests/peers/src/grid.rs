//! The graph that every canvas draws, and the size of the window.

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
