//! AppRig: the real application without a window, driven by labels, keys and mouse as a person would.
//!
//! It stands here and not beside the other support, so that only this test binary needs the test harness of egui.

use std::path::Path;
use std::time::Duration;

use compose_app::app::App;
use compose_app::command::AppCommand;
use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};
use compose_tests::wait_until;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// The application and what drives it.
pub struct AppRig {
    /// egui's harness; its state is the application.
    pub harness: Harness<'static, App>,
}

impl AppRig {
    /// The application as it opens, at the size of a small laptop.
    pub fn new() -> Self {
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_step_dt(1.0 / 60.0).with_max_steps(60);
        let mut rig = Self { harness: builder.build_eframe(|creation| App::new_for_test(&creation.egui_ctx)) };
        rig.settle();
        rig
    }

    /// With this document open, nothing unsaved.
    pub fn with(document: Document) -> Self {
        let mut rig = Self::new();
        rig.harness.state_mut().load_document(document);
        rig.settle();
        rig
    }

    /// Runs frames until nothing asks for another one. Fails if that never happens: idle must be no frames at all. While
    /// something runs there is always news on a slow machine, and a second's worth must do.
    pub fn settle(&mut self) {
        if self.app().live().is_running() {
            self.calm();
        } else {
            self.harness.run();
        }
    }

    /// Presses what has this label, then settles.
    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.settle();
    }

    /// Presses a key.
    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Types into the field of this label, in place of what is there.
    pub fn type_over(&mut self, label: &str, text: &str) {
        self.text_field(label).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.run_steps(1);
        self.text_field(label).type_text(text);
        self.harness.run_steps(2);
    }

    /// The field of this label. Other things may have it, too: a setting is also named in the documentation below it.
    fn text_field<'a>(&'a self, label: &'a str) -> egui_kittest::Node<'a> {
        let fields = [Role::TextInput, Role::MultilineTextInput, Role::SearchInput];
        let found = fields.iter().find_map(|role| self.harness.query_by_role_and_label(*role, label));
        found.unwrap_or_else(|| self.harness.get_by_label(label))
    }

    /// Whether something has this label.
    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether something has a label with these words in it.
    pub fn shows_text(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    /// The application.
    pub fn app(&self) -> &App {
        self.harness.state()
    }

    /// Runs frames until the application is as wanted.
    pub fn until(&mut self, what: &str, is_so: impl Fn(&App) -> bool) {
        let harness = &mut self.harness;
        wait_until(what, Duration::from_secs(20), || {
            harness.step();
            is_so(harness.state()).then_some(())
        });
    }

    /// Draws frames until nothing moves any more, at most a second's worth: for when the system runs.
    pub fn calm(&mut self) {
        self.harness.run_ok();
    }

    /// The application with a project file open.
    pub fn with_file(file: &Path) -> Self {
        let mut rig = Self::new();
        assert!(rig.harness.state_mut().load_file(file), "{} opens", file.display());
        rig.calm();
        rig
    }

    /// The application with a ready-made project open.
    pub fn with_project(name: &str) -> Self {
        Self::with_file(&compose_tests::root().join("projects").join(format!("{name}.json")))
    }

    /// Asks for something as a menu would, and draws.
    pub fn ask(&mut self, command: impl Into<AppCommand>) {
        self.harness.state_mut().push(command);
        self.calm();
    }

    /// The middle of whatever has this label, or a label that begins with these words and a comma.
    pub fn place(&self, label: &str) -> Pos2 {
        let begins = format!("{label},");
        let found = self
            .harness
            .query_by(|node| node.label().is_some_and(|found| found == label || found.starts_with(&begins)));
        found.unwrap_or_else(|| panic!("nothing is labelled {label:?}")).rect().center()
    }

    /// The middle of a button, where other things have the same label.
    pub fn button(&self, label: &str) -> Pos2 {
        self.harness.get_by_role_and_label(Role::Button, label).rect().center()
    }

    /// The middle of a text field that is labelled by these words.
    pub fn field(&self, label: &str) -> Pos2 {
        self.text_field(label).rect().center()
    }

    /// Clicks twice.
    pub fn double_click(&mut self, at: Pos2) {
        for _ in 0..2 {
            self.press(at, true);
            self.press(at, false);
        }
        self.calm();
    }

    /// Drags in a few steps, as a hand does.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.press(from, true);
        for step in 1_u8..=10 {
            self.harness.event(Event::PointerMoved(from + (to - from) * (f32::from(step) / 10.0)));
            self.harness.step();
        }
        self.press(to, false);
        self.calm();
    }

    /// Types into whatever has the keyboard.
    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.calm();
    }

    /// What Enter would take from an open list. Selected components are items of a list too: that of the canvas.
    pub fn chosen_item(&self) -> Option<String> {
        let mut chosen = self
            .harness
            .query_all_by(|node| node.role() == Role::ListItem && node.toggled() == Some(Toggled::True))
            .filter_map(|node| node.accesskit_node().label())
            .filter(|label| !label.starts_with("component "));
        chosen.next()
    }

    /// A component by name.
    pub fn node(&self, name: &str) -> &Node {
        let document = self.app().document();
        let id = document.find_path(name).unwrap_or_else(|| panic!("there is no {name}"));
        document.node(id).expect("it was just found")
    }

    /// Identity of a component by name.
    pub fn id(&self, name: &str) -> NodeId {
        self.node(name).id
    }

    /// The links of the document in words, sorted.
    pub fn links(&self) -> Vec<String> {
        let document = self.app().document();
        let mut links: Vec<String> = document.all_wires().map(|wire| document.wire_name(wire)).collect();
        links.sort();
        links
    }

    /// Clicks at a place.
    pub fn click_at(&mut self, at: Pos2) {
        self.press(at, true);
        self.press(at, false);
        self.calm();
    }

    fn press(&mut self, at: Pos2, pressed: bool) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.step();
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        self.harness.step();
    }
}

/// A document of leaves in a row, each with one link to the next.
pub fn row(leaves: &[(&str, &str)]) -> Document {
    let mut document = Document::new();
    for (index, (name, type_name)) in leaves.iter().enumerate() {
        let id = NodeId(index as u64 + 1);
        let node = Node::leaf(id, *name, *type_name).at([index as f32 * 240.0, 0.0]);
        document.apply(EditCommand::AddNode { node }).expect("names differ");
    }
    for index in 1..leaves.len() as u64 {
        let wire = Wire::data(NodeId(index), "outbox", NodeId(index + 1), "inbox");
        document.apply(EditCommand::Connect { wire }).expect("both are there");
    }
    document
}
