//! Behaviour while a system runs: surfaces, moving messages, tooltips.

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::component::FullPolicy;
use compose_runtime::introspect::snapshot::{
    ComponentView, DeliverySample, InboxView, LinkageView, RunState, Snapshot, State,
};
use compose_runtime::message::Message;
use compose_runtime::surface::Surface;
use compose_runtime::testing::component_view;
use egui::{Event, PointerButton, Vec2};

use super::rig::Rig;
use crate::command::{AppCommand, RunCommand};
use crate::document::{NodeId, Wire};
use crate::live::LiveView;

/// A snapshot in which all components run and show these surfaces, and every inbox holds `depth` of 100 messages.
fn snapshot(
    rig: &Rig,
    number: u64,
    depth: usize,
    surface: Option<(NodeId, Surface)>,
    moved: Option<&Wire>,
) -> Snapshot {
    let components = rig.document.all_nodes().map(|node| ComponentView {
        type_name: node.type_name().into(),
        received: 1,
        sent: 1,
        turns: 1,
        inboxes: vec![InboxView {
            name: "inbox".into(),
            depth,
            deepest: depth,
            capacity: Some(100),
            policy: FullPolicy::Block,
            arrived: 7,
            taken: 7,
            dropped: 0,
        }],
        surface: surface.as_ref().filter(|(id, _)| *id == node.id).map(|(_, surface)| Arc::new(surface.clone())),
        ..component_view(node.id.0, &node.name, State::Running)
    });
    let linkages = rig.document.all_wires().map(|wire| {
        let sample =
            DeliverySample { sequence: 1, at: Duration::from_secs(1), pass: 1, message: Message::text("NEXT") };
        let samples: Vec<_> = (moved == Some(wire)).then_some(sample).into_iter().collect();
        LinkageView { desc: wire.linkage(), delivered: 41, last: samples.first().cloned(), samples, tap: None }
    });
    Snapshot {
        number,
        run: RunState::Running,
        pass: 1,
        clock: Duration::from_secs(2),
        deliveries: 41,
        components: components.collect(),
        linkages: linkages.collect(),
        last_batch: 0,
        failed_steps: Vec::new(),
        past_crashes: Vec::new(),
        signs: Arc::default(),
        observing: 0.0,
    }
}

fn linked() -> (Rig, NodeId, NodeId, Wire) {
    let mut rig = Rig::new();
    let a = rig.add("a", "Source", 100.0, 100.0);
    let b = rig.add("b", "Loudspeaker", 400.0, 150.0);
    let wire = rig.link(a, "outbox", b, "inbox");
    rig.run(vec![]);
    (rig, a, b, wire)
}

#[test]
fn a_press_on_a_button_in_a_running_node_goes_to_the_component() {
    let (mut rig, _, b, _) = linked();
    let button = Surface::Button { caption: "Next".to_owned() };
    rig.live = LiveView::of_snapshot(snapshot(&rig, 1, 0, Some((b, button)), None));
    rig.run(vec![]);
    let slot = rig.state.layout.node(b).unwrap().surface.unwrap().1;
    rig.run(vec![Event::PointerMoved(slot.center())]);
    rig.press(slot.center(), PointerButton::Primary, egui::Modifiers::NONE);
    rig.release(slot.center(), PointerButton::Primary);
    rig.run(vec![]);
    assert_eq!(rig.asked, [AppCommand::Run(RunCommand::SurfaceEvent { node: b, event: Message::text("CLICK") })]);
    assert!(rig.edits.is_empty() && rig.state.selection.is_empty());
}

#[test]
fn frames_are_requested_only_while_a_message_travels() {
    let (mut rig, _, _, wire) = linked();
    rig.live = LiveView::of_snapshot(snapshot(&rig, 1, 0, None, Some(&wire)));
    let delay = |output: egui::FullOutput| {
        let delay = output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
        output.drop_without_applying_deltas();
        delay
    };
    rig.run(vec![]);
    let travelling = rig.frame_soon(vec![]);
    assert_eq!(delay(travelling), Duration::ZERO);
    rig.run(vec![]);
    rig.run(vec![]);
    let arrived = rig.frame(vec![]);
    assert!(delay(arrived) > Duration::from_mins(1));
}

#[test]
fn the_tooltip_of_a_link_shows_its_last_value_and_count() {
    let (mut rig, _, _, wire) = linked();
    rig.live = LiveView::of_snapshot(snapshot(&rig, 1, 0, None, Some(&wire)));
    rig.ctx.enable_accesskit();
    let middle = rig.state.layout.wires[0].curve.at(0.5);
    rig.run(vec![Event::PointerMoved(middle)]);
    rig.run(vec![]);
    rig.run(vec![]);
    let output = rig.frame(vec![]);
    let update = output.platform_output.accesskit_update.as_ref().unwrap();
    let labels: Vec<&str> = update.nodes.iter().filter_map(|(_, node)| node.label().or_else(|| node.value())).collect();
    for expected in ["a.outbox → b.inbox", "last \"NEXT\", 1.0 s ago", "41 messages, 0.0 /s"] {
        assert!(labels.contains(&expected), "{expected} is not among {labels:?}");
    }
    output.drop_without_applying_deltas();
}

