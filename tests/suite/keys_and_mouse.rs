//! Keyboard and mouse input for what components show: keys go to the component that has the keyboard, and otherwise to
//! the window.

use compose_app::app::App;
use compose_app::command::{EditAction, RunCommand, ViewCommand};
use compose_app::document::NodeId;
use compose_runtime::surface::Surface;
use compose_tests::fixtures::Fixture;
use egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, TouchPhase, Vec2};
use serde_json::json;

use crate::app_rig::AppRig;

fn has_slide(app: &App, picture: NodeId, slide: &str) -> bool {
    let surface = app.live().component(picture).and_then(|view| view.surface.clone());
    matches!(surface.as_deref(), Some(Surface::Picture { image: Some(_), caption, .. }) if caption.contains(slide))
}

/// Presses a key and waits until the slide appears.
fn press(rig: &mut AppRig, picture: NodeId, key: Key, slide: &'static str) {
    rig.harness.key_press(key);
    rig.until(slide, move |app| has_slide(app, picture, slide));
}

#[test]
fn the_slideshow_reacts_to_keys_after_a_click_on_its_keyboard_area() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(ViewCommand::ZoomToFit);
    rig.ask(RunCommand::Run);
    let picture = rig.id("picture");
    rig.until("the first slide", move |app| has_slide(app, picture, "one"));
    rig.click_at(rig.centre_of("keys of keys: Space Right Left Home End"));
    for (key, slide) in [
        (Key::Space, "two"),
        (Key::ArrowRight, "three"),
        (Key::ArrowLeft, "two"),
        (Key::End, "five"),
        (Key::Home, "one"),
    ] {
        press(&mut rig, picture, key, slide);
    }
    // Escape returns the keyboard to the window: Delete removes the selection again.
    rig.harness.key_press(Key::Escape);
    rig.run_frames();
    rig.ask(EditAction::SelectAll);
    rig.harness.key_press(Key::Delete);
    rig.run_frames();
    assert_eq!(rig.app().document().node_count(), 0);
}

#[test]
fn keys_for_a_component_do_not_affect_the_window() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(ViewCommand::ZoomToFit);
    rig.ask(RunCommand::Run);
    let (picture, count) = (rig.id("picture"), rig.app().document().node_count());
    rig.until("the first slide", move |app| has_slide(app, picture, "one"));
    rig.ask(EditAction::SelectAll);
    rig.click_at(rig.centre_of("keys of keys: Space Right Left Home End"));
    rig.harness.key_press(Key::Delete);
    press(&mut rig, picture, Key::ArrowRight, "two");
    assert_eq!(rig.app().document().node_count(), count);
}

#[test]
fn on_the_stage_keys_go_to_the_component() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(RunCommand::Run);
    rig.ask(ViewCommand::ToggleStage);
    let picture = rig.id("picture");
    rig.until("the first slide", move |app| has_slide(app, picture, "one"));
    press(&mut rig, picture, Key::Space, "two");
    press(&mut rig, picture, Key::End, "five");
}

#[test]
fn every_mouse_button_sends_its_own_message() {
    let fixture = Fixture::project(
        &json!({
            "slides": {
                "type": "Multiclick",
                "params": { "caption": "Slides", "msgs": ["left", "middle", "right", "up", "down"] }
            },
            "display": { "type": "TextDisplayer" }
        }),
        &["slides.outbox -> display.inbox"],
    );
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    rig.ask(RunCommand::Run);
    rig.ask(ViewCommand::ToggleStage);
    let display = rig.id("display");
    rig.until("the button", move |app| app.live().component(display).is_some_and(|view| view.surface.is_some()));
    rig.run_frames();
    let pos = rig.button("Slides");
    rig.harness.event(Event::PointerMoved(pos));
    rig.harness.step();
    for button in [PointerButton::Secondary, PointerButton::Primary, PointerButton::Middle] {
        for pressed in [true, false] {
            rig.harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
            rig.harness.step();
        }
    }
    let (unit, phase, source) = (MouseWheelUnit::Line, TouchPhase::Move, MouseWheelSource::Wheel);
    for delta in [Vec2::new(0.0, 1.0), Vec2::new(0.0, -1.0)] {
        rig.harness.event(Event::MouseWheel { unit, delta, phase, source, modifiers: Modifiers::NONE });
        rig.harness.step();
    }
    rig.until("all five messages", move |app| {
        let surface = app.live().component(display).and_then(|view| view.surface.clone());
        matches!(surface.as_deref(), Some(Surface::Text { lines }) if *lines == ["right", "left", "middle", "up", "down"])
    });
}
