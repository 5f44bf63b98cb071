//! Reading the project's own source text: which files there are, and which paths each one mentions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One Rust source file of the project.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it is, from the root of the project, with forward slashes.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

impl Source {
    /// The code before the file's own test module, without comments.
    pub fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        lines.join("\n")
    }

    /// Every path it imports, with braces taken apart: `use a::{b, c::d}` gives `a::b` and `a::c::d`.
    pub fn imports(&self) -> BTreeSet<String> {
        let code = self.code();
        let mut found = BTreeSet::new();
        for (start, _) in code.match_indices("use ") {
            let before = code.get(..start).and_then(|head| head.lines().last()).unwrap_or_default();
            let begins_statement = before.trim().is_empty() || before.trim_start().starts_with("pub");
            let statement = code.get(start + 4..).and_then(|tail| tail.split(';').next()).unwrap_or_default();
            if begins_statement {
                let packed: String = statement.split_whitespace().collect::<Vec<_>>().join(" ");
                expand("", &packed, &mut found);
            }
        }
        found
    }

    /// Whether its code names this path anywhere, imported or written out.
    pub fn mentions(&self, path: &str) -> bool {
        let starts = |found: &str| found == path || found.starts_with(&format!("{path}::"));
        self.imports().iter().any(|found| starts(found)) || self.code().contains(&format!("{path}::"))
    }
}

fn expand(prefix: &str, text: &str, found: &mut BTreeSet<String>) {
    let text = text.trim();
    let Some((head, rest)) = text.split_once('{') else {
        let plain = text.split(" as ").next().unwrap_or_default().trim();
        if !plain.is_empty() {
            found.insert(format!("{prefix}{plain}"));
        }
        return;
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let prefix = format!("{prefix}{}", head.trim());
    let (mut depth, mut part) = (0_i32, String::new());
    for letter in inner.chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if letter == ',' && depth == 0 {
            expand(&prefix, &part, found);
            part.clear();
        } else {
            part.push(letter);
        }
    }
    expand(&prefix, &part, found);
}

/// Every Rust file of the packages, in order of path.
pub fn all() -> Vec<Source> {
    let root = crate::root();
    let mut files = Vec::new();
    for package in ["runtime", "components", "app", "tests"] {
        collect(&root.join(package), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| Source {
            path: file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/"),
            text: std::fs::read_to_string(&file).unwrap_or_default(),
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_imports_are_taken_apart() {
        let text = "use a::{b, c::{d, e as f}};\npub use g;\nlet word = \"use h\";\n".to_owned();
        let source = Source { path: String::new(), text };
        assert_eq!(source.imports(), ["a::b", "a::c::d", "a::c::e", "g"].map(str::to_owned).into());
    }
}
