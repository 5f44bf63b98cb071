//! Hover: the tooltip of a link, a box, a component or a frame on which the pointer rests.

use std::time::Duration;

use compose_runtime::ids::Direction;
use compose_runtime::introspect::snapshot::{ComponentView, State, WaitReason};
use egui::{Id, Tooltip, Ui};

use super::hit::Hit;
use super::paint::dots::rate_text;
use super::state::CanvasState;
use super::view::CanvasView;
use crate::document::{Frame, NodeId, Port, Wire};
use crate::theme::tokens;
use crate::wording::count_of;

/// The delay before the tooltip of a link or a box appears, in seconds.
const REST: f64 = 0.3;

/// The delay for a component, which is longer because the pointer often crosses it.
const REST_ON_NODE: f64 = 1.0;

/// The maximum number of characters of a value in a tooltip.
const VALUE: usize = 60;

/// The text of a tooltip: a heading and the lines below it.
type Lines = (String, Vec<String>);

/// Shows the tooltip after the delay, and requests the frame in which it appears.
pub fn hover_ui(ui: &Ui, view: &CanvasView<'_>, state: &CanvasState) {
    let (rest, lines): (f64, Option<Lines>) = match &state.pointing.hover.hit {
        Hit::Wire(wire) | Hit::WireEnd(wire, _) => (REST, Some(wire_lines(view, wire))),
        Hit::Port(port) => (REST, port_lines(view, port)),
        Hit::Node(node) => {
            // Only over the header: a pointer left somewhere in the node shows no tooltip.
            let shape = state.layout.node(*node);
            let header = shape.map(|shape| shape.rect.top()..=shape.rect.top() + shape.header);
            match (header, state.pointing.on_free_canvas) {
                (Some(header), Some(pos)) if header.contains(&pos.y) => (REST_ON_NODE, node_lines(view, *node)),
                _ => return,
            }
        }
        // The canvas has space for the first line only.
        Hit::FrameTitle(frame) => (REST, view.document.frame(*frame).and_then(frame_lines)),
        Hit::Nothing | Hit::Surface(_) | Hit::FrameCorner(_) => return,
    };
    let rested = ui.input(|input| input.time) - state.pointing.hover.since;
    if rested < rest {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(rest - rested + 0.01));
        return;
    }
    let Some((heading, lines)) = lines else { return };
    if view.live.is_running() {
        // Update the age of the last message.
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
    let Some(pos) = ui.input(|input| input.pointer.hover_pos()) else { return };
    let beside = match &state.pointing.hover.hit {
        // The tooltip must not cover the node it describes.
        Hit::Node(node) => match state.layout.node(*node) {
            Some(shape) => state.camera(view.scope).rect_on_screen(state.viewport, shape.rect),
            None => return,
        },
        _ => egui::Rect::from_center_size(pos, egui::Vec2::splat(20.0)),
    };
    Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), Id::unique("canvas hover"), beside).gap(4.0).show(|ui| {
        ui.set_max_width(340.0);
        ui.label(egui::RichText::new(heading).font(tokens::font_strong(tokens::SIZE_BODY)).color(view.theme.strong));
        for line in lines {
            ui.label(egui::RichText::new(line).size(tokens::SIZE_SMALL).color(view.theme.muted));
        }
    });
}

fn frame_lines(frame: &Frame) -> Option<Lines> {
    let lines: Vec<String> = frame.notes.lines().map(str::to_owned).collect();
    (!lines.is_empty()).then(|| (frame.title.clone(), lines))
}

fn wire_lines(view: &CanvasView<'_>, wire: &Wire) -> Lines {
    let heading = view.document.wire_name(wire).replace("->", "→");
    let Some(linkage) = view.live.linkage(wire) else {
        return (heading, vec!["No message has crossed this link; press run.".to_owned()]);
    };
    let mut lines = Vec::new();
    if let Some(last) = &linkage.last {
        lines.push(format!("last {}, {} ago", last.message.label(VALUE), span_text(view.live.age(last.at))));
    }
    let rate = rate_text(view.live.wire_rate(wire));
    lines.push(format!("{}, {}", count_of(linkage.delivered, "message"), rate.trim_start_matches('×')));
    (heading, lines)
}

fn port_lines(view: &CanvasView<'_>, port: &Port) -> Option<Lines> {
    let info = view.document.box_at(port, view.registry).ok()?;
    let verb = if port.direction == Direction::Inbox { "Accepts" } else { "Sends" };
    let mut lines = Vec::new();
    if !info.help.is_empty() {
        lines.push(info.help.clone());
    }
    lines.push(format!("{verb} {}.", info.kinds_text()));
    if let Some(live) = view.live.component(port.node) {
        match port.direction {
            Direction::Inbox => {
                if let Some(inbox) = live.inboxes.iter().find(|inbox| inbox.name == port.name) {
                    let limit = inbox.capacity.map_or(String::new(), |most| format!(" of {most}"));
                    lines.push(format!("{}{limit} waiting, {} taken", inbox.depth, inbox.taken));
                }
            }
            Direction::Outbox => {
                if let Some(outbox) = live.outboxes.iter().find(|outbox| outbox.name == port.name) {
                    let lost = if outbox.discarded > 0 {
                        format!(", {} discarded: no link", outbox.discarded)
                    } else {
                        String::new()
                    };
                    lines.push(format!("{} sent{lost}", outbox.sent));
                }
            }
        }
    }
    Some((view.document.port_name(port), lines))
}

fn node_lines(view: &CanvasView<'_>, id: NodeId) -> Option<Lines> {
    let node = view.document.node(id)?;
    let mut lines = Vec::new();
    if let Ok(spec) = view.registry.get(node.type_name()) {
        lines.push(format!("{}: {}", spec.type_name, spec.summary));
    } else if node.is_composite() {
        lines.push("A graph of components; double-click to open it.".to_owned());
    } else {
        lines.push(format!("{} is not in the component library; the node is kept but does not run.", node.type_name()));
    }
    if let Some(live) = view.live.component(id) {
        lines.push(state_text(view, live));
        lines.push(format!("{} received, {} sent", live.received, live.sent));
    }
    Some((view.document.path_name(id), lines))
}

/// The state of a component and, if it waits, what it waits for.
pub fn state_text(view: &CanvasView<'_>, live: &ComponentView) -> String {
    match &live.state {
        State::Crashed(fault) => format!("crashed: {fault}"),
        State::Waiting(WaitReason::Message(inboxes)) => format!("waiting for a message in {}", inboxes.join(" or ")),
        State::Waiting(WaitReason::Space { outbox, full }) => {
            let full = view.document.port_name(&Port::from(full));
            format!("waiting to send from {outbox}: {full} is full")
        }
        State::Waiting(WaitReason::Time(until)) => format!("waiting until {}", span_text(*until)),
        State::Waiting(WaitReason::Outside(what)) => format!("waiting for {what}"),
        State::Waiting(WaitReason::Members) => "waiting for the components inside".to_owned(),
        state => state.name().to_owned(),
    }
}

/// A span of time in a readable unit.
pub fn span_text(span: Duration) -> String {
    match span.as_secs_f64() {
        seconds if seconds < 0.001 => format!("{:.0} µs", seconds * 1.0e6),
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1.0e3),
        seconds if seconds < 100.0 => format!("{seconds:.1} s"),
        seconds => format!("{:.0} min", seconds / 60.0),
    }
}
