//! Resolves a written path to the item it means, through `crate`, `self` and `super`, imports, globs and re-exports.

use std::collections::BTreeSet;

use crate::crates::Workspace;
use crate::module::{Module, Written};

/// The meaning of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// An item that this module declares.
    Item {
        /// Full path of the module.
        module: String,
        /// The item.
        name: String,
    },
    /// A module of the workspace.
    Module(String),
    /// An item of another workspace or of the standard library.
    External,
    /// A name without a known declaration; a macro may have generated it. Contains the last module that was found.
    Unknown(String),
    /// Not a path into any module: a local variable, a type parameter or a name of the prelude.
    Local,
}

/// A resolved path.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What it means.
    pub meaning: Meaning,
    /// The full paths from the written one to the item, with one more for each re-export.
    pub chain: Vec<String>,
}

/// Resolves a path that is written in module `at`.
pub fn resolve(workspace: &Workspace, at: &str, written: &Written) -> Resolved {
    let mut search = Search { workspace, chain: Vec::new(), seen: BTreeSet::new() };
    let meaning = search.written(at, written, None);
    Resolved { meaning, chain: search.chain }
}

/// Resolves the import at index `number` in module `at`.
pub fn resolve_import(workspace: &Workspace, at: &str, number: usize) -> Resolved {
    let mut search = Search { workspace, chain: Vec::new(), seen: BTreeSet::new() };
    let import = search.module(at).and_then(|module| module.imports.get(number));
    let meaning = import.map_or(Meaning::Local, |import| search.written(at, &import.target, Some(number)));
    Resolved { meaning, chain: search.chain }
}

struct Search<'a> {
    workspace: &'a Workspace,
    chain: Vec<String>,
    seen: BTreeSet<(String, String)>,
}

impl<'a> Search<'a> {
    /// `import` is the index of the import that contains the path, because an import never resolves to itself.
    fn written(&mut self, at: &str, written: &Written, import: Option<usize>) -> Meaning {
        let segments = &written.segments;
        let Some(first) = segments.first() else { return Meaning::Local };
        if written.is_global {
            return self.named_by_crate(segments.clone());
        }
        let ups = segments.iter().take_while(|segment| *segment == "super" || *segment == "self").count();
        if ups > 0 {
            let mut module: Vec<&str> = at.split("::").collect();
            for _ in segments.iter().take(ups).filter(|segment| *segment == "super") {
                module.pop();
            }
            return self.absolute(&module.join("::"), segments.get(ups..).unwrap_or_default());
        }
        match first.as_str() {
            "crate" => {
                let root = at.split("::").next().unwrap_or_default().to_owned();
                self.absolute(&root, segments.get(1..).unwrap_or_default())
            }
            "Self" => Meaning::Local,
            name if self.is_in_scope(at, name, import) => self.absolute(at, segments),
            name if segments.len() > 1 || import.is_some() || self.workspace.libraries.contains(name) => {
                self.named_by_crate(segments.clone())
            }
            _ => Meaning::Local,
        }
    }

    fn named_by_crate(&mut self, segments: Vec<String>) -> Meaning {
        let root = segments.first().cloned().unwrap_or_default();
        if self.workspace.modules.contains_key(&root) {
            return self.absolute(&root, segments.get(1..).unwrap_or_default());
        }
        self.chain.push(segments.join("::"));
        Meaning::External
    }

    fn module(&self, path: &str) -> Option<&'a Module> {
        self.workspace.modules.get(path)
    }

    fn is_in_scope(&self, at: &str, name: &str, import: Option<usize>) -> bool {
        let Some(module) = self.module(at) else { return false };
        let imported = module.imports.iter().enumerate().any(|(number, other)| {
            other.name.as_deref() == Some(name) && import != Some(number) && !leads_to_itself(other, name)
        });
        let glob = import.is_none()
            && module.imports.iter().any(|other| other.is_glob && self.glob_has(at, other, name, &mut BTreeSet::new()));
        module.children.contains(name) || module.items.contains(name) || imported || glob
    }

    /// Whether `use target::*` in module `at` brings the name into scope.
    fn glob_has(&self, at: &str, import: &crate::module::Import, name: &str, seen: &mut BTreeSet<String>) -> bool {
        let mut search = Search { workspace: self.workspace, chain: Vec::new(), seen: BTreeSet::new() };
        // A glob's own path is not looked up in other globs. No import has the index `usize::MAX`.
        let Meaning::Module(target) = search.written(at, &import.target, Some(usize::MAX)) else { return false };
        if !seen.insert(target.clone()) {
            return false;
        }
        let Some(module) = self.module(&target) else { return false };
        // `use super::*` also brings the private names of the parent into scope.
        let inside = at.starts_with(&format!("{target}::"));
        module.items.contains(name)
            || module.children.contains(name)
            || module.imports.iter().any(|other| {
                (other.is_reexport || inside)
                    && (other.name.as_deref() == Some(name)
                        || (other.is_glob && self.glob_has(&target, other, name, seen)))
            })
    }

    /// Resolves `rest`, starting from a module of the workspace.
    fn absolute(&mut self, module: &str, rest: &[String]) -> Meaning {
        self.chain.push([&[module.to_owned()], rest].concat().join("::"));
        let Some((name, after)) = rest.split_first() else { return Meaning::Module(module.to_owned()) };
        if !self.seen.insert((module.to_owned(), rest.join("::"))) {
            return Meaning::Unknown(module.to_owned());
        }
        let Some(here) = self.module(module) else { return Meaning::Unknown(module.to_owned()) };
        let is_module = here.children.contains(name);
        if is_module && !after.is_empty() {
            return self.absolute(&format!("{module}::{name}"), after);
        }
        if here.items.contains(name) {
            return Meaning::Item { module: module.to_owned(), name: name.clone() };
        }
        let by_name = here
            .imports
            .iter()
            .position(|other| other.name.as_ref() == Some(name) && !(is_module && leads_to_itself(other, name)));
        if let Some(number) = by_name {
            let other = &here.imports[number];
            let target =
                Written { segments: [other.target.segments.as_slice(), after].concat(), ..other.target.clone() };
            return self.written(module, &target, Some(number));
        }
        if is_module {
            return self.absolute(&format!("{module}::{name}"), after);
        }
        for other in here.imports.iter().filter(|other| other.is_glob) {
            if self.glob_has(module, other, name, &mut BTreeSet::new()) {
                let target =
                    Written { segments: [other.target.segments.as_slice(), rest].concat(), ..other.target.clone() };
                return self.written(module, &target, Some(usize::MAX));
            }
        }
        Meaning::Unknown(module.to_owned())
    }
}

/// `use name;` and `use self::name;` do not show where the name comes from.
fn leads_to_itself(import: &crate::module::Import, name: &str) -> bool {
    let segments: Vec<&str> = import.target.segments.iter().map(String::as_str).collect();
    segments == [name] || segments == ["self", name]
}