#[test]
fn every_form_of_surface_is_drawn_at_every_zoom() {
    use compose_runtime::message::ImageFrame;
    use compose_runtime::surface::{GraphLink, GraphLinkKind, GraphNode, GraphNodeKind, PlotSeries};
    let picture = Arc::new(ImageFrame { width: 2, height: 2, rgba: vec![9; 16] });
    let broken = Arc::new(ImageFrame { width: 2, height: 2, rgba: vec![9; 3] });
    let points = vec![[0.0, 1.0], [1.0, f64::NAN], [2.0, 3.0]];
    let surfaces = [
        Surface::Button { caption: "Go".to_owned() },
        Surface::MouseButtons { caption: "Go".to_owned() },
        Surface::Keys { keys: vec![] },
        Surface::Keys { keys: vec!["Space".to_owned(), "Left".to_owned()] },
        Surface::Picture { image: Some(picture), caption: "one.png".to_owned(), background: [0, 0, 0] },
        Surface::Picture { image: Some(broken), caption: String::new(), background: [0, 0, 0] },
        Surface::Text { lines: vec!["one".to_owned(), "two".to_owned()] },
        Surface::Ticker { text: "to be".to_owned(), colours: vec![] },
        Surface::Ticker { text: "or not to be".to_owned(), colours: vec![None, Some([255, 255, 0])] },
        Surface::Plot { series: vec![PlotSeries { name: "x".to_owned(), points }], window_s: 1.0 },
        Surface::Meter { peak: 0.5, rms: 0.2, wave: None },
        Surface::Prompt { prompt: ">>> ".to_owned() },
        Surface::Graph { nodes: vec![], links: vec![], selected: Some(3), caption: "empty".to_owned() },
        Surface::Graph {
            nodes: [GraphNodeKind::Plain(99), GraphNodeKind::Component, GraphNodeKind::Inbox, GraphNodeKind::Outbox]
                .map(|kind| GraphNode { id: "x".into(), name: "a/b".into(), kind, at: [7.0, f32::NAN] })
                .into(),
            links: vec![
                GraphLink { from: 0, to: 0, kind: GraphLinkKind::Plain },
                GraphLink { from: 3, to: 2, kind: GraphLinkKind::Data },
                GraphLink { from: 1, to: 9, kind: GraphLinkKind::Belongs },
            ],
            selected: Some(1),
            caption: String::new(),
        },
    ];
    let (mut rig, _, b, _) = linked();
    for (number, surface) in surfaces.into_iter().enumerate() {
        for zoom in [0.05, 0.3, 1.0, 4.0] {
            let mut drawn = |surface: Option<Surface>| {
                let shown = surface.map(|surface| (b, surface));
                rig.live = LiveView::of_snapshot(snapshot(&rig, number as u64, 100, shown, None));
                let mut camera = rig.camera();
                camera.zoom = zoom;
                camera.centre_in_canvas = rig.state.layout.node(b).unwrap().rect.center() + Vec2::splat(5.0);
                rig.state.set_camera(rig.scope, camera);
                shapes(rig.frame(vec![]))
            };
            let (without, with) = (drawn(None), drawn(Some(surface.clone())));
            assert!(!with.is_empty(), "{surface:?} at {zoom}: nothing is drawn");
            assert!(!with.iter().any(|shape| shape.contains("NaN")), "{surface:?} at {zoom}: {with:?}");
            if zoom >= 1.0 {
                assert_ne!(with, without, "{surface:?} at {zoom}: the surface is not visible");
            }
        }
    }
}

/// The shapes that a frame draws: the bounds of each shape that has an area, and its text.
fn shapes(mut output: egui::FullOutput) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<egui::Shape> = std::mem::take(&mut output.shapes).into_iter().map(|it| it.shape).collect();
    output.drop_without_applying_deltas();
    while let Some(shape) = open.pop() {
        let bounds = shape.visual_bounding_rect();
        match shape {
            egui::Shape::Noop => {}
            // An empty text has no bounds.
            egui::Shape::Text(text) if text.galley.text().is_empty() => {}
            egui::Shape::Vec(inside) => open.extend(inside),
            egui::Shape::Text(text) => found.push(format!("{bounds:?} {}", text.galley.text())),
            _ if bounds.any_nan() => found.push("NaN".to_owned()),
            _ if bounds == egui::Rect::NOTHING => {}
            _ => found.push(format!("{bounds:?}")),
        }
    }
    found.sort();
    found
}
