//! Dependency rules between modules, written as full paths, and the uses that break them.
//!
//! A path breaks a rule if any of its forms does: the path as written, or a path that it becomes through imports and
//! re-exports.

use crate::crates::Workspace;
use crate::module::Written;
use crate::resolve::{Meaning, Resolved, resolve, resolve_import};

/// One row of the table of dependencies.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The row's first column, as ARCHITECTURE.md writes it.
    pub row: &'static str,
    /// Modules that the row covers, including everything below them.
    pub modules: &'static [&'static str],
    /// Modules below those that the row does not cover.
    pub except: &'static [&'static str],
    /// Paths they must not use.
    pub must_not: &'static [&'static str],
    /// If not empty: the only paths that they may use besides themselves and the standard library.
    pub may_only: &'static [&'static str],
}

impl Rule {
    /// An empty row.
    pub const EMPTY: Self = Self { row: "", modules: &[], except: &[], must_not: &[], may_only: &[] };

    fn covers(&self, module: &str) -> bool {
        self.modules.iter().any(|own| is_below(module, own)) && !self.except.iter().any(|other| is_below(module, other))
    }
}

/// Lists the uses of paths that a rule forbids, as `file:line: module must not use path`.
pub fn violations(workspace: &Workspace, rules: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for (module, contents) in &workspace.modules {
        for rule in rules.iter().filter(|rule| rule.covers(module)) {
            let imports =
                contents.imports.iter().enumerate().map(|(number, import)| {
                    (&import.target, import.is_glob, resolve_import(workspace, module, number))
                });
            let uses = contents.uses.iter().map(|written| (written, false, resolve(workspace, module, written)));
            for (written, is_glob, resolved) in imports.chain(uses) {
                if let Some(path) = forbidden(rule, module, &resolved, is_glob) {
                    let (file, line, row) = (&contents.file, written.line, rule.row);
                    found.push(format!("{file}:{line}: {row} must not use {path} (written {})", written.text()));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn forbidden(rule: &Rule, at: &str, resolved: &Resolved, is_glob: bool) -> Option<String> {
    for form in &resolved.chain {
        for path in rule.must_not {
            // `use std::*` brings `std::fs`.
            if is_below(form, path) || (is_glob && is_below(path, form) && !is_below(at, form)) {
                return Some((*path).to_owned());
            }
        }
    }
    if rule.may_only.is_empty() || matches!(resolved.meaning, Meaning::Local) {
        return None;
    }
    let last = resolved.chain.last()?;
    if matches!(resolved.meaning, Meaning::External) && !names_a_crate(last) {
        return None;
    }
    let own = rule.modules.iter().chain(rule.may_only);
    let is_allowed =
        is_below(last, "std") || is_below(last, "core") || own.into_iter().any(|path| is_below(last, path));
    // Naming a parent module of an allowed path does not use the rest of that module.
    let leads_there = matches!(resolved.meaning, Meaning::Module(_))
        && rule.may_only.iter().chain(rule.modules).any(|path| is_below(path, last));
    (!is_allowed && !leads_there).then(|| last.clone())
}

/// Whether the path starts with the name of a crate. `Vec::new` and `u8::MAX` do not.
fn names_a_crate(path: &str) -> bool {
    let first = path.split("::").next().unwrap_or_default();
    let is_primitive = matches!(
        first,
        "bool"
            | "char"
            | "str"
            | "f32"
            | "f64"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
    );
    !is_primitive && first.starts_with(|letter: char| letter.is_lowercase())
}

/// Lists the paths of the workspace that the rules name but that do not exist. Such a rule protects nothing.
pub fn unknown_paths(workspace: &Workspace, rules: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for rule in rules {
        for path in rule.modules.iter().chain(rule.except).chain(rule.must_not).chain(rule.may_only) {
            let segments: Vec<String> = path.split("::").map(str::to_owned).collect();
            let is_ours = segments.first().is_some_and(|first| workspace.libraries.contains(first));
            let written = Written { segments, is_global: true, line: 0 };
            if is_ours && matches!(resolve(workspace, "", &written).meaning, Meaning::Unknown(_)) {
                found.push(format!("{}: there is no {path}", rule.row));
            }
        }
    }
    found
}

/// Whether `path` is `parent` or is below it.
fn is_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
