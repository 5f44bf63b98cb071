//! The project file: text to document and back.
//!
//! Pure; knows no disk. Components stand by name, in the order they start in; links are text, one a line; layout has a
//! section of its own, so that moving a component never touches the logic. Unknown keys and types survive.

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

/// The document in this text as far as it can be read, and everything that is wrong with the text.
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

/// The text of a document; equal documents have equal texts.
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
/// Key of a composite that says that it does not run itself.
const TEMPLATE: &str = "template";

#[cfg(test)]
#[path = "../format_tests.rs"]
mod tests;
