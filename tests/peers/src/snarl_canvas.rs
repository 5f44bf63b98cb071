//! The same graph drawn by egui-snarl, with the version of egui that it requires.

use egui_for_snarl::{self as egui, Pos2, Ui};
use egui_snarl::ui::{PinInfo, SnarlPin, SnarlStyle, SnarlViewer};
use egui_snarl::{InPin, InPinId, OutPin, OutPinId, Snarl};

use crate::grid::{Grid, SCREEN};

struct Viewer;

impl SnarlViewer<String> for Viewer {
    fn title(&mut self, node: &String) -> String {
        node.clone()
    }

    fn inputs(&mut self, _: &String) -> usize {
        2
    }

    fn outputs(&mut self, _: &String) -> usize {
        2
    }

    fn show_input(&mut self, pin: &InPin, ui: &mut Ui, _: &mut Snarl<String>) -> impl SnarlPin + 'static {
        ui.label(if pin.id.input == 0 { "inbox" } else { "control" });
        PinInfo::circle()
    }

    fn show_output(&mut self, pin: &OutPin, ui: &mut Ui, _: &mut Snarl<String>) -> impl SnarlPin + 'static {
        ui.label(if pin.id.output == 0 { "outbox" } else { "signal" });
        PinInfo::circle()
    }
}

/// A headless window with the graph. Each call draws one frame and returns the seconds it took.
pub fn frames(grid: Grid) -> impl FnMut() -> f64 {
    let mut snarl = Snarl::new();
    let nodes: Vec<_> = (0..grid.nodes)
        .map(|index| {
            let (x, y) = grid.position(index);
            snarl.insert_node(Pos2::new(x, y), format!("component {index}"))
        })
        .collect();
    for (from, to) in grid.links() {
        snarl.connect(OutPinId { node: nodes[from], output: 0 }, InPinId { node: nodes[to], input: 0 });
    }
    let context = egui::Context::default();
    let style = SnarlStyle::new();
    move || {
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(Pos2::ZERO, egui::vec2(SCREEN.0, SCREEN.1))),
            ..Default::default()
        };
        let begun = std::time::Instant::now();
        let output = context.run_ui(input, |ui| snarl.show(&mut Viewer, &style, "snarl", ui));
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
        begun.elapsed().as_secs_f64()
    }
}
