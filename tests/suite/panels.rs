//! The panels around the canvas: palette, inspector, menus, dock, command palette. Tests use them by label and by key.

use compose_app::command::{DockTab, EditAction, RunCommand, ViewCommand};
use compose_app::document::{
    Document, EditCommand, Meta, Node, NodeBody, NodeId, Parameter, ParameterKind, Place, Wire,
};
use compose_runtime::message::Message;
use compose_runtime::topology::RestartPolicy;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::app_rig::{AppRig, row};

fn selected(mut rig: AppRig, id: u64) -> AppRig {
    rig.harness.state_mut().push(ViewCommand::GoTo(Place::Node(NodeId(id))));
    rig.settle();
    rig
}

#[test]
fn the_palette_filters_while_typing_and_enter_adds_a_component() {
    let mut rig = AppRig::new();
    rig.key(Modifiers::COMMAND, Key::F);
    rig.type_over("Find a component", "consoleech");
    rig.settle();
    assert!(rig.shows("ConsoleEchoer") && !rig.shows("TCPClient"));
    rig.key(Modifiers::NONE, Key::Enter);
    let names: Vec<_> = rig.app().document().all_nodes().map(|node| node.type_name().to_owned()).collect();
    assert_eq!(names, ["ConsoleEchoer"]);
    assert!(rig.app().selection().only_node().is_some());
}

#[test]
fn a_folded_category_is_still_searched() {
    let mut rig = AppRig::new();
    assert!(rig.shows("DataSource"));
    rig.click("Sources");
    assert!(!rig.shows("DataSource") && rig.shows("PassThrough"));
    assert!(rig.app().session().folded.contains("Sources"), "the session remembers it");
    rig.type_over("Find a component", "datasource");
    rig.settle();
    assert!(rig.shows("DataSource"));
}

#[test]
fn a_selected_link_shows_its_earlier_messages() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(RunCommand::Run);
    let wire = rig.app().document().all_wires().next().expect("the project has links").clone();
    rig.until("three messages", |app| app.live().linkage(&wire).is_some_and(|link| link.delivered >= 3));
    rig.ask(RunCommand::Pause);
    rig.ask(ViewCommand::SelectWire(wire.clone()));
    let messages = rig.app().live().messages(&wire).expect("the link has messages");
    let numbers: Vec<u64> = messages.iter().map(|sample| sample.sequence).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<u64>>());
    assert!(numbers.len() >= 3);
    assert!(messages.iter().all(|sample| rig.shows(&sample.message.label(120))), "each message has a row");
}

#[test]
fn the_time_tab_has_a_lane_for_every_component() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(ViewCommand::ShowTab(DockTab::Time));
    assert!(rig.shows_text("The system is not running"));
    rig.ask(RunCommand::Run);
    rig.until("the first second of the run to pass", |app| {
        app.live().snapshot.as_ref().is_some_and(|snapshot| snapshot.clock.as_millis() > 1000)
    });
    let receiver = rig.centre_of("receiver");
    rig.click_at(receiver);
    assert_eq!(rig.app().selection().only_node(), Some(rig.id("receiver")));
}

#[test]
fn the_menu_names_the_edit_that_undo_reverts() {
    let mut rig = AppRig::new();
    rig.harness.state_mut().push(EditAction::AddNode { type_name: "NullSink".to_owned(), pos_in_canvas: None });
    rig.settle();
    rig.click("Edit");
    rig.harness.run_steps(3);
    let entry = "Undo: add nullsink";
    assert!(rig.shows_text(entry), "the menu names the edit");
    rig.key(Modifiers::NONE, Key::Escape);
    rig.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(rig.app().document().node_count(), 0);
    rig.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(rig.app().document().node_count(), 1);
}

#[test]
fn an_invalid_value_stays_in_the_inspector_with_a_reason() {
    let mut rig = selected(AppRig::with(row(&[("limit", "MessageRateLimit")])), 1);
    let before = rig.app().document().revision();
    rig.type_over("buffer", "many");
    rig.key(Modifiers::NONE, Key::Tab);
    assert!(rig.shows_text("buffer must be a whole number"), "the reason is shown");
    assert_eq!(rig.app().document().revision(), before, "the value does not reach the document");
    rig.type_over("buffer", "7");
    rig.key(Modifiers::NONE, Key::Tab);
    let node = rig.app().document().node(NodeId(1)).unwrap();
    assert_eq!(node.params().get("buffer"), Some(&Message::Int(7)));
}

