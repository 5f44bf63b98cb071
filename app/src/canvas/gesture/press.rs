//! Press: what a press, the drag that follows it, or a click does.

use egui::{Modifiers, Vec2};

use super::effect::Effect;
use super::input::{Button, PointerPos};
use super::linking::Linking;
use super::state::Gesture;
use super::world::World;
use crate::canvas::hit::{Hit, WireEnd};
use crate::canvas::selection::Selection;
use crate::command::{AppCommand, EditAction, ViewCommand};
use crate::document::NodeId;

/// One press and what it hit.
pub(super) struct Press {
    pub(super) at: PointerPos,
    pub(super) button: Button,
    pub(super) count: u8,
    pub(super) modifiers: Modifiers,
    pub(super) space: bool,
    pub(super) hit: Hit,
}

/// Handles a press.
pub(super) fn press(gesture: &mut Gesture, selection: &mut Selection, press: &Press, world: World<'_>) -> Vec<Effect> {
    if press.button == Button::Middle || (press.button == Button::Primary && press.space) {
        *gesture = Gesture::Panning { last: press.at.on_screen, button: press.button };
        return Vec::new();
    }
    if press.button == Button::Secondary {
        // The menu applies to the pressed shape or, if that shape is selected, to the whole selection.
        if !is_selected(&press.hit, selection) {
            select_only(&press.hit, selection);
        }
        return Vec::new();
    }
    if press.count == 2
        && let Some(effects) = double_click(press, world)
    {
        *gesture = Gesture::Idle;
        return effects;
    }
    let mut reduces = false;
    if !matches!(press.hit, Hit::Nothing | Hit::Port(_)) && !press.modifiers.shift {
        if is_selected(&press.hit, selection) {
            reduces = true;
        } else {
            select_only(&press.hit, selection);
        }
    }
    *gesture = Gesture::Pressed { hit: press.hit.clone(), origin: press.at, modifiers: press.modifiers, reduces };
    Vec::new()
}

/// The gesture that begins with a drag from `origin`.
pub(super) fn drag(
    hit: &Hit,
    origin: PointerPos,
    modifiers: Modifiers,
    selection: &mut Selection,
    world: World<'_>,
) -> Gesture {
    if modifiers.alt && matches!(hit, Hit::Nothing | Hit::Wire(_) | Hit::WireEnd(..) | Hit::FrameTitle(_)) {
        return Gesture::Cutting { stroke: vec![origin.in_canvas], wires: Vec::new() };
    }
    match hit {
        Hit::Port(port) => Gesture::Linking(Linking::from_port(port.clone(), origin.in_canvas, world)),
        Hit::WireEnd(wire, end) => {
            let stays = if *end == WireEnd::To { &wire.from } else { &wire.to };
            Gesture::Linking(Linking::picked_up(wire.clone(), stays.clone(), origin.in_canvas, world))
        }
        Hit::Node(_) | Hit::Surface(_) | Hit::FrameTitle(_) => {
            if !is_selected(hit, selection) {
                if modifiers.shift {
                    toggle(hit, selection);
                } else {
                    select_only(hit, selection);
                }
            }
            moving(selection, hit, origin, world)
        }
        Hit::FrameCorner(id) => match world.layout.frame(*id) {
            Some(frame) => Gesture::Resizing { frame: *id, rect: frame.rect },
            None => Gesture::Idle,
        },
        Hit::Nothing | Hit::Wire(_) => {
            let base = if modifiers.shift { selection.clone() } else { Selection::default() };
            Gesture::BoxSelect { origin: origin.in_canvas, at: origin.in_canvas, base }
        }
    }
}

