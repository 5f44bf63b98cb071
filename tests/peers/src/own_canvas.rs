//! The same graph on our own canvas, with the components of the library, not running and running.

use compose_app::canvas::{CanvasState, CanvasView, ViewRequest, canvas_ui};
use compose_app::command::CommandQueue;
use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};
use compose_app::live::LiveView;
use compose_app::theme::style::{install_fonts, install_theme};
use compose_app::theme::tokens::{ThemeName, Tokens};

use crate::pictures::{Grid, SCREEN};

/// The grid as a document of PassThrough components.
pub fn document(grid: Grid) -> Document {
    let mut document = Document::new();
    let ids: Vec<NodeId> = (0..grid.nodes).map(|_| document.fresh_id()).collect();
    let mut commands = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let (x, y) = grid.place(index);
        let node = Node::leaf(*id, format!("component {index}"), "PassThrough").at([x, y]);
        commands.push(EditCommand::AddNode { node });
    }
    for (from, to) in grid.links() {
        commands.push(EditCommand::Connect { wire: Wire::data(ids[from], "outbox", ids[to], "inbox") });
    }
    document.apply(EditCommand::batch("Build", commands)).expect("the grid is a good document");
    document
}

/// How much of the graph is in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// 100 %: as much as fits.
    Normal,
    /// All of it.
    All,
}

/// A headless window with the graph in it; each call draws one frame and gives the seconds it took.
pub fn frames(document: &Document, zoom: Zoom, mut live: impl FnMut() -> LiveView) -> impl FnMut() -> f64 {
    let registry = compose_components::registry();
    let context = egui::Context::default();
    install_fonts(&context);
    install_theme(&context, ThemeName::Dark, 1.0);
    let (mut state, mut commands) = (CanvasState::default(), CommandQueue::default());
    state.request(match zoom {
        Zoom::Normal => ViewRequest::ZoomTo(1.0),
        Zoom::All => ViewRequest::Fit,
    });
    let mut time = 0.0;
    move || {
        time += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(SCREEN.0, SCREEN.1))),
            time: Some(time),
            ..Default::default()
        };
        let live = live();
        let begun = std::time::Instant::now();
        let output = context.run_ui(input, |ui| {
            let theme = Tokens::of(ui.ctx());
            let view = CanvasView { document, scope: None, registry: &registry, live: &live, theme: &theme };
            canvas_ui(ui, &view, &mut state, &mut commands);
        });
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
        let seconds = begun.elapsed().as_secs_f64();
        drop(commands.take());
        seconds
    }
}
