//! One frame of a large graph: layout and tessellation on the processor without a graphics card, for every canvas.

use compose_app::app::frame_memory::keep_frame_memory;

use crate::grid::Grid;
use crate::own_canvas::{self, Zoom};
use crate::report::{Report, median};
use crate::rounds::ROUNDS;
use crate::{edit_canvas, snarl_canvas};

/// Median time of a frame in milliseconds, after some warm-up frames.
fn median_ms(mut frame: impl FnMut() -> f64) -> f64 {
    for _ in 0..30 {
        frame();
    }
    median((0..ROUNDS * 8).map(|_| frame()).collect()) * 1000.0
}

/// Measures all canvases.
pub fn measure(report: &mut Report) {
    // As the window does.
    keep_frame_memory();
    let thousand = own_canvas::document(Grid { nodes: 1000 });
    report.set("ours_frame_ms_1000", median_ms(own_canvas::frames(&thousand, Zoom::Normal, false)));
    report.set("ours_frame_ms_1000_all", median_ms(own_canvas::frames(&thousand, Zoom::All, false)));
    let ratio = report.get("ours_frame_ms_1000") / report.get("ours_frame_ms_1000_all");
    report.set("frame_ms_1000_normal_over_all", ratio);
    report.set("snarl_frame_ms_1000", median_ms(snarl_canvas::frames(Grid { nodes: 1000 })));
    report.set("graph_edit_frame_ms_1000", median_ms(edit_canvas::frames(Grid { nodes: 1000 })));
    let many = own_canvas::document(Grid { nodes: 5000 });
    report.set("frame_ms_5000_normal", median_ms(own_canvas::frames(&many, Zoom::Normal, true)));
    report.set("frame_ms_5000_all", median_ms(own_canvas::frames(&many, Zoom::All, true)));
}
