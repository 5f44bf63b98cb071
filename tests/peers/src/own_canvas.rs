//! The same graph on our own canvas: stopped, and running with ten messages per second over half its links.

use std::time::{Duration, Instant};

use compose_app::canvas::{CanvasState, CanvasView, ViewRequest, canvas_ui};
use compose_app::command::CommandQueue;
use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};
use compose_app::live::{Live, RunSettings};
use compose_app::theme::style::{install_fonts, install_theme};
use compose_app::theme::tokens::{ThemeName, Tokens};

use crate::grid::{Grid, SCREEN};

/// The grid as a document. Every row begins with a clock that feeds the other nodes of the row. The `signal` of each
/// node is linked to `control` of the node below, so these links carry messages only at the end.
pub fn document(grid: Grid) -> Document {
    let mut document = Document::new();
    let ids: Vec<NodeId> = (0..grid.nodes).map(|_| document.fresh_id()).collect();
    let mut commands = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let (x, y) = grid.position(index);
        let name = format!("component {index}");
        let node = if grid.begins_row(index) {
            Node::leaf(*id, name, "CheapAndCheerfulClock").param("interval", 0.1)
        } else {
            Node::leaf(*id, name, "PassThrough")
        };
        commands.push(EditCommand::AddNode { node: node.at([x, y]) });
    }
    for (from, to) in grid.links() {
        let (outbox, inbox) = if to == from + 1 { ("outbox", "inbox") } else { ("signal", "control") };
        commands.push(EditCommand::Connect { wire: Wire::data(ids[from], outbox, ids[to], inbox) });
    }
    document.apply(EditCommand::batch("Build", commands)).expect("the grid is a valid document");
    document
}

/// How much of the graph is visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// 100 %: as much as fits into the window.
    Normal,
    /// The whole graph.
    All,
}

/// A headless window with the graph. Each call takes the new snapshot, draws one frame and returns the seconds it took.
pub fn frames(document: &Document, zoom: Zoom, is_running: bool) -> impl FnMut() -> f64 {
    let registry = compose_components::registry();
    let mut live = Live::new(registry.clone());
    if is_running {
        live.run(document, RunSettings::default(), || ()).expect("the graph runs");
    }
    let context = egui::Context::default();
    install_fonts(&context);
    install_theme(&context, ThemeName::Dark, 1.0);
    let (mut state, mut commands) = (CanvasState::default(), CommandQueue::default());
    state.request(match zoom {
        Zoom::Normal => ViewRequest::ZoomTo(1.0),
        Zoom::All => ViewRequest::Fit,
    });
    let start = Instant::now();
    move || {
        // Sixty frames per second, so every other frame has a new snapshot.
        std::thread::park_timeout(Duration::from_millis(16));
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(SCREEN.0, SCREEN.1))),
            time: Some(start.elapsed().as_secs_f64()),
            ..Default::default()
        };
        let begun = Instant::now();
        live.begin_frame();
        let output = context.run_ui(input, |ui| {
            let theme = Tokens::of(ui.ctx());
            let view = CanvasView {
                document,
                scope: None,
                registry: &registry,
                minimap_is_shown: true,
                covered_top: 0.0,
                live: live.view(),
                theme: &theme,
            };
            canvas_ui(ui, &view, &mut state, &mut commands);
        });
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
        let seconds = begun.elapsed().as_secs_f64();
        drop(commands.take());
        seconds
    }
}
