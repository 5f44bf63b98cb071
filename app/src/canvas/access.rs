//! Access: makes the painted graph available to assistive technology and the keyboard.
//!
//! Every visible node, box and link gets a node in the accessibility tree. The nodes are created only while assistive
//! technology is active: with thousands of shapes, they would take up a considerable part of each frame.

use egui::accesskit::Role;
use egui::{Id, Rect, Response, Sense, Ui, Vec2, WidgetInfo};

use super::layout::Layout;
use super::paint::Brush;
use super::scene::{Detail, Scene};
use super::selection::Selection;
use super::view::CanvasView;

/// Registers the visible shapes if the canvas itself (`listener`) is in the accessibility tree. A press with a key or
/// with assistive technology selects the shape.
pub fn access_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    brush: &Brush<'_>,
    layout: &Layout,
    scene: &Scene,
    selection: &mut Selection,
    listener: Id,
) {
    let canvas = ui.scope_id().with("canvas access");
    if !ui.ctx().has_accesskit_node(listener) {
        return;
    }
    // The gestures handle presses of the pointer.
    let by_pointer = ui.input(|input| input.pointer.any_released() || input.pointer.any_pressed());
    for shape in scene.wires.iter().filter_map(|n| layout.wires.get(*n)) {
        let rect = Rect::from_center_size(brush.pos(shape.curve.at(0.5)), Vec2::splat(10.0));
        let name = view.document.wire_name(&shape.wire).replace(" -> ", " to ");
        let is_selected = selection.wires.contains(&shape.wire);
        let response = item(ui, canvas.with(&shape.wire), rect, Role::ListItem, is_selected, &format!("link {name}"));
        if response.clicked() && !by_pointer {
            selection.set_wire(shape.wire.clone());
        }
    }
    for node in scene.nodes.iter().filter_map(|n| layout.nodes.get(*n)) {
        if node.is_node() {
            let state = view.live.component(node.id).map_or("not running", |live| live.state.name());
            let instances = match view.live.instances_of(node.id) {
                0 => String::new(),
                count => format!(", instances: {count}"),
            };
            let label = format!("component {}, {}, {state}{instances}", node.name, node.type_name);
            let is_selected = selection.nodes.contains(&node.id);
            // The header, so that a click by label hits the node and not its surface.
            let header = Rect::from_min_size(node.rect.min, Vec2::new(node.rect.width(), node.header));
            let response = item(ui, canvas.with(node.id), brush.rect(header), Role::ListItem, is_selected, &label);
            if response.clicked() && !by_pointer {
                selection.set_nodes([node.id]);
            }
        }
        if scene.detail == Detail::Near {
            for port in &node.ports {
                let side =
                    if port.port.direction == compose_runtime::ids::Direction::Inbox { "inbox" } else { "outbox" };
                let owner = if node.is_node() { &*node.name } else { "self" };
                let rect =
                    Rect::from_center_size(brush.pos(port.centre), Vec2::splat(2.0 * port.reach() * brush.zoom()));
                let label = format!("{side} {owner}.{}", port.port.name);
                item(ui, canvas.with((&port.port, node.is_node())), rect, Role::ListItem, false, &label);
            }
        }
    }
    for frame in layout.frames.iter().filter(|frame| frame.rect.intersects(scene.visible)) {
        let label = format!("frame {}", frame.title);
        let is_selected = selection.frames.contains(&frame.id);
        item(ui, canvas.with(frame.id), brush.rect(frame.title_bar()), Role::ListItem, is_selected, &label);
    }
}

fn item(ui: &Ui, id: Id, rect: Rect, role: Role, is_selected: bool, label: &str) -> Response {
    let response = ui.interact(rect.intersect(ui.clip_rect()), id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(role, true, is_selected, label));
    response
}