/// Handles a press and a release at the same position.
pub(super) fn click(hit: &Hit, modifiers: Modifiers, reduces: bool, selection: &mut Selection) -> Vec<Effect> {
    if modifiers.shift {
        toggle(hit, selection);
    } else if reduces || matches!(hit, Hit::Nothing | Hit::Port(_)) {
        select_only(hit, selection);
    }
    match hit {
        // Sent as a command, because a click on a link also shows its messages.
        Hit::Wire(wire) | Hit::WireEnd(wire, _) if !modifiers.shift => {
            vec![Effect::Command(AppCommand::View(ViewCommand::SelectWire(wire.clone())))]
        }
        _ => Vec::new(),
    }
}

fn double_click(press: &Press, world: World<'_>) -> Option<Vec<Effect>> {
    match &press.hit {
        Hit::Nothing => Some(vec![Effect::Search { at: press.at.in_canvas, from: None }]),
        Hit::Node(id) => {
            let is_composite = world.check.document.node(*id).is_some_and(|node| node.is_composite());
            let command = if is_composite {
                AppCommand::View(ViewCommand::EnterScope(*id))
            } else {
                AppCommand::Edit(EditAction::Rename)
            };
            Some(vec![Effect::Command(command)])
        }
        Hit::Surface(id) => Some(vec![Effect::Command(AppCommand::View(ViewCommand::ShowOnStage(*id)))]),
        Hit::FrameTitle(id) => Some(vec![Effect::EditFrame(*id)]),
        _ => None,
    }
}

fn moving(selection: &Selection, hit: &Hit, origin: PointerPos, world: World<'_>) -> Gesture {
    let mut nodes: Vec<NodeId> = selection.nodes.iter().copied().collect();
    for frame in selection.frames.iter().filter_map(|id| world.layout.frame(*id)) {
        nodes.extend(world.layout.members_of(frame.rect));
    }
    nodes.sort_unstable();
    nodes.dedup();
    let mut frames: Vec<_> = selection.frames.iter().copied().collect();
    // A frame inside a moved frame moves with it.
    for outer in selection.frames.iter().filter_map(|id| world.layout.frame(*id)) {
        frames.extend(world.layout.frames.iter().filter(|inner| outer.rect.contains_rect(inner.rect)).map(|f| f.id));
    }
    frames.sort_unstable();
    frames.dedup();
    let anchor = match hit {
        Hit::Node(id) | Hit::Surface(id) => world.layout.node(*id).map(|node| node.rect.min),
        Hit::FrameTitle(id) => world.layout.frame(*id).map(|frame| frame.rect.min),
        _ => None,
    };
    let anchor = anchor.unwrap_or(origin.in_canvas);
    Gesture::Moving { nodes, frames, anchor, origin: origin.in_canvas, by: Vec2::ZERO }
}

fn is_selected(hit: &Hit, selection: &Selection) -> bool {
    match hit {
        Hit::Node(id) | Hit::Surface(id) => selection.nodes.contains(id),
        Hit::Wire(wire) | Hit::WireEnd(wire, _) => selection.wires.contains(wire),
        Hit::FrameTitle(id) | Hit::FrameCorner(id) => selection.frames.contains(id),
        Hit::Nothing | Hit::Port(_) => false,
    }
}

fn select_only(hit: &Hit, selection: &mut Selection) {
    match hit {
        Hit::Node(id) | Hit::Surface(id) => selection.set_nodes([*id]),
        Hit::Wire(wire) | Hit::WireEnd(wire, _) => selection.set_wire(wire.clone()),
        Hit::FrameTitle(id) | Hit::FrameCorner(id) => selection.set_frame(*id),
        Hit::Port(port) => selection.set_nodes([port.node]),
        Hit::Nothing => selection.clear(),
    }
}

fn toggle(hit: &Hit, selection: &mut Selection) {
    match hit {
        Hit::Node(id) | Hit::Surface(id) => selection.toggle_node(*id),
        Hit::Wire(wire) | Hit::WireEnd(wire, _) => selection.toggle_wire(wire),
        Hit::FrameTitle(id) | Hit::FrameCorner(id) => selection.toggle_frame(*id),
        Hit::Nothing | Hit::Port(_) => {}
    }
}
