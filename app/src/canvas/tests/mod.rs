//! Tests of the whole widget, from pointer and keys to commands.
#![allow(clippy::unwrap_used)]

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2};

use super::hit::Hit;
use super::state::ViewRequest;
use crate::command::{AppCommand, EditAction, ViewCommand};
use crate::document::{EditCommand, Frame, Node, Port, Wire};

mod live;
mod rig;
use rig::Rig;

const NONE: Modifiers = Modifiers::NONE;

fn two_nodes() -> (Rig, crate::document::NodeId, crate::document::NodeId) {
    let mut rig = Rig::new();
    let a = rig.add("a", "Source", 100.0, 100.0);
    let b = rig.add("b", "Pass", 400.0, 150.0);
    rig.run(vec![]);
    (rig, a, b)
}

#[test]
fn dragging_from_an_outbox_to_an_inbox_links_them() {
    let (mut rig, a, b) = two_nodes();
    rig.drag(rig.dot(a, "outbox"), rig.dot(b, "inbox"), NONE);
    assert_eq!(rig.edits, [EditCommand::Connect { wire: Wire::data(a, "outbox", b, "inbox") }]);
}

#[test]
fn dragging_from_an_inbox_to_an_outbox_links_them_too() {
    let (mut rig, a, b) = two_nodes();
    rig.drag(rig.dot(b, "inbox"), rig.dot(a, "outbox"), NONE);
    assert_eq!(rig.edits, [EditCommand::Connect { wire: Wire::data(a, "outbox", b, "inbox") }]);
}

#[test]
fn a_link_dropped_on_a_node_goes_to_its_fitting_box() {
    let (mut rig, a, b) = two_nodes();
    rig.drag(rig.dot(a, "outbox"), rig.header(b), NONE);
    assert_eq!(rig.edits, [EditCommand::Connect { wire: Wire::data(a, "outbox", b, "inbox") }]);
}

#[test]
fn a_component_links_to_itself() {
    let (mut rig, _, b) = two_nodes();
    rig.drag(rig.dot(b, "outbox"), rig.dot(b, "inbox"), NONE);
    assert_eq!(rig.edits, [EditCommand::Connect { wire: Wire::data(b, "outbox", b, "inbox") }]);
    rig.run(vec![]);
}

#[test]
fn a_refused_link_shows_the_reason_and_makes_no_edit() {
    let (mut rig, a, _) = two_nodes();
    let c = rig.add("c", "Loudspeaker", 400.0, 400.0);
    rig.run(vec![]);
    rig.press(rig.dot(a, "outbox"), PointerButton::Primary, NONE);
    rig.run(vec![Event::PointerMoved(rig.dot(c, "inbox"))]);
    let super::gesture::Gesture::Linking(linking) = &rig.state.gesture else { panic!("no link is being made") };
    let why = linking.over.as_ref().unwrap().1.as_ref().unwrap_err().to_string();
    assert!(why.contains("accepts sound"), "{why}");
    assert!(!rig.state.memory.fits.as_ref().unwrap().fitting.contains(&Port::inbox(c, "inbox")));
    rig.release(rig.dot(c, "inbox"), PointerButton::Primary);
    assert!(rig.edits.is_empty());
}

#[test]
fn a_link_dropped_on_empty_canvas_offers_fitting_components_and_links_the_chosen_one() {
    let (mut rig, a, _) = two_nodes();
    rig.drag(rig.dot(a, "outbox"), Pos2::new(400.0, 500.0), NONE);
    assert!(rig.state.windows.is_searching());
    rig.type_text("s");
    rig.key(Key::Enter);
    let [EditCommand::Batch { commands, .. }] = rig.edits.as_slice() else { panic!("{:?}", rig.edits) };
    let [EditCommand::AddNode { node }, EditCommand::Connect { wire }] = commands.as_slice() else { panic!() };
    assert_eq!(node.type_name(), "Pass");
    assert_eq!(*wire, Wire::data(a, "outbox", node.id, "inbox"));
    assert!(!rig.state.windows.is_searching());
}

