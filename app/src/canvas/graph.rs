//! Graph: draws the graph in this order: background, frames, wires, messages, nodes, boxes, surfaces, gesture.

use std::collections::HashSet;

use compose_runtime::introspect::snapshot::ComponentView;
use egui::{Color32, Ui, Vec2};

use super::carried_kinds::CarriedKinds;
use super::curve::Curve;
use super::gesture::{Gesture, World};
use super::hit::Hit;
use super::layout::Layout;
use super::link_check::LinkCheck;
use super::node_shape::{NodeShape, is_quiet};
use super::paint::nodes::NodeLook;
use super::paint::ports::{self, PortLook};
use super::paint::wires::WireLook;
use super::paint::{self, Brush};
use super::paint_memory::{LinkFits, PaintMemory};
use super::scene::{Detail, Scene, curve_of};
use super::state::CanvasState;
use super::surface::{self, Slot, SurfaceForm};
use super::traffic::Flow;
use super::view::CanvasView;
use crate::command::{CommandQueue, RunCommand};
use crate::document::{NodeId, Port, Wire};

/// The opacity of faded nodes.
const FADED: f32 = 0.35;

/// Draws the graph.
pub fn graph_ui(
    ui: &mut Ui,
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    listener: egui::Id,
    is_over: bool,
    commands: &mut CommandQueue,
) {
    let brush = Brush {
        painter: ui.painter().clone(),
        camera: state.camera(view.scope),
        viewport: state.viewport,
        theme: view.theme,
    };
    let scene = Scene::new(&state.layout, &brush.camera, brush.viewport, &state.gesture);
    find_fits(view, state, &scene);
    paint::background::paint(&brush);
    paint::frames::paint(&brush, &state.layout, &scene, &state.gesture, &state.selection);
    if scene.detail == Detail::Far {
        let CanvasState { layout, gesture, selection, memory, .. } = state;
        paint::far::paint(&brush, layout, &scene, view, gesture, selection, &mut memory.far);
    } else {
        let now = ui.input(|input| input.time);
        let carried = CarriedKinds::new(view, &state.layout, &scene);
        let travelling = wires(view, state, &scene, &brush, &carried, now);
        light_lamps(ui, view, state, &scene, now);
        nodes(ui, view, state, &scene, &brush, &carried, commands);
        let is_hidden = |pos| {
            let nodes = scene.nodes.iter().filter_map(|n| state.layout.nodes.get(*n));
            nodes.into_iter().any(|node| node.rect.contains(pos))
        };
        for (curve, flow, colour) in &travelling {
            paint::dots::paint_labels(&brush, curve, flow, *colour, now, is_hidden);
        }
        if !travelling.is_empty() {
            ui.ctx().request_repaint();
        }
    }
    super::access::access_ui(ui, view, &brush, &state.layout, &scene, &mut state.selection, listener);
    paint::overlay::paint(&brush, &state.layout, &state.gesture);
    if let Some((from, at)) = state.windows.waiting_link() {
        paint::overlay::paint_waiting(&brush, &state.layout, from, at);
    }
    super::palette_drop::palette_drop_ui(ui, view, &brush, is_over, commands);
}

/// Whether the current surface of a component handles presses itself.
pub fn takes_presses(view: &CanvasView<'_>, layout: &Layout, id: NodeId) -> bool {
    use compose_runtime::surface::Surface;
    let surface = view.live.component(id).and_then(|live| live.surface.as_deref());
    layout.node(id).is_some()
        && matches!(
            surface,
            Some(Surface::Button { .. } | Surface::MouseButtons { .. } | Surface::Keys { .. } | Surface::Prompt { .. })
        )
}

/// The movement on one visible link: its curve, its messages, its colour.
type Travelling = (Curve, Flow, Color32);

