//! Reading values: maps, lists, text and numbers. Invalid parts are reported and left out.

use std::collections::BTreeSet;

use super::super::json::{Json, JsonValue};
use super::super::report::Report;
use crate::document::{Document, EditCommand, storable};

/// The keys of a map with their values.
pub type Entries<'a> = Vec<(&'a str, &'a Json)>;

/// The entries of a map. Only the first of two equal keys counts; the second is reported, as is any other type of value.
pub fn entries<'a>(json: &'a Json, path: &str, report: &mut Report) -> Entries<'a> {
    let JsonValue::Map(all) = &json.value else {
        let message = format!("{} should be a map, not {}", subject(path), json.summary());
        report.file_error(json.line, path, &message, "write { … }; it was ignored");
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for (key, value) in all {
        if seen.insert(key) {
            entries.push((key.as_str(), value));
        } else {
            let message = format!("{} occurs more than once", join(path, key));
            report.file_error(value.line, path, &message, "remove one of them; the first was read");
        }
    }
    entries
}

/// The items of a list. Any other type of value is reported.
pub fn list<'a>(json: &'a Json, path: &str, report: &mut Report) -> &'a [Json] {
    if let JsonValue::List(items) = &json.value {
        return items;
    }
    let message = format!("{} should be a list, not {}", subject(path), json.summary());
    report.file_error(json.line, path, &message, "write [ … ]; it was ignored");
    &[]
}

/// The text of a value. Any other type of value is reported and read as empty text.
pub fn text(json: &Json, path: &str, report: &mut Report) -> String {
    let found = json.as_text();
    if found.is_none() {
        let message = format!("{} should be text, not {}", subject(path), json.summary());
        report.file_error(json.line, path, &message, "put it in quotes; it was ignored");
    }
    found.unwrap_or_default().to_owned()
}

/// Applies an edit, or reports why it was refused.
pub fn edit(document: &mut Document, command: EditCommand, line: usize, path: &str, report: &mut Report) -> bool {
    match document.apply(command) {
        Ok(_) => true,
        Err(error) => {
            report.file_error(line, path, &error.to_string(), "correct it in the file; it was ignored");
            false
        }
    }
}

/// A path of keys with one more key, for example `components.sender`.
pub fn join(path: &str, key: &str) -> String {
    let key: String = key.chars().take(60).collect();
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

fn subject(path: &str) -> &str {
    if path.is_empty() { "the project" } else { path }
}

/// A list of exactly N numbers; `None` for anything else.
pub fn numbers<const N: usize>(json: &Json) -> Option<[f64; N]> {
    let JsonValue::List(items) = &json.value else { return None };
    let numbers: Option<Vec<f64>> = items.iter().map(Json::as_number).collect();
    numbers?.try_into().ok()
}

/// A coordinate within the canvas.
pub fn on_canvas(number: f64) -> f32 {
    let limit = f64::from(storable::FARTHEST);
    number.clamp(-limit, limit) as f32
}
