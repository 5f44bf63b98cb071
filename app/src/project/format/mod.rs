//! The format of project files: converts text to a document and back.
//!
//! Pure; no disk access. Components are listed by name, in the order in which they start. Each link is one line of text.
//! The layout has its own section, so that moving a component changes no other part. Unknown keys and types are kept.

mod read;
mod read_node;
mod write;

use compose_runtime::component::FullPolicy;
use compose_runtime::topology::RestartPolicy;

use super::json;
use super::migrate;
use super::report::Report;
use crate::document::{Document, Problem};

/// The format that this version writes.
pub const FORMAT: &str = "kamaelia-compose/1";

/// Reads a document from text, as far as possible, and lists all problems of the text.
pub fn from_text(text: &str) -> (Document, Vec<Problem>) {
    let mut report = Report::default();
    let mut document = Document::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(mut root) = json::read(text, &mut report) {
        migrate::to_newest(&mut root, &mut report);
        read::project(&mut document, &root, &mut report);
    }
    (document, report.into_problems())
}

/// The text of a document. Equal documents have equal texts.
pub fn to_text(document: &Document) -> String {
    write::project(document)
}

const RESTARTS: [(&str, RestartPolicy); 2] =
    [("never", RestartPolicy::Never), ("on failure", RestartPolicy::OnFailure)];

const POLICIES: [(&str, FullPolicy); 4] = [
    ("block", FullPolicy::Block),
    ("drop oldest", FullPolicy::DropOldest),
    ("drop newest", FullPolicy::DropNewest),
    ("fail", FullPolicy::Fail),
];

/// The key of a composite's `extra` under which unknown keys of its graph are kept.
const GRAPH: &str = "graph";
/// The key that marks a composite as a template.
const TEMPLATE: &str = "template";

#[cfg(test)]
#[path = "../format_tests.rs"]
mod tests;
