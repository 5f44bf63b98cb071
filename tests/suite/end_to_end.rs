//! The real binary with a real window on a screen of its own, and a mouse: draw, run, save, kill.
//!
//! Where things are is asked of the application in the rig, which is led through the same movements: same size of window,
//! same fonts, same places.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use compose_tests::fixtures::Fixture;
use compose_tests::screen::Screen;
use compose_tests::{binary, wait_until};
use egui::{Key, Modifiers, Pos2, Vec2};

use crate::app_rig::AppRig;

const PATIENCE: Duration = Duration::from_secs(30);
const EMPTY: &str = r#"{ "format": "kamaelia-compose/1", "components": {}, "links": [] }"#;

/// The application twice: on a screen, and in the rig that knows where everything is.
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

    /// Finds a component by typing and drags it out of the palette.
    fn add(&mut self, type_name: &str, to: Pos2) {
        self.click(self.rig.place("Find a component"));
        self.screen.key("ctrl+a");
        self.rig.key(Modifiers::COMMAND, Key::A);
        self.type_text(type_name);
        self.drag(self.rig.button(type_name), to);
    }

    /// Types a value into a setting of the selected component.
    fn set(&mut self, component: &str, param: &str, value: &str) {
        let header = self.rig.place(&format!("component {component}"));
        self.click(header);
        let field = self.rig.field(param);
        self.click(field);
        self.screen.key("ctrl+a");
        self.rig.key(Modifiers::COMMAND, Key::A);
        self.type_text(value);
        self.enter();
    }

    fn wait_until_saved(&self, file: &Path, words: &str) -> String {
        let found = wait_until("the saved file", PATIENCE, || {
            std::fs::read_to_string(file).ok().filter(|text| text.contains(words))
        });
        assert!(!self.screen.title(&self.window).is_empty());
        found
    }
}

impl Drop for Twins {
    fn drop(&mut self) {
        drop(self.application.kill());
        drop(self.application.wait());
    }
}

/// A sentence and a file to write it to, drawn with the mouse.
fn draw(file: &Fixture) -> Twins {
    let mut twins = Twins::open(file);
    let middle = twins.rig.place("Canvas");
    twins.add("OneShot", middle + Vec2::new(-260.0, -60.0));
    twins.add("SimpleFileWriter", middle + Vec2::new(60.0, -60.0));
    let names: Vec<String> = twins.rig.app().document().nodes_in(None).map(|node| node.name.clone()).collect();
    let [source, writer] = names.as_slice() else { panic!("two components were drawn, not {names:?}") };
    let outbox = twins.rig.place(&format!("outbox {source}.outbox"));
    let inbox = twins.rig.place(&format!("inbox {writer}.inbox"));
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
    let written = twins.wait_until_saved(&file.path("written.txt"), "drawn by hand");
    assert_eq!(written, "drawn by hand");
    twins.screen.key("ctrl+s");
    let saved = twins.wait_until_saved(&file.path("project.json"), "OneShot");
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    let types: Vec<&str> =
        saved["components"].as_object().unwrap().values().filter_map(|entry| entry["type"].as_str()).collect();
    assert_eq!(types, ["OneShot", "SimpleFileWriter"]);
    assert_eq!(saved["links"].as_array().unwrap().len(), 1);
    let same = twins.rig.links();
    assert_eq!(saved["links"][0].as_str(), same.first().map(String::as_str), "both twins drew the same");
    let outcome = binary::run(&["check", &file.file()]).expect_code(0);
    assert!(!outcome.stdout.contains("error"), "{}", outcome.stdout);
}

#[test]
fn what_was_saved_survives_a_sudden_death() {
    let file = Fixture::with_text(EMPTY);
    let mut twins = draw(&file);
    twins.screen.key("ctrl+s");
    let saved = twins.wait_until_saved(&file.path("project.json"), "SimpleFileWriter");
    // More work that is not saved, then the end without warning.
    let middle = twins.rig.place("Canvas");
    twins.add("NullSink", middle + Vec2::new(0.0, 120.0));
    twins.screen.key("F5");
    twins.application.kill().unwrap();
    twins.application.wait().unwrap();
    assert_eq!(std::fs::read_to_string(file.path("project.json")).unwrap(), saved, "letter by letter");
    let leftovers: Vec<String> = std::fs::read_dir(file.folder())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !["project.json", "written.txt", "home"].contains(&name.as_str()))
        .collect();
    assert_eq!(leftovers, Vec::<String>::new(), "nothing half-written lies about");
    let again = AppRig::with_file(&file.path("project.json"));
    assert_eq!(again.app().document().node_count(), 2);
}
