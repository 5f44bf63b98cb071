//! Finds dependency cycles: sets of files that all reach each other through the paths they use.
//!
//! An edge goes from the file that uses an item to the file that declares it. A re-export adds no edge: neither from
//! the file that contains it, unless that file's own code uses the item, nor to that file from those that use the
//! re-exported path. A declaration `mod x;` adds no edge either.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::crates::Workspace;
use crate::resolve::{Meaning, resolve, resolve_import};

/// For each pair of files, the paths through which the first uses the second, with their lines.
pub type Edges = BTreeMap<(String, String), Vec<String>>;

/// A set of files that reach each other, and the edges among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// The files, sorted.
    pub files: Vec<String>,
    /// The edges among them, each in the form `from -> to: line 12 a::b, line 14 a::c`.
    pub edges: Vec<String>,
}

/// All edges between different files.
pub fn edges(workspace: &Workspace) -> Edges {
    let mut edges = Edges::new();
    for (path, module) in &workspace.modules {
        let imports = module.imports.iter().enumerate().filter(|(_, import)| !import.is_reexport);
        let imports = imports.map(|(number, import)| (&import.target, resolve_import(workspace, path, number)));
        let uses = module.uses.iter().map(|written| (written, resolve(workspace, path, written)));
        for (written, resolved) in imports.chain(uses) {
            if let Some(target) = target_file(workspace, resolved.meaning)
                && target != module.file
            {
                let reasons = edges.entry((module.file.clone(), target)).or_default();
                let reason = format!("line {} {}", written.line, written.text());
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
    }
    edges
}

fn target_file(workspace: &Workspace, meaning: Meaning) -> Option<String> {
    let module = match meaning {
        Meaning::Item { module, .. } | Meaning::Unknown(module) => module,
        Meaning::Module(_) | Meaning::External | Meaning::Local => return None,
    };
    workspace.modules.get(&module).map(|module| module.file.clone())
}

/// All cycles, the largest first. A cycle has at least two files.
pub fn cycles(workspace: &Workspace) -> Vec<Cycle> {
    let edges = edges(workspace);
    let graph: DiGraphMap<&str, ()> = edges.keys().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let mut found: Vec<Cycle> = tarjan_scc(&graph)
        .into_iter()
        .filter(|set| set.len() > 1)
        .map(|set| {
            let inside = |file: &str| set.contains(&file);
            let shown = edges.iter().filter(|((from, to), _)| inside(from) && inside(to));
            let mut files: Vec<String> = set.iter().map(|file| (*file).to_owned()).collect();
            files.sort();
            Cycle { files, edges: shown.map(|((from, to), by)| format!("{from} -> {to}: {}", by.join(", "))).collect() }
        })
        .collect();
    found.sort_by(|a, b| b.files.len().cmp(&a.files.len()).then_with(|| a.files.cmp(&b.files)));
    found
}