#[test]
fn an_invalid_expression_is_rejected_by_its_component() {
    let mut rig = selected(AppRig::with(row(&[("change", "PureTransformer")])), 1);
    let before = rig.app().document().revision();
    rig.type_over("function", "msg +");
    rig.key(Modifiers::NONE, Key::Tab);
    assert_eq!(rig.app().document().revision(), before);
    rig.type_over("function", "msg + 1");
    rig.key(Modifiers::NONE, Key::Tab);
    assert_eq!(rig.app().history().undo_label(), Some("Set function"));
}

#[test]
fn a_draft_is_not_lost_when_something_else_is_selected() {
    let mut rig = selected(AppRig::with(row(&[("a", "MessageRateLimit"), ("b", "NullSink")])), 1);
    rig.type_over("buffer", "9");
    rig.harness.state_mut().push(ViewCommand::SelectNodes(vec![NodeId(2)]));
    rig.settle();
    let node = rig.app().document().node(NodeId(1)).unwrap();
    assert_eq!(node.params().get("buffer"), Some(&Message::Int(9)));
}

#[test]
fn typing_continues_in_the_same_field_after_the_run_key() {
    let mut rig = selected(AppRig::with(row(&[("change", "PureTransformer")])), 1);
    rig.type_over("function", "msg + 1");
    rig.key(Modifiers::NONE, Key::F5);
    rig.type_text("2");
    rig.key(Modifiers::NONE, Key::Tab);
    let node = rig.app().document().node(NodeId(1)).unwrap();
    assert_eq!(node.params().get("function"), Some(&Message::text("msg + 12")));
}

#[test]
fn a_command_that_starts_or_copies_something_uses_the_setting_that_is_being_typed() {
    for (modifiers, key) in [
        (Modifiers::NONE, Key::F10),
        (Modifiers::NONE, Key::F11),
        (Modifiers::SHIFT, Key::F11),
        (Modifiers::COMMAND, Key::D),
    ] {
        let mut rig = selected(AppRig::with(row(&[("limit", "MessageRateLimit")])), 1);
        rig.type_over("buffer", "9");
        rig.key(modifiers, key);
        for node in rig.app().document().all_nodes() {
            assert_eq!(node.params().get("buffer"), Some(&Message::Int(9)), "{key:?}: {}", node.name);
        }
        let copies = rig.app().document().node_count() - 1;
        assert_eq!(rig.app().live().is_running(), copies == 0, "{key:?} starts the system, or copies the component");
    }
}

#[test]
fn a_step_uses_the_limit_the_parameter_and_the_box_name_that_are_being_typed() {
    let mut rig = selected(AppRig::with(row(&[("sink", "NullSink")])), 1);
    rig.type_over("Limit of inbox", "5");
    rig.key(Modifiers::NONE, Key::F10);
    let node = rig.app().document().node(NodeId(1)).unwrap();
    assert_eq!(node.limits.get("inbox").map(|limit| limit.capacity), Some(Some(5)));

    let mut document = row(&[("sink", "NullSink")]);
    let (name, default, extra) = ("depth".to_owned(), Message::Int(1), serde_json::Map::new());
    let depth = Parameter { name, kind: ParameterKind::Int, default, help: String::new(), extra };
    let meta = Meta { parameters: vec![depth], ..document.meta().clone() };
    document.apply(EditCommand::SetMeta { meta }).unwrap();
    let mut rig = AppRig::with(document);
    rig.type_over("Default of depth", "7");
    rig.key(Modifiers::NONE, Key::F10);
    assert_eq!(rig.app().document().meta().parameters[0].default, Message::Int(7));

    let mut document = Document::new();
    document.apply(EditCommand::AddNode { node: Node::composite(NodeId(1), "group") }).unwrap();
    let boxes = EditCommand::SetBoxes { id: NodeId(1), inboxes: vec!["extra".to_owned()], outboxes: Vec::new() };
    document.apply(boxes).unwrap();
    let mut rig = selected(AppRig::with(document), 1);
    rig.type_over("Name of inbox extra", "more");
    rig.key(Modifiers::NONE, Key::F10);
    let NodeBody::Composite { inboxes, .. } = &rig.app().document().node(NodeId(1)).unwrap().body else {
        panic!("the node stays a composite");
    };
    assert_eq!(inboxes, &["more"]);
}

