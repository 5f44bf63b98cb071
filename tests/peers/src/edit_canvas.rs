//! The same graph drawn by egui-graph-edit, with the version of egui that it requires.

use std::borrow::Cow;

use egui_for_graph_edit as egui;
use egui_graph_edit::{
    DataTypeTrait, Graph, GraphEditorState, InputParamKind, NodeDataTrait, NodeId, NodeResponse, NodeTemplateIter,
    NodeTemplateTrait, UserResponseTrait, WidgetValueTrait,
};

use crate::grid::{Grid, SCREEN};

#[derive(Debug, Clone, Default)]
struct Nothing;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Any;

impl UserResponseTrait for Nothing {}

impl DataTypeTrait<Nothing> for Any {
    fn data_type_color(&self, _: &mut Nothing) -> egui::Color32 {
        egui::Color32::LIGHT_BLUE
    }

    fn name(&self) -> Cow<'_, str> {
        "any".into()
    }
}

impl WidgetValueTrait for Nothing {
    type Response = Nothing;
    type UserState = Nothing;
    type NodeData = Nothing;

    fn value_widget(&mut self, name: &str, _: NodeId, ui: &mut egui::Ui, _: &mut Nothing, _: &Nothing) -> Vec<Nothing> {
        ui.label(name);
        Vec::new()
    }
}

impl NodeDataTrait for Nothing {
    type Response = Nothing;
    type UserState = Nothing;
    type DataType = Any;
    type ValueType = Nothing;

    fn bottom_ui(
        &self,
        _: &mut egui::Ui,
        _: NodeId,
        _: &Graph<Nothing, Any, Nothing>,
        _: &mut Nothing,
    ) -> Vec<NodeResponse<Nothing, Nothing>> {
        Vec::new()
    }
}

impl NodeTemplateIter for Nothing {
    type Item = Nothing;

    fn all_kinds(&self) -> Vec<Nothing> {
        vec![Nothing]
    }
}

impl NodeTemplateTrait for Nothing {
    type NodeData = Nothing;
    type DataType = Any;
    type ValueType = Nothing;
    type UserState = Nothing;
    type CategoryType = ();

    fn node_finder_label(&self, _: &mut Nothing) -> Cow<'_, str> {
        "component".into()
    }

    fn node_graph_label(&self, _: &mut Nothing) -> String {
        "component".to_owned()
    }

    fn user_data(&self, _: &mut Nothing) -> Nothing {
        Nothing
    }

    fn build_node(&self, graph: &mut Graph<Nothing, Any, Nothing>, _: &mut Nothing, node: NodeId) {
        for name in ["inbox", "control"] {
            graph.add_input_param(node, name.to_owned(), Any, Nothing, InputParamKind::ConnectionOnly, true);
        }
        for name in ["outbox", "signal"] {
            graph.add_output_param(node, name.to_owned(), Any);
        }
    }
}

/// A headless window with the graph. Each call draws one frame and returns the seconds it took.
pub fn frames(grid: Grid) -> impl FnMut() -> f64 {
    let mut state = GraphEditorState::<Nothing, Any, Nothing, Nothing, Nothing>::new(1.0);
    let nodes: Vec<NodeId> = (0..grid.nodes)
        .map(|index| {
            let (x, y) = grid.position(index);
            let node = state.graph.add_node(format!("component {index}"), Nothing, |graph, node| {
                Nothing.build_node(graph, &mut Nothing, node);
            });
            state.node_positions.insert(node, egui::pos2(x, y));
            state.node_orientations.insert(node, egui_graph_edit::NodeOrientation::LeftToRight);
            state.node_order.push(node);
            node
        })
        .collect();
    for (from, to) in grid.links() {
        let output = state.graph[nodes[from]].get_output("outbox").expect("the box was made above");
        let input = state.graph[nodes[to]].get_input("inbox").expect("the box was made above");
        // It supports one link per input; a later link replaces an earlier one.
        state.graph.add_connection(output, input);
    }
    let context = egui::Context::default();
    move || {
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(SCREEN.0, SCREEN.1))),
            ..Default::default()
        };
        let begun = std::time::Instant::now();
        let output = context.run_ui(input, |ui| {
            drop(state.draw_graph_editor(ui, Nothing, &mut Nothing, Vec::new()));
        });
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
        begun.elapsed().as_secs_f64()
    }
}