#[test]
fn the_near_end_of_a_link_is_picked_up_and_moved() {
    let (mut rig, a, b) = two_nodes();
    let c = rig.add("c", "Pass", 400.0, 400.0);
    let old = rig.link(a, "outbox", b, "inbox");
    rig.run(vec![]);
    let near_end = rig.state.layout.wires[0].curve.at(0.93);
    assert!(matches!(super::hit::hit(&rig.state.layout, near_end, 1.0), Hit::WireEnd(..)));
    rig.drag(near_end, rig.dot(c, "inbox"), NONE);
    let [EditCommand::Batch { commands, .. }] = rig.edits.as_slice() else { panic!("{:?}", rig.edits) };
    let new = Wire::data(a, "outbox", c, "inbox");
    assert_eq!(*commands, [EditCommand::Disconnect { wire: old }, EditCommand::Connect { wire: new }]);
}

#[test]
fn a_link_picked_up_and_dropped_on_empty_canvas_is_removed() {
    let (mut rig, a, b) = two_nodes();
    let wire = rig.link(a, "outbox", b, "inbox");
    rig.run(vec![]);
    let near_end = rig.state.layout.wires[0].curve.at(0.93);
    rig.drag(near_end, Pos2::new(300.0, 600.0), NONE);
    assert_eq!(rig.edits, [EditCommand::Disconnect { wire }]);
}

#[test]
fn nodes_move_on_the_grid_with_one_command() {
    let (mut rig, a, b) = two_nodes();
    rig.click(rig.header(a), NONE);
    rig.click(rig.header(b), Modifiers::SHIFT);
    rig.drag(rig.header(b), rig.header(b) + Vec2::new(33.0, -18.0), NONE);
    assert_eq!(rig.edits, [EditCommand::MoveNodes { moves: vec![(a, [130.0, 80.0]), (b, [430.0, 130.0])] }]);
}

#[test]
fn a_click_selects_and_shift_extends() {
    let (mut rig, a, b) = two_nodes();
    rig.click(rig.header(a), NONE);
    assert_eq!(rig.state.selection.only_node(), Some(a));
    rig.click(rig.header(b), Modifiers::SHIFT);
    assert_eq!(rig.state.selection.nodes.len(), 2);
    rig.click(Pos2::new(700.0, 600.0), NONE);
    assert!(rig.state.selection.is_empty());
}

#[test]
fn a_rectangle_selects_nodes_and_the_links_it_crosses() {
    let (mut rig, a, b) = two_nodes();
    let wire = rig.link(a, "outbox", b, "inbox");
    rig.run(vec![]);
    rig.drag(Pos2::new(60.0, 60.0), Pos2::new(330.0, 300.0), NONE);
    assert_eq!(rig.state.selection.nodes.iter().copied().collect::<Vec<_>>(), [a]);
    assert!(rig.state.selection.wires.contains(&wire));
    assert!(rig.edits.is_empty());
}

#[test]
fn escape_cancels_a_move() {
    let (mut rig, a, _) = two_nodes();
    rig.press(rig.header(a), PointerButton::Primary, NONE);
    rig.run(vec![Event::PointerMoved(Pos2::new(500.0, 500.0))]);
    rig.key(Key::Escape);
    rig.release(Pos2::new(500.0, 500.0), PointerButton::Primary);
    assert!(rig.edits.is_empty());
}

#[test]
fn escape_clears_the_selection_when_there_is_no_gesture() {
    let (mut rig, a, _) = two_nodes();
    rig.click(rig.header(a), NONE);
    rig.key(Key::Escape);
    assert!(rig.state.selection.is_empty());
}