/// Draws the links and the messages on them. Returns the links on which messages are still moving.
fn wires(
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    scene: &Scene,
    brush: &Brush<'_>,
    carried: &CarriedKinds,
    now: f64,
) -> Vec<Travelling> {
    take_samples(view, state, scene, now);
    let is_moving = state.memory.traffic.settle(now);
    let hovered: Option<&Wire> = match &state.pointing.hover.hit {
        Hit::Wire(wire) | Hit::WireEnd(wire, _) => Some(wire),
        _ => None,
    };
    let mut travelling = Vec::new();
    for (index, shape) in scene.wires.iter().filter_map(|n| Some((*n, state.layout.wires.get(*n)?))) {
        let curve = curve_of(&state.layout, shape, &state.gesture);
        let (picked_up, cut) = match &state.gesture {
            Gesture::Linking(linking) => (linking.picked_up.as_ref() == Some(&shape.wire), false),
            Gesture::Cutting { wires, .. } => (false, wires.contains(&shape.wire)),
            _ => (false, false),
        };
        let look = WireLook {
            is_selected: state.selection.wires.contains(&shape.wire),
            is_hovered: hovered == Some(&shape.wire) || cut,
            is_full: is_full(view, &shape.wire.to),
            is_faded: picked_up || cut,
            is_quiet: is_quiet(shape.wire.from.direction, &shape.wire.from.name),
            carries: carried.wire(index, shape.carries),
        };
        paint::wires::paint(brush, &curve, look);
        if is_moving && let Some(flow) = state.memory.traffic.flow(index) {
            travelling.push((curve, flow.clone(), paint::wires::colour(brush, look)));
        }
    }
    for (curve, flow, colour) in &travelling {
        paint::dots::paint(brush, curve, flow, *colour, now, scene.detail);
    }
    travelling
}

/// Takes the samples of a new snapshot for the visible links.
fn take_samples(view: &CanvasView<'_>, state: &mut CanvasState, scene: &Scene, now: f64) {
    let snapshot = if view.live.is_running() { view.live.snapshot.as_ref() } else { None };
    if !state.memory.traffic.is_new(snapshot.map(|snapshot| snapshot.number), state.layout.stamp) {
        return;
    }
    let Some(snapshot) = snapshot else { return };
    if snapshot.linkages.is_empty() {
        return;
    }
    for (index, shape) in scene.wires.iter().filter_map(|n| Some((*n, state.layout.wires.get(*n)?))) {
        if let Some(linkage) = view.live.linkage(&shape.wire).filter(|linkage| !linkage.samples.is_empty()) {
            state.memory.traffic.take(index, &linkage.samples, view.live.wire_rate(&shape.wire), now);
        }
    }
}

/// Records which components had turns since the last snapshot. A lit lamp requests the frame in which it goes out.
fn light_lamps(ui: &Ui, view: &CanvasView<'_>, state: &mut CanvasState, scene: &Scene, now: f64) {
    let snapshot = view.live.snapshot.as_ref().filter(|_| view.live.is_running());
    let nodes = scene.nodes.iter().filter_map(|n| state.layout.nodes.get(*n));
    let in_view = nodes.filter_map(|node| view.live.component(node.id));
    if state.memory.activity.take(snapshot.map(|snapshot| snapshot.number), in_view, now) {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(super::activity::HOLD));
    }
}

fn nodes(
    ui: &mut Ui,
    view: &CanvasView<'_>,
    state: &mut CanvasState,
    scene: &Scene,
    brush: &Brush<'_>,
    carried: &CarriedKinds,
    commands: &mut CommandQueue,
) {
    let now = ui.input(|input| input.time);
    let CanvasState { layout, gesture, selection, pointing, memory, .. } = state;
    let PaintMemory { fits, pictures, prompts, activity, .. } = memory;
    let (fits, hover) = (fits.as_ref(), &pointing.hover);
    let port_look = |port: &Port| PortLook {
        is_hovered: matches!(&hover.hit, Hit::Port(hit) if hit == port),
        fit: fits.map(|fits| fits.fitting.contains(port) || fits.from == *port),
        carried: carried.port(port),
    };
    for node in scene.nodes.iter().filter_map(|n| layout.nodes.get(*n)) {
        let by = gesture.moved_by(node.id);
        let live = view.live.component(node.id).filter(|_| node.is_node());
        let look = NodeLook {
            is_selected: node.is_node() && selection.nodes.contains(&node.id),
            is_hovered: matches!(&hover.hit, Hit::Node(id) | Hit::Surface(id) if *id == node.id) && node.is_node(),
            is_faded: fits.is_some_and(|fits| {
                !node.ports.iter().any(|port| port_look(&port.port).fit == Some(true) || fits.from == port.port)
            }),
            is_running: view.live.is_running(),
            instances: view.live.instances_of(node.id),
            lamp: live.map(|live| activity.lamp(live, now)),
        };
        // Nodes that do not accept the current link are faded.
        let opacity = if look.is_faded { FADED } else { 1.0 };
        let mut faded = brush.clone();
        faded.painter.set_opacity(opacity);
        ui.set_opacity(opacity);
        paint::nodes::paint(&faded, node, by, scene.detail, live, look, port_look);
        let is_shown = scene.detail == Detail::Near || live.is_some_and(is_readable_when_small);
        if is_shown {
            surface_of(ui, view, node, by, live, &faded, pictures, prompts, commands);
        }
        ui.set_opacity(1.0);
        for port in &node.ports {
            let look = port_look(&port.port);
            ports::paint_dot(brush, port, by, scene.detail, live, look);
            if look.is_hovered && port.label.is_none() {
                let at = brush.pos(port.centre + by + Vec2::new(port.faces * 10.0, 0.0));
                let align = if port.faces > 0.0 { egui::Align2::LEFT_CENTER } else { egui::Align2::RIGHT_CENTER };
                let font = crate::theme::tokens::font(11.0);
                brush.label(at, align, &port.port.name, font, view.theme.text, view.theme.outline);
            }
        }
    }
}

