//! Without a mouse: every command has a name and can be reached, everything on the screen has a label, nothing repaints
//! when nothing changes.

use compose_app::command::{AppCommand, COMMANDS};
use egui::{Key, Modifiers};

use crate::app_rig::AppRig;

#[test]
fn every_command_can_be_run_by_typing_its_name() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.key(Modifiers::COMMAND, Key::K);
    rig.type_text("Select all");
    rig.key(Modifiers::NONE, Key::Enter);
    assert_eq!(rig.app().selection().nodes.len(), 3);
    for info in COMMANDS {
        assert!(!info.name.is_empty() && !info.tooltip.is_empty(), "{info:?}");
    }
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
    rig.ask(AppCommand::ZoomToFit);
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
