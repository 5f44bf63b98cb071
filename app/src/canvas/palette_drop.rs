//! Drop: dragging a component from the palette onto the canvas, with a preview of its node.

use std::sync::Arc;

use compose_runtime::component::spec::{CONTROL, SIGNAL};
use compose_runtime::component::{BoxSpec, Category};
use compose_runtime::ids::Direction;
use egui::{DragAndDrop, Pos2, Ui, Vec2};

use super::camera::snapped;
use super::node_shape::{GRID, NodeKind, NodeShape};
use super::paint::ports::{self, PortLook};
use super::paint::{Brush, nodes};
use super::scene::Detail;
use super::surface::{self, SurfaceForm};
use super::view::{CanvasView, PaletteDrag};
use crate::command::{CommandQueue, EditAction};
use crate::document::{BoxInfo, COMPOSITE, NodeId};

/// Draws the preview while a component is dragged over the canvas, and adds the component when it is dropped.
pub fn palette_drop_ui(ui: &Ui, view: &CanvasView<'_>, brush: &Brush<'_>, is_over: bool, commands: &mut CommandQueue) {
    if !is_over || !DragAndDrop::has_payload_of_type::<PaletteDrag>(ui.ctx()) {
        return;
    }
    let Some(pos) = ui.input(|input| input.pointer.interact_pos()) else { return };
    let Some(payload) = DragAndDrop::payload::<PaletteDrag>(ui.ctx()) else { return };
    let pointer = brush.camera.canvas_from_screen(brush.viewport, pos);
    let mut preview = shape(view, &payload.type_name, Pos2::ZERO);
    let hold = Vec2::new(preview.rect.width() / 2.0, preview.header / 2.0);
    let at = snapped(pointer - hold, GRID);
    if ui.input(|input| input.pointer.any_released()) {
        DragAndDrop::clear_payload(ui.ctx());
        let type_name = payload.type_name.clone();
        commands.push(EditAction::AddNode { type_name, pos_in_canvas: Some([at.x, at.y]) });
        return;
    }
    preview = shape(view, &payload.type_name, at);
    let mut brush = brush.clone();
    brush.painter.set_opacity(0.6);
    nodes::paint(&brush, &preview, Vec2::ZERO, Detail::Near, None, nodes::NodeLook::default(), |_| PortLook::default());
    for port in &preview.ports {
        ports::paint_dot(&brush, port, Vec2::ZERO, Detail::Near, None, PortLook::default());
    }
    if let Some((form, slot)) = preview.surface {
        surface::placeholder(&brush.painter, brush.rect(slot), brush.zoom(), form, &preview.name, view.theme);
    }
}

/// The shape of a new node of this type.
fn shape(view: &CanvasView<'_>, type_name: &str, at: Pos2) -> NodeShape {
    let name = view.document.name_for_new(view.scope, type_name);
    let boxes = |specs: &[BoxSpec], last: &BoxSpec, direction| -> Vec<BoxInfo> {
        specs.iter().chain([last]).map(|spec| info(spec, direction)).collect()
    };
    let id = NodeId(u64::MAX);
    match view.registry.get(type_name) {
        Ok(spec) => {
            let inboxes = boxes(spec.inboxes, &CONTROL, Direction::Inbox);
            let outboxes = boxes(spec.outboxes, &SIGNAL, Direction::Outbox);
            let form = spec.has_surface.then(|| SurfaceForm::expected(type_name));
            let category = Some(spec.category);
            NodeShape::new(id, NodeKind::Leaf, &name, Arc::from(type_name), category, at, (&inboxes, &outboxes), form)
        }
        Err(_) => {
            let inboxes = boxes(&[BoxSpec::new("inbox", "")], &CONTROL, Direction::Inbox);
            let outboxes = boxes(&[BoxSpec::new("outbox", "")], &SIGNAL, Direction::Outbox);
            let kind = if type_name == COMPOSITE { NodeKind::Composite } else { NodeKind::Unknown };
            let category = (kind == NodeKind::Composite).then_some(Category::Chassis);
            NodeShape::new(id, kind, &name, Arc::from(type_name), category, at, (&inboxes, &outboxes), None)
        }
    }
}

fn info(spec: &BoxSpec, direction: Direction) -> BoxInfo {
    let capacity = if direction == Direction::Inbox { spec.capacity } else { None };
    BoxInfo { name: spec.name.into(), help: spec.help.to_owned(), kinds: spec.kinds.to_vec(), capacity }
}
