//! AppRig: the real application without a window. Tests use it through labels, keys and the mouse, as a user would.
//!
//! It is here and not in the support library, so that only this test binary depends on egui's test harness.

use std::path::Path;
use std::time::Duration;

use compose_app::app::App;
use compose_app::command::AppCommand;
use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};
use compose_app::session::Session;
use compose_tests::wait_until;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// The application and its test harness.
pub struct AppRig {
    /// egui's harness; its state is the application.
    pub harness: Harness<'static, App>,
}

impl AppRig {
    /// The application after its start, in a window as large as a small laptop screen.
    pub fn new() -> Self {
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_step_dt(1.0 / 60.0).with_max_steps(60);
        let mut rig = Self { harness: builder.build_eframe(|creation| App::new_for_test(&creation.egui_ctx)) };
        rig.settle();
        rig
    }

    /// The application of a user whose settings and journals are in this folder.
    pub fn with_session(folder: &Path) -> Self {
        let folder = folder.to_owned();
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_step_dt(1.0 / 60.0).with_max_steps(60);
        let mut rig = Self {
            harness: builder
                .build_eframe(move |creation| App::new(&creation.egui_ctx, Session::load(&folder), Some(folder))),
        };
        rig.settle();
        rig
    }

    /// The application with this document open and no unsaved changes.
    pub fn with(document: Document) -> Self {
        let mut rig = Self::new();
        rig.harness.state_mut().load_document(document);
        rig.settle();
        rig
    }

    /// Runs frames until no further frame is requested. Fails if that does not happen: an idle application must not
    /// draw. While a system runs, a slow machine may request frames all the time, so then this stops after a second of
    /// frames.
    pub fn settle(&mut self) {
        if self.app().live().is_running() {
            self.run_frames();
        } else {
            self.harness.run();
        }
    }

    /// Clicks the widget with this label, then settles.
    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.settle();
    }

    /// Presses a key, then settles.
    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Replaces the text of the field with this label.
    pub fn type_over(&mut self, label: &str, text: &str) {
        self.text_field(label).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.run_steps(1);
        self.text_field(label).type_text(text);
        self.harness.run_steps(2);
    }

    /// The text field with this label. Other widgets may have the same label: the documentation below also names a
    /// setting.
    fn text_field<'a>(&'a self, label: &'a str) -> egui_kittest::Node<'a> {
        let fields = [Role::TextInput, Role::MultilineTextInput, Role::SearchInput];
        let found = fields.iter().find_map(|role| self.harness.query_by_role_and_label(*role, label));
        found.unwrap_or_else(|| self.harness.get_by_label(label))
    }

    /// Whether a widget has this label.
    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether a widget has a label that contains this text.
    pub fn shows_text(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    /// The application.
    pub fn app(&self) -> &App {
        self.harness.state()
    }

    /// Runs frames until the condition holds. Fails with `what` after 20 seconds.
    pub fn until(&mut self, what: &str, condition: impl Fn(&App) -> bool) {
        let harness = &mut self.harness;
        wait_until(what, Duration::from_secs(20), || {
            harness.step();
            condition(harness.state()).then_some(())
        });
    }

    /// Runs frames until no further frame is requested, but at most a second of frames. For use while a system runs.
    pub fn run_frames(&mut self) {
        self.harness.run_ok();
    }

    /// The application with a project file open.
    pub fn with_file(file: &Path) -> Self {
        let mut rig = Self::new();
        assert!(rig.harness.state_mut().load_file(file), "{} opens", file.display());
        rig.run_frames();
        rig
    }

    /// The application with a ready-made project open.
    pub fn with_project(name: &str) -> Self {
        Self::with_file(&compose_tests::root().join("projects").join(format!("{name}.json")))
    }

    /// Sends a command as a menu would, and runs frames.
    pub fn ask(&mut self, command: impl Into<AppCommand>) {
        self.harness.state_mut().push(command);
        self.run_frames();
    }

    /// The centre of the widget with this label, or with a label that starts with this text and a comma.
    pub fn centre_of(&self, label: &str) -> Pos2 {
        let prefix = format!("{label},");
        let found = self
            .harness
            .query_by(|node| node.label().is_some_and(|found| found == label || found.starts_with(&prefix)));
        found.unwrap_or_else(|| panic!("no widget has the label {label:?}")).rect().center()
    }

    /// The centre of the button with this label. Other widgets may have the same label.
    pub fn button(&self, label: &str) -> Pos2 {
        self.harness.get_by_role_and_label(Role::Button, label).rect().center()
    }

    /// The centre of the text field with this label.
    pub fn field(&self, label: &str) -> Pos2 {
        self.text_field(label).rect().center()
    }

    /// Double-clicks at a position.
    pub fn double_click(&mut self, at: Pos2) {
        for _ in 0..2 {
            self.press(at, true);
            self.press(at, false);
        }
        self.run_frames();
    }

    /// Drags in ten steps, as a user would.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.press(from, true);
        for step in 1_u8..=10 {
            self.harness.event(Event::PointerMoved(from + (to - from) * (f32::from(step) / 10.0)));
            self.harness.step();
        }
        self.press(to, false);
        self.run_frames();
    }

    /// Types into the widget with the keyboard focus.
    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.run_frames();
    }

    /// The item that Enter would choose in an open list. Selected components on the canvas are list items, too; they do
    /// not count.
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

    /// The id of a component by name.
    pub fn id(&self, name: &str) -> NodeId {
        self.node(name).id
    }

    /// The links of the document as text, sorted.
    pub fn links(&self) -> Vec<String> {
        let document = self.app().document();
        let mut links: Vec<String> = document.all_wires().map(|wire| document.wire_name(wire)).collect();
        links.sort();
        links
    }

    /// Clicks at a position.
    pub fn click_at(&mut self, at: Pos2) {
        self.press(at, true);
        self.press(at, false);
        self.run_frames();
    }

    fn press(&mut self, at: Pos2, pressed: bool) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.step();
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        self.harness.step();
    }
}

/// A document with leaf components in a row, each linked to the next.
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
