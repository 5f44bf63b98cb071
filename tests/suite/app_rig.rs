//! AppRig: the real application without a window, driven by labels and keys as a person would.

use std::time::Duration;

use compose_app::app::App;
use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};
use compose_tests::wait_until;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// The application and what drives it.
pub struct AppRig {
    /// egui's harness; its state is the application.
    pub harness: Harness<'static, App>,
}

impl AppRig {
    /// The application as it opens, at the size of a small laptop.
    pub fn new() -> Self {
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_max_steps(60);
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

    /// Runs frames until nothing asks for another one. Fails if that never happens: idle must be no frames at all.
    pub fn settle(&mut self) {
        self.harness.run();
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
        self.harness.get_by_label(label).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.run_steps(1);
        self.harness.get_by_label(label).type_text(text);
        self.harness.run_steps(2);
    }

    /// Whether something has this label.
    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether something has a label with these words in it.
    pub fn shows_words(&self, words: &str) -> bool {
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