/// Whether the surface of a component is useful even when it is small.
fn is_readable_when_small(live: &ComponentView) -> bool {
    use compose_runtime::surface::Surface;
    matches!(
        live.surface.as_deref(),
        Some(Surface::Picture { .. } | Surface::Plot { .. } | Surface::Meter { .. } | Surface::Graph { .. })
    )
}

#[expect(clippy::too_many_arguments, reason = "called once; the fields of the state are borrowed separately")]
fn surface_of(
    ui: &mut Ui,
    view: &CanvasView<'_>,
    node: &NodeShape,
    by: Vec2,
    live: Option<&ComponentView>,
    brush: &Brush<'_>,
    pictures: &mut super::pictures::Pictures,
    prompts: &mut std::collections::HashMap<NodeId, String>,
    commands: &mut CommandQueue,
) {
    let Some((form, rect)) = node.surface else { return };
    let rect = brush.rect(rect.translate(by));
    match live.and_then(|live| live.surface.as_deref()) {
        Some(shown) => {
            let id = ui.scope_id().with(("surface", node.id));
            let draft = prompts.entry(node.id).or_default();
            let slot = Slot { rect, scale: brush.zoom(), id, name: &node.name, pictures, on_stage: false, draft };
            for event in surface::surface_ui(ui, slot, shown) {
                commands.push(RunCommand::SurfaceEvent { node: node.id, event });
            }
        }
        None => {
            let caption = if form == SurfaceForm::Button { caption_of(view, node) } else { String::new() };
            surface::placeholder(&brush.painter, rect, brush.zoom(), form, &caption, view.theme);
        }
    }
}

/// The caption of a button whose component is not running.
fn caption_of(view: &CanvasView<'_>, node: &NodeShape) -> String {
    let caption =
        view.document.node(node.id).and_then(|node| node.params().get("caption")?.as_text().map(str::to_owned));
    caption.filter(|caption| !caption.is_empty()).unwrap_or_else(|| node.name.to_string())
}

fn is_full(view: &CanvasView<'_>, inbox: &Port) -> bool {
    view.live.is_running()
        && view.live.component(inbox.node).is_some_and(|live| {
            let inbox = live.inboxes.iter().find(|one| one.name == inbox.name);
            inbox.is_some_and(|inbox| inbox.capacity.is_some_and(|most| most > 0 && inbox.depth >= most))
        })
}

/// Determines once per gesture which visible boxes accept the link.
fn find_fits(view: &CanvasView<'_>, state: &mut CanvasState, scene: &Scene) {
    let Gesture::Linking(linking) = &state.gesture else {
        state.memory.fits = None;
        return;
    };
    if state.memory.fits.as_ref().is_some_and(|fits| fits.from == linking.from && fits.stamp == state.layout.stamp) {
        return;
    }
    let world = World {
        layout: &state.layout,
        check: LinkCheck { document: view.document, registry: view.registry, scope: view.scope },
    };
    let visible = scene.nodes.iter().filter_map(|n| state.layout.nodes.get(*n));
    let fitting: HashSet<Port> = visible
        .flat_map(|node| &node.ports)
        .filter(|port| linking.fits(&port.port, world))
        .map(|port| port.port.clone())
        .collect();
    state.memory.fits = Some(LinkFits { from: linking.from.clone(), stamp: state.layout.stamp, fitting });
}
