//! The form of a source file: its length, its first line, and markers of unfinished work.

use compose_structure::tree::Tree;

/// The length of the longest file that is allowed.
pub const MAX_LINES: usize = 400;

/// The findings of `check` in each source file, each with the path of the file in front.
pub fn findings(tree: &Tree, check: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let of_file = |(path, text)| check(text).into_iter().map(move |found| format!("{path}: {found}"));
    tree.sources().flat_map(of_file).collect()
}

/// Whether a file has too many lines, tests included.
pub fn too_long(text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > MAX_LINES {
        vec![format!("{lines} lines, but at most {MAX_LINES} are allowed; split the file by idea")]
    } else {
        Vec::new()
    }
}

/// Whether a file does not begin with a description.
pub fn without_description(text: &str) -> Vec<String> {
    if text.starts_with("//! ") { Vec::new() } else { vec!["no `//!` line first".to_owned()] }
}

/// Markers of unfinished work in a file.
pub fn unfinished(text: &str) -> Vec<String> {
    // Written in two halves, so that the search does not find this file.
    let markers = [["TO", "DO"], ["FIX", "ME"], ["#[ig", "nore"], ["todo", "!("], ["unimple", "mented!("]];
    let markers = markers.map(|halves| halves.concat());
    markers.iter().filter(|marker| text.contains(*marker)).map(|marker| format!("contains {marker}")).collect()
}
