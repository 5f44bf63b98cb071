//! Use without a mouse: every command can be run by name, everything on the screen has a label, and nothing is drawn
//! when nothing changes.

use compose_app::command::{AppCommand, COMMANDS, EditAction, HelpCommand, RunCommand, ViewCommand};
use egui::{Key, Modifiers};

use crate::app_rig::AppRig;
use crate::journal::leave_unsaved;

#[test]
fn every_command_can_be_run_by_typing_its_name() {
    // A window that has closed has left unsaved work, so that it can be recovered.
    let home = tempfile::tempdir().unwrap();
    leave_unsaved(home.path());
    let mut rig = AppRig::with_session(&home.path().join("session"));
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(rig.harness.state_mut().load_file(&compose_tests::root().join("projects/meow-mix.json")));
    rig.settle();
    rig.key(Modifiers::COMMAND, Key::K);
    rig.type_text("Select all");
    rig.key(Modifiers::NONE, Key::Enter);
    assert_eq!(rig.app().selection().nodes.len(), 3);
    // The palette offers only the commands that are possible at the moment, so the state changes until all have been
    // offered.
    let mut remaining: Vec<&str> = COMMANDS
        .iter()
        .filter(|info| info.command != AppCommand::View(ViewCommand::CommandPalette))
        .map(|info| info.name)
        .collect();
    rig.ask(EditAction::Duplicate);
    rig.ask(EditAction::Group);
    let composite =
        rig.app().document().all_nodes().find(|node| node.is_composite()).expect("the group is a composite").id;
    rig.ask(ViewCommand::SelectNodes(vec![composite]));
    remove_offered(&mut rig, &mut remaining);
    rig.ask(EditAction::AddNode { type_name: "NullSink".to_owned(), pos_in_canvas: None });
    rig.ask(EditAction::Undo);
    rig.ask(ViewCommand::EnterScope(composite));
    remove_offered(&mut rig, &mut remaining);
    rig.ask(RunCommand::Run);
    rig.until("it runs", |app| app.live().is_running());
    remove_offered(&mut rig, &mut remaining);
    assert_eq!(remaining, [""; 0], "commands that cannot be run by name");
}

/// Types every name, and removes from the list those whose command Enter would run.
fn remove_offered(rig: &mut AppRig, remaining: &mut Vec<&str>) {
    remaining.retain(|name| {
        rig.key(Modifiers::COMMAND, Key::K);
        rig.type_text(name);
        let chosen = rig.chosen_item();
        rig.key(Modifiers::NONE, Key::Escape);
        // Undo and redo also name the edit.
        !chosen.is_some_and(|chosen| chosen == *name || chosen.starts_with(&format!("{name}: ")))
    });
}

#[test]
fn escape_closes_what_is_open_before_it_clears_the_selection() {
    let mut rig = AppRig::with_project("meow-mix");
    let sender = rig.id("sender");
    rig.ask(ViewCommand::SelectNodes(vec![sender]));
    let is_selected = |rig: &AppRig| rig.app().selection().only_node() == Some(sender);
    rig.key(Modifiers::COMMAND, Key::K);
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "Escape closes only the command palette");
    rig.click("Edit");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "Escape closes only the menu");
    rig.ask(HelpCommand::Shortcuts);
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "Escape closes only the dialog");
    rig.key(Modifiers::NONE, Key::F2);
    rig.type_text("x");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(is_selected(&rig), "Escape leaves only the field");
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(rig.app().selection().is_empty());
}

#[test]
fn tab_over_the_canvas_opens_a_search_that_accepts_text_at_once() {
    let mut rig = AppRig::new();
    rig.harness.event(egui::Event::PointerMoved(egui::pos2(650.0, 150.0)));
    rig.run_frames();
    for name in ["OneShot", "NullSink"] {
        rig.key(Modifiers::NONE, Key::Tab);
        rig.type_text(name);
        rig.key(Modifiers::NONE, Key::Enter);
    }
    let types: Vec<&str> = rig.app().document().nodes_in(None).map(|node| node.type_name()).collect();
    assert_eq!(types, ["OneShot", "NullSink"]);
}

#[test]
fn a_search_that_opens_together_with_a_composite_adds_to_it() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(EditAction::SelectAll);
    rig.ask(EditAction::Group);
    let group = rig.app().selection().only_node().expect("the new composite is selected");
    rig.harness.state_mut().push(ViewCommand::EnterScope(group));
    rig.ask(EditAction::AddComponent);
    rig.type_text("NullSink");
    rig.key(Modifiers::NONE, Key::Enter);
    let inside = rig.app().document().nodes_in(Some(group));
    assert!(inside.into_iter().any(|node| node.type_name() == "NullSink"), "the search stays open in the new scope");
}

#[test]
fn a_narrow_window_still_offers_every_speed() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.harness.set_size(egui::vec2(900.0, 500.0));
    rig.run_frames();
    rig.button("speed full");
    rig.key(Modifiers::COMMAND, Key::K);
    rig.type_text("10 deliveries");
    rig.key(Modifiers::NONE, Key::Enter);
    rig.button("speed 10 /s");
}

#[test]
fn a_graph_can_be_built_with_the_keyboard_alone() {
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
        rig.centre_of(label);
    }
}

#[test]
fn nothing_is_drawn_when_nothing_changes() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.harness.run();
    let frames = rig.harness.run();
    assert!(frames <= 2, "{frames} frames although nothing changed");
}