#[test]
fn a_drag_at_the_edge_pushes_the_view_and_the_node_stays_under_the_pointer() {
    let (mut rig, a, _) = two_nodes();
    rig.press(rig.header(a), PointerButton::Primary, NONE);
    rig.run(vec![Event::PointerMoved(Pos2::new(600.0, 300.0))]);
    for _ in 0..5 {
        rig.run(vec![Event::PointerMoved(Pos2::new(995.0, 300.0))]);
    }
    let camera = rig.camera();
    assert!(camera.centre_in_canvas.x > rig::viewport().center().x + 50.0);
    let pointer = camera.canvas_from_screen(rig::viewport(), Pos2::new(995.0, 300.0));
    rig.release(Pos2::new(995.0, 300.0), PointerButton::Primary);
    let [x, _] = rig.document.node(a).unwrap().pos_in_canvas;
    assert!((x + 60.0 - pointer.x).abs() < 30.0, "{x} {pointer:?}");
}

#[test]
fn the_space_bar_turns_a_drag_into_panning() {
    let (mut rig, a, _) = two_nodes();
    rig.click(rig.header(a), NONE);
    let key = Key::Space;
    rig.run(vec![Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: NONE }]);
    rig.drag(Pos2::new(500.0, 500.0), Pos2::new(540.0, 520.0), NONE);
    assert_eq!(rig.camera().screen_from_canvas(rig::viewport(), Pos2::ZERO), Pos2::new(40.0, 20.0));
    assert!(rig.edits.is_empty());
}

#[test]
fn a_frame_moves_the_components_inside_it() {
    let (mut rig, a, _) = two_nodes();
    let id = rig.document.fresh_frame_id();
    let frame = Frame {
        id,
        scope: None,
        title: "One".to_owned(),
        notes: String::new(),
        rect_in_canvas: [80.0, 60.0, 200.0, 160.0],
        colour: 0,
    };
    rig.document.apply(EditCommand::AddFrame { frame }).unwrap();
    rig.run(vec![]);
    rig.drag(Pos2::new(200.0, 70.0), Pos2::new(200.0, 170.0), NONE);
    assert_eq!(rig.edits.len(), 1);
    assert_eq!(rig.document.frame(id).unwrap().rect_in_canvas, [80.0, 160.0, 200.0, 160.0]);
    assert_eq!(rig.document.node(a).unwrap().pos_in_canvas, [100.0, 200.0]);
    rig.drag(Pos2::new(276.0, 316.0), Pos2::new(400.0, 400.0), NONE);
    assert_eq!(rig.document.frame(id).unwrap().rect_in_canvas, [80.0, 160.0, 320.0, 240.0]);
}

#[test]
fn the_middle_button_pans_and_ctrl_wheel_zooms_at_the_pointer() {
    let (mut rig, a, _) = two_nodes();
    rig.press(Pos2::new(500.0, 500.0), PointerButton::Middle, NONE);
    rig.run(vec![Event::PointerMoved(Pos2::new(540.0, 470.0))]);
    rig.release(Pos2::new(540.0, 470.0), PointerButton::Middle);
    let camera = rig.camera();
    assert_eq!(camera.screen_from_canvas(rig::viewport(), Pos2::ZERO), Pos2::new(40.0, -30.0));
    let pointer = Pos2::new(200.0, 150.0);
    let before = camera.canvas_from_screen(rig::viewport(), pointer);
    rig.run(vec![Event::PointerMoved(pointer), Event::Zoom(1.5)]);
    let after = rig.camera();
    assert!((after.zoom - 1.5).abs() < 1e-4);
    assert!(after.canvas_from_screen(rig::viewport(), pointer).distance(before) < 0.01);
    assert!(rig.edits.is_empty() && rig.document.node(a).is_some());
}

#[test]
fn a_double_click_or_tab_opens_the_search_and_escape_closes_it() {
    let (mut rig, ..) = two_nodes();
    rig.double_click(Pos2::new(700.0, 500.0));
    assert!(rig.state.windows.is_searching());
    rig.key(Key::Escape);
    assert!(!rig.state.windows.is_searching());
    rig.run(vec![]);
    rig.key(Key::Tab);
    rig.type_text("loud");
    rig.key(Key::Enter);
    let at = Some([700.0, 500.0]);
    assert_eq!(
        rig.asked,
        [AppCommand::Edit(EditAction::AddNode { type_name: "Loudspeaker".to_owned(), pos_in_canvas: at })]
    );
}

