//! The format of project files: converts text to a document and back.
//!
//! Pure; no disk access. Components are listed by name, in the order in which they start. Each link is one line of text.
//! The layout has its own section, so that moving a component changes no other part. Unknown keys and types are kept.

pub mod names;
mod read;
mod read_node;
mod values;
mod write;

use super::json;
use super::migrate;
use super::report::Report;
use crate::document::{Document, Problem};

pub use names::FORMAT;

/// Reads a document from text, as far as possible, and lists all problems of the text.
pub fn from_text(text: &str) -> (Document, Vec<Problem>) {
    let mut report = Report::default();
    let mut document = Document::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A shebang line. Its line break stays, so that problems name the right line.
    let text = if text.starts_with("#!") { text.find('\n').map_or("", |end| text.split_at(end).1) } else { text };
    if let Some(mut root) = json::read(text, &mut report) {
        migrate::to_newest(&mut root, &mut report);
        read::project(&mut document, &root, &mut report);
    }
    (document, report.into_problems())
}

/// The text of a document. Equal documents have equal text.
pub fn to_text(document: &Document) -> String {
    write::project(document)
}

#[cfg(test)]
mod tests;
