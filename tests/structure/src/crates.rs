//! All modules of all crates of the workspace, by full path.
//!
//! A package's `src/lib.rs` is the crate with the package's name. Every other file that no `mod` declares is the root
//! of its own crate: a binary, an integration test, an example or a benchmark.

use std::collections::{BTreeMap, BTreeSet};

use crate::collect::{self, FileModules};
use crate::module::Module;
use crate::tree::Tree;

/// The modules of a tree.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Each module outside `#[cfg(test)]` by its full path, such as `compose_app::canvas::hit`.
    pub modules: BTreeMap<String, Module>,
    /// Names of the libraries of the workspace.
    pub libraries: BTreeSet<String>,
    /// Files that are compiled in tests only.
    pub test_files: BTreeSet<String>,
    /// Files that could not be parsed as Rust, each with the reason.
    pub unreadable: Vec<String>,
}

impl Workspace {
    /// Reads all packages of the tree.
    pub fn of(tree: &Tree) -> Self {
        let mut workspace = Self::default();
        let packages = tree.packages();
        for (folder, name) in &packages {
            workspace.root(tree, &format!("{folder}/src/lib.rs"), name);
            workspace.libraries.insert(name.clone());
        }
        // Files that no `mod` declares are roots. A `main.rs` comes before the files beside it, because it may declare
        // them.
        let mut rest: Vec<&str> = tree.sources().map(|(path, _)| path).collect();
        rest.sort_by_key(|path| (!path.ends_with("/main.rs"), path.matches('/').count(), *path));
        for path in rest {
            if packages.iter().any(|(folder, _)| path.starts_with(&format!("{folder}/"))) && !workspace.has(path) {
                workspace.root(tree, path, path.trim_end_matches(".rs"));
            }
        }
        workspace
    }

    fn has(&self, file: &str) -> bool {
        self.test_files.contains(file) || self.modules.values().any(|module| module.file == file)
    }

    fn root(&mut self, tree: &Tree, path: &str, name: &str) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.file(tree, path, folder, name, false);
    }

    /// Reads the file at `path` as module `name`; files of its child modules are in `folder`.
    fn file(&mut self, tree: &Tree, path: &str, folder: &str, name: &str, is_test: bool) {
        let Some(text) = tree.files.get(path) else { return };
        let found = match collect::file(path, text) {
            Ok(found) => found,
            Err(error) => {
                self.unreadable.push(format!("{path}: {error}"));
                return;
            }
        };
        if is_test {
            self.test_files.insert(path.to_owned());
        }
        let FileModules { modules, outside } = found;
        for (below, module) in modules {
            if !is_test {
                self.modules.insert(joined(name, &below), module);
            }
        }
        for (below, declared) in outside {
            let folder = [&[folder.to_owned()], below.as_slice()].concat().join("/");
            let candidates = match &declared.path {
                Some(path_text) => {
                    vec![normalised(&format!("{}/{path_text}", path.rsplit_once('/').map_or("", |(f, _)| f)))]
                }
                None => vec![format!("{folder}/{}.rs", declared.name), format!("{folder}/{}/mod.rs", declared.name)],
            };
            if let Some(file) = candidates.iter().find(|file| tree.files.contains_key(*file)) {
                let of_parent = file.ends_with("/mod.rs") || declared.path.is_some();
                let base =
                    if of_parent { file.rsplit_once('/').map_or("", |(f, _)| f) } else { file.trim_end_matches(".rs") };
                let name = format!("{}::{}", joined(name, &below), declared.name);
                self.file(tree, file, base, &name, is_test || declared.is_test);
            }
        }
    }
}

fn joined(name: &str, below: &[String]) -> String {
    [&[name.to_owned()], below].concat().join("::")
}

/// Resolves `..` and `.` in a path.
fn normalised(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