#[test]
fn renaming_keeps_the_links() {
    let mut rig = selected(AppRig::with(row(&[("a", "DataSource"), ("b", "ConsoleEchoer")])), 1);
    rig.key(Modifiers::NONE, Key::F2);
    rig.type_over("Name", "source");
    rig.key(Modifiers::NONE, Key::Enter);
    let document = rig.app().document();
    let wires: Vec<String> = document.all_wires().map(|wire| document.wire_name(wire)).collect();
    assert_eq!(wires, ["source.outbox -> b.inbox"]);
}

#[test]
fn a_click_on_a_problem_selects_its_component() {
    let mut rig = AppRig::with(row(&[("odd", "NoSuchType"), ("b", "NullSink")]));
    rig.click("Problems");
    assert_eq!(rig.app().session().panels.tab, DockTab::Problems);
    rig.harness.get_by_label_contains("There is no component type NoSuchType. ").click();
    rig.settle();
    assert_eq!(rig.app().selection().only_node(), Some(NodeId(1)));
}

#[test]
fn the_command_palette_runs_commands_by_name() {
    let mut rig = AppRig::new();
    for (typed, condition) in [
        ("outline", (|rig: &AppRig| rig.app().session().panels.outline) as fn(&AppRig) -> bool),
        ("add nullsink", |rig| rig.app().document().node_count() == 1),
        ("meow", |rig| rig.app().document().name() == "Meow mix" || rig.shows_text("Save the changes")),
    ] {
        rig.key(Modifiers::COMMAND, Key::K);
        rig.type_over("Command", typed);
        rig.key(Modifiers::NONE, Key::Enter);
        assert!(condition(&rig), "{typed}");
    }
}

#[test]
fn every_panel_can_be_hidden_and_shown_again() {
    let mut rig = AppRig::new();
    for key in [Key::B, Key::I, Key::J] {
        rig.key(Modifiers::COMMAND, key);
    }
    let panels = rig.app().session().panels;
    assert_eq!((panels.palette, panels.inspector, panels.dock), (false, false, false));
    assert!(!rig.shows("Find a component"));
    for key in [Key::B, Key::I, Key::J] {
        rig.key(Modifiers::COMMAND, key);
    }
    assert!(rig.shows("Find a component"));
}

#[test]
fn a_row_of_the_table_selects_its_component_wherever_it_is_clicked() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(ViewCommand::ShowTab(DockTab::Components));
    rig.ask(RunCommand::Run);
    rig.until("a snapshot", |app| app.live().snapshot.is_some());
    rig.ask(RunCommand::Pause);
    for (name, side) in [("sender", -1.0), ("receiver", 1.0)] {
        let row = rig.harness.get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == egui::accesskit::Role::Row && label.starts_with(&format!("{name}, "))
        });
        let rect = row.rect();
        rig.click_at(rect.center() + egui::vec2(side * (rect.width() / 2.0 - 20.0), 0.0));
        assert_eq!(rig.app().selection().only_node(), Some(rig.id(name)));
    }
}

#[test]
fn restart_policy_and_inbox_limit_can_be_edited() {
    let mut rig = selected(AppRig::with(row(&[("sink", "NullSink")])), 1);
    rig.type_over("Limit of inbox", "5");
    rig.key(Modifiers::NONE, Key::Tab);
    let node = rig.app().document().node(NodeId(1)).unwrap();
    assert_eq!(node.limits.get("inbox").map(|limit| limit.capacity), Some(Some(5)));
    let edit = EditCommand::SetRestart { id: NodeId(1), restart: RestartPolicy::OnFailure };
    rig.harness.state_mut().push(EditAction::Apply(edit));
    rig.settle();
    assert_eq!(rig.app().history().undo_label(), Some("Set restart policy"));
    assert!(rig.shows("after a crash"));
}

#[test]
fn the_window_is_usable_in_every_theme_and_size() {
    use compose_app::theme::tokens::ThemeName;
    let mut rig = AppRig::with(row(&[("a", "DataSource"), ("b", "ConsoleEchoer")]));
    for theme in ThemeName::ALL {
        for scale in [0.8, 1.0, 1.6] {
            rig.harness.state_mut().push(ViewCommand::SetTheme(theme));
            rig.harness.state_mut().push(ViewCommand::SetTextScale(scale));
            rig.settle();
            assert!(rig.shows("Run (F5)"));
        }
    }
    assert_eq!(rig.app().session().theme, ThemeName::HighContrast);
}

