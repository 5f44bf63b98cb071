//! Projects and the running system in the window: run and stop, console, save, unsaved changes, dropped files.

use compose_app::command::EditAction;
use compose_app::project::store;
use compose_tests::root;
use egui::{Key, Modifiers};

use crate::app_rig::{AppRig, row};

#[test]
fn run_prints_on_the_console_and_stop_ends_it() {
    let mut rig = AppRig::new();
    assert!(rig.harness.state_mut().load_file(&root().join("projects/meow-mix.json")));
    rig.settle();
    rig.harness.key_press(Key::F5);
    rig.until("a line on the console", |app| !app.console().is_empty());
    assert!(rig.app().live().is_running());
    rig.harness.key_press_modifiers(Modifiers::SHIFT, Key::F5);
    rig.until("the end", |app| !app.live().is_running());
    rig.settle();
}

#[test]
fn a_line_typed_on_the_console_is_echoed() {
    let mut rig = AppRig::new();
    assert!(rig.harness.state_mut().load_file(&root().join("projects/console-echo.json")));
    rig.settle();
    rig.harness.key_press(Key::F5);
    rig.until("a prompt", |app| app.live().prompts().next().is_some());
    rig.harness.run_steps(2);
    rig.type_over("Line for reader", "hello there");
    rig.harness.key_press(Key::Enter);
    rig.until("the echo", |app| app.console().lines().filter(|line| line.text == "hello there").count() == 2);
}

#[test]
fn step_starts_a_paused_run_and_moves_one_message() {
    let mut rig = AppRig::with(row(&[("a", "Chargen"), ("b", "NullSink")]));
    let delivered =
        |app: &compose_app::app::App| app.live().snapshot.as_ref().map_or(0, |snapshot| snapshot.deliveries);
    for count in 1..4 {
        rig.harness.key_press(Key::F10);
        rig.until("one more delivery", move |app| delivered(app) == count);
    }
    assert!(rig.app().live().is_paused());
}

#[test]
fn save_as_writes_a_file_that_open_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.json");
    let mut rig = AppRig::with(row(&[("a", "DataSource"), ("b", "ConsoleEchoer")]));
    rig.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    rig.type_over("file name", path.to_str().unwrap());
    rig.key(Modifiers::NONE, Key::Enter);
    assert!(!rig.app().history().is_unsaved());
    let opened = store::open(&path).unwrap();
    assert_eq!((opened.project.document.node_count(), opened.problems.len()), (2, 0));
    assert_eq!(rig.app().project().path(), Some(path.as_path()));
}

#[test]
fn no_file_is_overwritten_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("precious.json");
    std::fs::write(&path, "precious").unwrap();
    for typed in [path.clone(), folder.path().join("nowhere/../precious.json"), path.with_extension("")] {
        std::fs::create_dir_all(folder.path().join("nowhere")).unwrap();
        let mut rig = AppRig::with(row(&[("a", "DataSource")]));
        rig.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
        rig.type_over("file name", typed.to_str().unwrap());
        rig.key(Modifiers::NONE, Key::Enter);
        assert!(rig.shows_text("There is already a file with this name"), "{}", typed.display());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
        rig.click("Cancel");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    }
    let mut rig = AppRig::with(row(&[("a", "DataSource")]));
    rig.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    rig.type_over("file name", path.to_str().unwrap());
    rig.key(Modifiers::NONE, Key::Enter);
    rig.click("Replace");
    assert_eq!(store::open(&path).unwrap().project.document.node_count(), 1);
}

#[test]
fn unsaved_changes_are_not_discarded_without_asking() {
    let mut rig = AppRig::new();
    rig.harness.state_mut().push(EditAction::AddNode { type_name: "NullSink".to_owned(), pos_in_canvas: None });
    rig.settle();
    rig.key(Modifiers::COMMAND, Key::N);
    assert!(rig.shows_text("Save the changes to"));
    rig.click("Cancel");
    assert_eq!(rig.app().document().node_count(), 1);
    rig.key(Modifiers::COMMAND, Key::N);
    rig.click("Discard");
    assert_eq!(rig.app().document().node_count(), 0);
}

#[test]
fn the_valid_part_of_a_damaged_file_opens_with_a_list_of_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.json");
    let text =
        r#"{"format": "kamaelia-compose/1", "components": {"a": {"type": "NullSink"}}, "links": ["x.y -> a.inbox"]}"#;
    std::fs::write(&path, text).unwrap();
    let mut rig = AppRig::new();
    assert!(rig.harness.state_mut().load_file(&path));
    rig.settle();
    assert_eq!(rig.app().document().node_count(), 1);
    assert!(rig.app().problems().iter().any(|problem| problem.contains('x')), "{:?}", rig.app().problems());
    assert!(!rig.harness.state_mut().load_file(&folder.path().join("none.json")));
    assert_eq!(rig.app().document().node_count(), 1, "the open project stays open");
}

#[test]
fn no_frames_are_drawn_while_idle() {
    let mut rig = AppRig::new();
    assert!(rig.harness.state_mut().load_file(&root().join("projects/slideshow.json")));
    rig.settle();
    rig.harness.key_press(Key::F5);
    rig.until("the run", |app| app.live().snapshot.as_ref().is_some_and(|snapshot| !snapshot.components.is_empty()));
    // No button is pressed, so nothing changes: drawing stops although the system runs.
    rig.settle();
    assert!(rig.app().live().is_running());
}

/// A file that the user drops onto the window.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_file_dropped_onto_the_window_is_opened_and_shown_at_once() {
    let mut rig = AppRig::new();
    let file = Dropped(root().join("projects/meow-mix.json"));
    rig.harness.input_mut().dropped_files.push(std::sync::Arc::new(file));
    rig.settle();
    assert_eq!(rig.app().project().path(), Some(root().join("projects/meow-mix.json").as_path()));
    assert!(rig.app().document().node_count() > 0);
    let first = rig.app().document().all_nodes().next().unwrap().name.clone();
    assert!(rig.shows_text(&format!("component {first}")), "the canvas shows the new project");
}
