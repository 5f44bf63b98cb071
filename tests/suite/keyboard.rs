//! Without a mouse: every command has a name and can be reached, everything on the screen has a label, nothing repaints
//! when nothing changes.

use compose_app::command::{AppCommand, COMMANDS, EditAction, HelpCommand, RunCommand, ViewCommand};
use egui::{Key, Modifiers};

use crate::app_rig::AppRig;

#[test]
fn every_command_can_be_run_by_typing_its_name() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.key(Modifiers::COMMAND, Key::K);
    rig.type_text("Select all");
    rig.key(Modifiers::NONE, Key::Enter);
    assert_eq!(rig.app().selection().nodes.len(), 3);
    // What cannot be done as things are is not offered, so things are made different until everything was.
    let mut left: Vec<&str> = COMMANDS
        .iter()
        .filter(|info| info.command != AppCommand::View(ViewCommand::CommandPalette))
        .map(|info| info.name)
        .collect();
    rig.ask(EditAction::Duplicate);
    rig.ask(EditAction::Group);
    let composite = rig.app().document().all_nodes().find(|node| node.is_composite()).expect("one was made").id;
    rig.ask(ViewCommand::SelectNodes(vec![composite]));
    take_offered(&mut rig, &mut left);
    rig.ask(EditAction::AddNode { type_name: "NullSink".to_owned(), pos_in_canvas: None });
    rig.ask(EditAction::Undo);
    rig.ask(ViewCommand::EnterScope(composite));
    take_offered(&mut rig, &mut left);
    rig.ask(RunCommand::Run);
    rig.until("it runs", |app| app.live().is_running());
    take_offered(&mut rig, &mut left);
    assert_eq!(left, [""; 0], "cannot be reached by name");
}

/// Types every name, and takes those away whose command would be run by Enter.
fn take_offered(rig: &mut AppRig, left: &mut Vec<&str>) {
    left.retain(|name| {
        rig.key(Modifiers::COMMAND, Key::K);
        rig.type_text(name);
        let chosen = rig.chosen_item();
        rig.key(Modifiers::NONE, Key::Escape);
        // Undo and redo say what of.
        !chosen.is_some_and(|chosen| chosen == *name || chosen.starts_with(&format!("{name}: ")))
    });
}

#[test]
fn escape_closes_what_is_open_and_only_then_selects_nothing() {
    let mut rig = AppRig::with_project("meow-mix");
    let sender = rig.id("sender");
    rig.ask(ViewCommand::SelectNodes(vec![sender]));
    let is_selected = |rig: &AppRig| rig.app().selection().only_node() == Some(sender);
    rig.key(Modifiers::COMMAND, Key::K);
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "it closes the command palette");
    rig.click("Edit");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "it closes a menu");
    rig.ask(HelpCommand::Shortcuts);
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "it closes a dialog");
    rig.key(Modifiers::NONE, Key::F2);
    rig.type_text("x");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "it leaves a field");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(rig.app().selection().is_empty());
}

#[test]
fn tab_over_the_canvas_searches_from_the_first_moment_on() {
    let mut rig = AppRig::new();
    rig.harness.event(egui::Event::PointerMoved(egui::pos2(650.0, 150.0)));
    rig.calm();
    for name in ["OneShot", "NullSink"] {
        rig.key(Modifiers::NONE, Key::Tab);
        rig.type_text(name);
        rig.key(Modifiers::NONE, Key::Enter);
    }
    let types: Vec<&str> = rig.app().document().nodes_in(None).map(|node| node.type_name()).collect();
    assert_eq!(types, ["OneShot", "NullSink"]);
}

#[test]
fn a_narrow_window_still_has_every_speed() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.harness.set_size(egui::vec2(900.0, 500.0));
    rig.calm();
    rig.button("speed full");
    rig.key(Modifiers::COMMAND, Key::K);
    rig.type_text("10 deliveries");
    rig.key(Modifiers::NONE, Key::Enter);
    rig.button("speed 10 /s");
}

#[test]
fn a_graph_is_built_with_keys_alone() {
    let mut rig = AppRig::new();
    for name in ["OneShot", "NullSink"] {
        rig.key(Modifiers::COMMAND, Key::Space);
        rig.type_text(name);
        rig.key(Modifiers::NONE, Key::Enter);
    }
    let types: Vec<&str> = rig.app().document().nodes_in(None).map(|node| node.type_name()).collect();
    assert_eq!(types, ["OneShot", "NullSink"]);
    rig.key(Modifiers::COMMAND, Key::A);
    rig.key(Modifiers::NONE, Key::Delete);
    assert_eq!(rig.app().document().node_count(), 0);
}

#[test]
fn every_component_box_and_link_has_a_label() {
    let mut rig = AppRig::with_project("echo-server");
    rig.ask(ViewCommand::ZoomToFit);
    for label in [
        "component server",
        "component Echo",
        "inbox client.inbox",
        "outbox client.outbox",
        "link client.outbox to join.inbox",
        "frame Server",
    ] {
        rig.place(label);
    }
}

#[test]
fn nothing_is_drawn_when_nothing_changes() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.harness.run();
    let frames = rig.harness.run();
    assert!(frames <= 2, "{frames} frames although nothing changed");
}
