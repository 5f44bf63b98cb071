//! The real binary with a real window on a virtual screen, used with mouse and keyboard: draw, run, save, kill.
//!
//! The tests get all positions from a second copy of the application in the rig, which goes through the same movements.
//! Its window size and fonts are the same, so its positions are, too.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use compose_app::journal::Recovery;
use compose_tests::fixtures::Fixture;
use compose_tests::screen::Screen;
use compose_tests::{binary, wait_until};
use egui::{Key, Modifiers, Pos2, Vec2};

use crate::app_rig::AppRig;

const LIMIT: Duration = Duration::from_secs(30);
const EMPTY: &str = r#"{ "format": "kamaelia-compose/1", "components": {}, "links": [] }"#;

/// The application twice: on a screen, and in the rig, which gives all positions.
struct Twins {
    rig: AppRig,
    screen: Screen,
    application: Child,
    window: String,
}

impl Twins {
    fn open(file: &Fixture) -> Self {
        let screen = Screen::start();
        let mut command = binary::command(&[file.file()]);
        screen.apply(&mut command);
        let home = file.path("home");
        std::fs::create_dir_all(&home).unwrap();
        command.env("HOME", &home).env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME");
        let application = command.spawn().unwrap();
        let window = screen.wait_for_window(application.id());
        screen.fill_with(&window);
        let rig = AppRig::with_file(&file.path("project.json"));
        Self { rig, screen, application, window }
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.screen.drag((from.x, from.y), (to.x, to.y));
        self.rig.drag(from, to);
    }

    fn click(&mut self, at: Pos2) {
        self.screen.click((at.x, at.y));
        self.rig.click_at(at);
    }

    fn type_text(&mut self, text: &str) {
        self.screen.type_text(text);
        self.rig.type_text(text);
    }

    fn enter(&mut self) {
        self.screen.key("Return");
        self.rig.key(Modifiers::NONE, Key::Enter);
    }

    /// Finds a component in the palette by typing and drags it to the canvas.
    fn add(&mut self, type_name: &str, to: Pos2) {
        self.click(self.rig.centre_of("Find a component"));
        self.screen.key("ctrl+a");
        self.rig.key(Modifiers::COMMAND, Key::A);
        self.type_text(type_name);
        self.drag(self.rig.button(type_name), to);
    }

    /// Selects a component and types a value into one of its parameters.
    fn set(&mut self, component: &str, param: &str, value: &str) {
        let header = self.rig.centre_of(&format!("component {component}"));
        self.click(header);
        let field = self.rig.field(param);
        self.click(field);
        self.screen.key("ctrl+a");
        self.rig.key(Modifiers::COMMAND, Key::A);
        self.type_text(value);
        self.enter();
    }

    /// Waits until a file contains `part`, and returns its text.
    fn wait_for_file(&self, file: &Path, part: &str) -> String {
        wait_until("the file", LIMIT, || std::fs::read_to_string(file).ok().filter(|text| text.contains(part)))
    }

    /// Saves with the keyboard and waits until the file contains `part`.
    fn save(&self, file: &Path, part: &str) -> String {
        self.screen.key("ctrl+s");
        let saved = self.wait_for_file(file, part);
        // Saving also waits for the disk, and a drag during that time would be one event.
        wait_until("a title without the mark of unsaved changes", LIMIT, || {
            let title = self.screen.title(&self.window);
            (!title.is_empty() && !title.starts_with('•')).then_some(())
        });
        saved
    }
}

impl Drop for Twins {
    fn drop(&mut self) {
        drop(self.application.kill());
        drop(self.application.wait());
    }
}

/// Draws with the mouse: a component that emits a sentence and one that writes it to a file.
fn draw(file: &Fixture) -> Twins {
    let mut twins = Twins::open(file);
    let middle = twins.rig.centre_of("Canvas");
    twins.add("OneShot", middle + Vec2::new(-260.0, -60.0));
    twins.add("SimpleFileWriter", middle + Vec2::new(60.0, -60.0));
    let names: Vec<String> = twins.rig.app().document().nodes_in(None).map(|node| node.name.clone()).collect();
    let [source, writer] = names.as_slice() else { panic!("expected two components, not {names:?}") };
    let outbox = twins.rig.centre_of(&format!("outbox {source}.outbox"));
    let inbox = twins.rig.centre_of(&format!("inbox {writer}.inbox"));
    twins.drag(outbox, inbox);
    twins.set(source, "msg", "drawn by hand");
    twins.set(writer, "filename", "written.txt");
    twins
}

#[test]
fn a_graph_drawn_with_the_mouse_runs_and_is_saved() {
    let file = Fixture::with_text(EMPTY);
    let twins = draw(&file);
    twins.screen.key("F5");
    let written = twins.wait_for_file(&file.path("written.txt"), "drawn by hand");
    assert_eq!(written, "drawn by hand");
    let saved = twins.save(&file.path("project.json"), "OneShot");
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    let types: Vec<&str> =
        saved["components"].as_object().unwrap().values().filter_map(|entry| entry["type"].as_str()).collect();
    assert_eq!(types, ["OneShot", "SimpleFileWriter"]);
    assert_eq!(saved["links"].as_array().unwrap().len(), 1);
    let same = twins.rig.links();
    assert_eq!(saved["links"][0].as_str(), same.first().map(String::as_str), "both twins drew the same link");
    let outcome = binary::run(&["check", &file.file()]).expect_code(0);
    assert!(!outcome.stdout.contains("error"), "{}", outcome.stdout);
}

#[test]
fn a_saved_file_is_intact_after_the_application_is_killed() {
    let file = Fixture::with_text(EMPTY);
    let mut twins = draw(&file);
    let saved = twins.save(&file.path("project.json"), "SimpleFileWriter");
    // Make more changes without saving, then kill the application.
    let middle = twins.rig.centre_of("Canvas");
    twins.add("NullSink", middle + Vec2::new(0.0, 120.0));
    twins.screen.key("F5");
    let journals = file.path("home/.config/kamaelia-compose/journal");
    wait_until("the edit in the journal", LIMIT, || {
        let mut files = std::fs::read_dir(&journals).ok()?.flatten();
        files.find(|file| std::fs::read_to_string(file.path()).is_ok_and(|text| text.contains("NullSink")))
    });
    twins.application.kill().unwrap();
    twins.application.wait().unwrap();
    assert_eq!(std::fs::read_to_string(file.path("project.json")).unwrap(), saved, "the saved file is unchanged");
    let leftovers: Vec<String> = std::fs::read_dir(file.folder())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !["project.json", "written.txt", "home"].contains(&name.as_str()))
        .collect();
    assert_eq!(leftovers, Vec::<String>::new(), "no partly written files are left");
    let again = AppRig::with_file(&file.path("project.json"));
    assert_eq!(again.app().document().node_count(), 2);
    // The next start offers the change that was not saved.
    let kept = Recovery::find(&journals);
    let [kept] = kept.as_slice() else { panic!("expected one journal, not {kept:?}") };
    assert_eq!(kept.restore().0.document.node_count(), 3);
}