#[test]
fn text_typed_after_a_slow_double_click_goes_into_the_search() {
    let (mut rig, ..) = two_nodes();
    let pos = Pos2::new(700.0, 500.0);
    let button =
        |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    rig.run(vec![Event::PointerMoved(pos), button(true)]);
    rig.run_soon(vec![button(false)]);
    rig.run_soon(vec![button(true)]);
    rig.run_soon(vec![]);
    rig.run_soon(vec![button(false)]);
    rig.run_soon(vec![]);
    rig.type_text("loud");
    rig.key(Key::Enter);
    let at = Some([700.0, 500.0]);
    assert_eq!(
        rig.asked,
        [AppCommand::Edit(EditAction::AddNode { type_name: "Loudspeaker".to_owned(), pos_in_canvas: at })]
    );
}

#[test]
fn a_double_click_opens_a_composite_with_its_boxes_at_the_edges() {
    let mut rig = Rig::new();
    let id = rig.document.fresh_id();
    rig.document.apply(EditCommand::AddNode { node: Node::composite(id, "c").at([100.0, 100.0]) }).unwrap();
    rig.run(vec![]);
    rig.double_click(rig.header(id));
    assert_eq!(rig.asked, [AppCommand::View(ViewCommand::EnterScope(id))]);
    rig.scope = Some(id);
    let member = rig.add("m", "Pass", 100.0, 100.0);
    rig.run(vec![]);
    let edge = |rig: &Rig, port: Port| {
        let centre = rig.state.layout.port(&port).unwrap().1.centre;
        rig.camera().screen_from_canvas(rig::viewport(), centre)
    };
    let inside = rig.camera().screen_from_canvas(rig::viewport(), rig.dot(member, "inbox"));
    rig.drag(edge(&rig, Port::inbox(id, "inbox")), inside, NONE);
    let wire = Wire::new(Port::inbox(id, "inbox"), Port::inbox(member, "inbox"));
    assert_eq!(rig.edits, [EditCommand::Connect { wire }]);
}

#[test]
fn a_stroke_with_alt_cuts_links() {
    let (mut rig, a, b) = two_nodes();
    let wire = rig.link(a, "outbox", b, "inbox");
    rig.run(vec![]);
    let middle = rig.state.layout.wires[0].curve.at(0.5);
    rig.drag(middle - Vec2::new(3.0, 90.0), middle + Vec2::new(3.0, 90.0), Modifiers::ALT);
    assert_eq!(rig.edits, [EditCommand::Disconnect { wire }]);
}

#[test]
fn zoom_to_fit_shows_everything() {
    let (mut rig, ..) = two_nodes();
    rig.add("far", "Pass", 9000.0, -4000.0);
    rig.state.request(ViewRequest::Fit);
    rig.run(vec![]);
    let visible = rig.camera().visible_in_canvas(rig::viewport());
    assert!(visible.contains_rect(rig.state.layout.bounds));
}

#[test]
fn no_frame_is_requested_when_nothing_changes() {
    let (mut rig, ..) = two_nodes();
    rig.run(vec![]);
    rig.run(vec![]);
    let output = rig.frame(vec![]);
    let delay = output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    output.drop_without_applying_deltas();
    assert!(delay > std::time::Duration::from_mins(1), "{delay:?}");
}

#[test]
fn only_visible_shapes_have_accessible_labels() {
    let (mut rig, a, b) = two_nodes();
    rig.link(a, "outbox", b, "inbox");
    rig.add("elsewhere", "Pass", 9000.0, 100.0);
    rig.ctx.enable_accesskit();
    rig.run(vec![]);
    let output = rig.frame(vec![]);
    let update = output.platform_output.accesskit_update.as_ref().unwrap();
    let labels: Vec<&str> = update.nodes.iter().filter_map(|(_, node)| node.label()).collect();
    for expected in ["component a, Source, not running", "inbox b.inbox", "link a.outbox to b.inbox"] {
        assert!(labels.contains(&expected), "{expected} is not among {labels:?}");
    }
    assert!(!labels.iter().any(|label| label.contains("elsewhere")));
    output.drop_without_applying_deltas();
}
