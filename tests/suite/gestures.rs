//! Gestures in the whole window: dragging from the palette to the canvas, drawing links, editing a running project,
//! undo by key.

use compose_app::command::{EditAction, RunCommand, ViewCommand};
use egui::{Key, Modifiers, Pos2, Vec2};

use crate::app_rig::AppRig;

const CTRL: Modifiers = Modifiers::COMMAND;
const LEFT: Pos2 = Pos2::new(380.0, 300.0);
const RIGHT: Pos2 = Pos2::new(760.0, 300.0);

/// A clock linked to an echoer, drawn with the mouse.
fn drawn() -> AppRig {
    let mut rig = AppRig::new();
    rig.drag(rig.button("CheapAndCheerfulClock"), LEFT);
    rig.drag(rig.button("DataSource"), RIGHT + Vec2::new(0.0, 220.0));
    rig.click_at(rig.centre_of("Find a component"));
    rig.type_text("ConsoleEchoer");
    rig.drag(rig.button("ConsoleEchoer"), RIGHT);
    let (clock, echoer) = (rig.app().document().nodes_in(None).next().unwrap().name.clone(), last(&rig));
    rig.drag(rig.centre_of(&format!("outbox {clock}.outbox")), rig.centre_of(&format!("inbox {echoer}.inbox")));
    rig
}

fn last(rig: &AppRig) -> String {
    rig.app().document().nodes_in(None).last().unwrap().name.clone()
}

#[test]
fn components_dragged_from_the_palette_snap_to_the_grid() {
    let rig = drawn();
    let types: Vec<&str> = rig.app().document().nodes_in(None).map(|node| node.type_name()).collect();
    assert_eq!(types, ["CheapAndCheerfulClock", "DataSource", "ConsoleEchoer"]);
    for node in rig.app().document().nodes_in(None) {
        assert!(node.pos_in_canvas.iter().all(|coordinate| coordinate % 10.0 == 0.0), "{:?}", node.pos_in_canvas);
    }
}

#[test]
fn a_link_is_drawn_from_box_to_box() {
    let rig = drawn();
    assert_eq!(rig.links().len(), 1, "{:?}", rig.links());
    assert!(rig.links()[0].contains(".outbox -> "), "{:?}", rig.links());
}

#[test]
fn everything_that_was_drawn_can_be_undone_and_redone() {
    let mut rig = drawn();
    for _ in 0..4 {
        rig.key(CTRL, Key::Z);
    }
    assert_eq!(rig.app().document().node_count(), 0);
    for _ in 0..4 {
        rig.key(CTRL, Key::Y);
    }
    assert_eq!((rig.app().document().node_count(), rig.links().len()), (3, 1));
}

#[test]
fn a_double_click_and_a_name_add_a_component() {
    let mut rig = AppRig::new();
    rig.double_click(LEFT);
    rig.type_text("chooser");
    rig.key(Modifiers::NONE, Key::Enter);
    let names: Vec<&str> = rig.app().document().nodes_in(None).map(|node| node.type_name()).collect();
    assert_eq!(names, ["Chooser"]);
}

#[test]
fn a_drawn_graph_runs_and_prints() {
    let mut rig = drawn();
    rig.key(Modifiers::NONE, Key::F5);
    rig.until("the first tick", |app| app.console().lines().next().is_some());
    assert!(rig.app().live().is_running());
    rig.key(Modifiers::SHIFT, Key::F5);
    rig.until("the end", |app| !app.live().is_running());
}

#[test]
fn an_edit_during_a_run_takes_effect_and_leaves_the_rest_alone() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(RunCommand::Run);
    let (producer, receiver) = (rig.id("producer"), rig.id("receiver"));
    rig.until("some lines", move |app| app.live().component(receiver).is_some_and(|view| view.received >= 2));
    let before = rig.app().live().component(producer).unwrap().sent;
    rig.ask(EditAction::AddNode { type_name: "NullSink".to_owned(), pos_in_canvas: Some([600.0, 400.0]) });
    let sink = rig.app().document().nodes_in(None).last().unwrap().id;
    let wire = compose_app::document::Wire::data(rig.id("sender"), "outbox", sink, "inbox");
    rig.ask(EditAction::Apply(compose_app::document::EditCommand::Connect { wire }));
    rig.until("the new component to receive a message", move |app| {
        app.live().component(sink).is_some_and(|view| view.received >= 1)
    });
    let view = rig.app().live().component(producer).unwrap();
    assert!(view.sent >= before && view.restarts == 0, "the producer did not restart");
    rig.key(CTRL, Key::Z);
    rig.key(CTRL, Key::Z);
    rig.until("the new component to disappear", move |app| app.live().component(sink).is_none());
    assert!(rig.app().live().is_running());
}

#[test]
fn a_crash_is_reported_on_the_screen() {
    let mut rig = AppRig::with_file(&compose_tests::root().join("tests/fixtures/crashed.json"));
    rig.ask(RunCommand::Run);
    rig.until("the error", |app| app.problems().iter().any(|problem| problem.to_lowercase().contains("zero")));
    assert!(rig.shows("component divide, PureTransformer, crashed"));
    let neighbour = rig.id("tick");
    rig.until("the neighbour to continue", move |app| {
        app.live().component(neighbour).is_some_and(|view| view.sent > 3)
    });
}

#[test]
fn a_damaged_file_opens_with_a_list_of_problems() {
    let rig = AppRig::with_file(&compose_tests::root().join("tests/fixtures/problems.json"));
    let problems = rig.app().problems().join("\n");
    for word in ["Teleporter", "ghost", "soon"] {
        assert!(problems.contains(word), "{word} is missing in {problems}");
    }
    assert_eq!(rig.app().document().node_count(), 3);
}

#[test]
fn the_slideshow_shows_the_requested_slide() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(RunCommand::Run);
    let shown = |rig: &mut AppRig, press: &str, slide: &'static str| {
        if !press.is_empty() {
            let node = rig.id(press);
            rig.ask(RunCommand::SurfaceEvent { node, event: "CLICK".into() });
        }
        let picture = rig.id("picture");
        rig.until(slide, move |app| {
            match app.live().component(picture).and_then(|view| view.surface.clone()).as_deref() {
                Some(compose_runtime::surface::Surface::Picture { image: Some(_), caption, .. }) => {
                    caption.contains(slide)
                }
                _ => false,
            }
        });
    };
    for (press, slide) in
        [("", "one"), ("next", "two"), ("next", "three"), ("previous", "two"), ("last", "five"), ("first", "one")]
    {
        shown(&mut rig, press, slide);
    }
}

#[test]
fn the_buttons_of_the_slideshow_can_be_pressed_on_the_canvas() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(ViewCommand::ZoomToFit);
    rig.ask(RunCommand::Run);
    let picture = rig.id("picture");
    let has_slide = move |app: &compose_app::app::App, slide: &str| match app
        .live()
        .component(picture)
        .and_then(|view| view.surface.clone())
        .as_deref()
    {
        Some(compose_runtime::surface::Surface::Picture { caption, .. }) => caption.contains(slide),
        _ => false,
    };
    rig.until("the first slide", move |app| has_slide(app, "one"));
    rig.click_at(rig.button("Last"));
    rig.until("the last slide", move |app| has_slide(app, "five"));
}