#[test]
fn every_interactive_widget_has_a_label() {
    use egui::accesskit::Role;
    use egui_kittest::kittest::By;
    let mut rig = selected(AppRig::with(row(&[("a", "MessageRateLimit"), ("b", "AudioFileReader")])), 2);
    rig.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    for tab in DockTab::ALL {
        rig.harness.state_mut().push(ViewCommand::ShowTab(tab));
        rig.settle();
        let roles = [Role::Button, Role::TextInput, Role::CheckBox, Role::Slider, Role::ComboBox, Role::Tab, Role::Row];
        let is_unlabelled = By::new().predicate(move |node| {
            roles.contains(&node.role())
                && node.label().is_none_or(|label| label.trim().is_empty())
                && node.value().is_none_or(|value| value.trim().is_empty())
        });
        let unlabelled = rig.harness.query_all(is_unlabelled).count();
        assert_eq!(unlabelled, 0, "with {} shown", tab.title());
    }
}

#[test]
fn the_boxes_of_a_composite_can_be_edited_in_the_inspector() {
    let mut rig = AppRig::new();
    rig.ask(EditAction::AddNode { type_name: compose_app::document::COMPOSITE.to_owned(), pos_in_canvas: None });
    rig.click("Add outbox");
    rig.type_over("Name of outbox outbox2", "errors");
    rig.key(Modifiers::NONE, Key::Enter);
    let boxes = |rig: &AppRig| match &rig.node("composite").body {
        NodeBody::Composite { inboxes, outboxes, .. } => (inboxes.clone(), outboxes.clone()),
        NodeBody::Leaf { .. } => panic!("expected a composite"),
    };
    assert_eq!(boxes(&rig), (vec![], vec!["errors".to_owned()]));
    rig.click("Open");
    assert!(rig.app().selection().is_empty());
    rig.click("Add inbox");
    assert_eq!(boxes(&rig).0, ["inbox2"], "inside, with nothing selected, the inspector shows the composite");
    rig.click("Remove outbox errors");
    assert_eq!(boxes(&rig).1, Vec::<String>::new());
    rig.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(boxes(&rig).1, ["errors"]);
}

#[test]
fn each_paste_is_offset_from_the_one_before() {
    let mut rig = selected(AppRig::with(row(&[("one", "NullSink")])), 1);
    let text = compose_app::project::clipboard::copy(rig.app().document(), &[NodeId(1)].into(), &[].into());
    for _ in 0..3 {
        rig.ask(EditAction::PasteText(text.clone()));
    }
    let positions: Vec<_> = rig.app().document().all_nodes().map(|node| node.pos_in_canvas[0]).collect();
    assert_eq!(positions, [0.0, 30.0, 60.0, 90.0]);
}

#[test]
fn arranging_and_framing_use_the_size_of_a_picture() {
    let mut document = row(&[("one", "Image"), ("two", "Image")]);
    let wire = Wire::data(NodeId(1), "outbox", NodeId(2), "inbox");
    document.apply(EditCommand::Disconnect { wire }).unwrap();
    let mut rig = AppRig::with(document);
    rig.ask(EditAction::Arrange);
    rig.ask(ViewCommand::SelectNodes(vec![NodeId(1), NodeId(2)]));
    rig.ask(EditAction::FrameSelection);
    let size = rig.app().canvas().size_of(NodeId(1)).unwrap();
    let (one, two) = (rig.node("one").pos_in_canvas, rig.node("two").pos_in_canvas);
    assert!((one[0] - two[0]).abs() >= size.x || (one[1] - two[1]).abs() >= size.y, "{one:?} {two:?} {size:?}");
    let frame = rig.app().document().frames_in(None).next().unwrap().rect_in_canvas;
    assert!(frame[1] + frame[3] >= one[1].max(two[1]) + size.y, "the frame encloses the pictures");
}

#[test]
fn selecting_a_link_of_a_running_system_shows_its_messages() {
    let mut rig = AppRig::with(row(&[("source", "Chargen"), ("sink", "NullSink")]));
    let wire = rig.app().document().all_wires().next().unwrap().clone();
    rig.ask(ViewCommand::SelectWire(wire.clone()));
    assert!(!rig.shows("Filter messages"), "nothing runs: the panel stays as it is");
    rig.ask(RunCommand::Run);
    rig.ask(ViewCommand::SelectWire(wire));
    assert!(rig.shows("Filter messages") && rig.shows("Hold"));
}
