//! The layers of the runtime: ARCHITECTURE.md lists them, and no file uses a file in a lower layer.
//!
//! The page is the only list. A module that it does not name is in no layer, which is also an error.

use std::collections::BTreeMap;

use compose_structure::crates::Workspace;
use compose_structure::cycles::edges;
use compose_structure::tree::Tree;

use super::checkout::WORKSPACE;

const HEADING: &str = "### The layers of the runtime";
const SOURCE: &str = "runtime/src/";

/// Modules that only re-export others.
const WITHOUT_LAYER: &[&str] = &["lib", "dev", "prelude"];

/// The number of the layer of each module and folder in the table; the first layer is 0.
pub fn layers(page: &str) -> BTreeMap<String, usize> {
    let table = page.lines().skip_while(|line| *line != HEADING).skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1));
    let mut layers = BTreeMap::new();
    for (layer, cell) in rows.enumerate() {
        for name in cell.split('`').skip(1).step_by(2).flat_map(expanded) {
            assert_eq!(layers.insert(name.clone(), layer), None, "the table names {name} twice");
        }
    }
    layers
}

/// `a::{b, c}` names `a::b` and `a::c`.
fn expanded(name: &str) -> Vec<String> {
    let Some((parent, children)) = name.split_once('{') else { return vec![name.trim_end_matches('/').to_owned()] };
    children.trim_end_matches('}').split(',').map(|child| format!("{parent}{}", child.trim())).collect()
}

/// The module of a file of the runtime, for example `scheduler::clock`.
fn module_of(file: &str) -> Option<String> {
    let path = file.strip_prefix(SOURCE)?.strip_suffix(".rs")?;
    let module = path.strip_suffix("/mod").unwrap_or(path).replace('/', "::");
    (!WITHOUT_LAYER.contains(&module.as_str())).then_some(module)
}

/// The entry of the table that covers a module: its own, or that of the nearest folder around it.
fn entry<'a>(layers: &'a BTreeMap<String, usize>, module: &str) -> Option<(&'a str, usize)> {
    let mut path = module;
    loop {
        if let Some((name, layer)) = layers.get_key_value(path) {
            return Some((name, *layer));
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// What is wrong with the layers: modules without one, entries without a module, and uses of a lower layer.
pub fn wrong(workspace: &Workspace, layers: &BTreeMap<String, usize>) -> Vec<String> {
    // Benches, examples and tests are separate crates.
    let own = workspace.modules.iter().filter(|(path, _)| path.split("::").next() == Some("compose_runtime"));
    let modules: Vec<String> = own.filter_map(|(_, module)| module_of(&module.file)).collect();
    let named = |name: &str| modules.iter().any(|module| entry(layers, module).is_some_and(|(own, _)| own == name));
    let mut found: Vec<String> = layers
        .keys()
        .filter(|name| !named(name))
        .map(|name| format!("the table names {name}, which is empty"))
        .collect();
    for module in modules.iter().filter(|module| entry(layers, module).is_none()) {
        found.push(format!("{module} is in no layer"));
    }
    for ((from, to), reasons) in edges(workspace) {
        let (Some(from), Some(to)) = (module_of(&from), module_of(&to)) else { continue };
        if let (Some((_, own)), Some((_, other))) = (entry(layers, &from), entry(layers, &to))
            && other > own
        {
            found.push(format!("{from} uses {to} in a lower layer: {}", reasons.join(", ")));
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_module_of_the_runtime_uses_only_its_own_layer_and_those_above_it() {
    let page = std::fs::read_to_string(compose_structure::root().join("ARCHITECTURE.md")).unwrap();
    let layers = layers(&page);
    assert!(layers.len() > 30, "only {} entries were read: {layers:?}", layers.len());
    assert_eq!(wrong(&WORKSPACE, &layers), Vec::<String>::new());
}

#[test]
fn a_planted_use_of_a_lower_layer_is_found() {
    let page =
        format!("{HEADING}\n\n| folder | what |\n|---|---|\n| `low`, `high::data` | x |\n| `high/` | y |\n\ntext");
    let layers = layers(&page);
    let check = |low: &str, high: &str, more: &str| {
        let lib = format!("pub mod low; pub mod high; {more}");
        let tree = Tree::of(&[
            ("runtime/Cargo.toml", "[package]\nname = \"compose_runtime\"\n"),
            ("runtime/src/lib.rs", &lib),
            ("runtime/src/low.rs", low),
            ("runtime/src/high/mod.rs", high),
            ("runtime/src/high/data.rs", "pub struct Data;"),
            ("runtime/src/other.rs", ""),
        ]);
        wrong(&Workspace::of(&tree), &layers)
    };
    let (low, high) = ("use crate::high::data::Data; pub struct Low(Data);", "pub mod data; pub struct High;");
    assert_eq!(check(low, high, ""), Vec::<String>::new());
    assert_eq!(
        check("use crate::high::High; pub struct Low(High);", high, "")[0],
        "low uses high in a lower layer: line 1 crate::high::High, line 1 High"
    );
    assert_eq!(check(low, high, "mod other;"), ["other is in no layer"]);
    assert_eq!(check("pub struct Low;", "pub struct High;", ""), ["the table names high::data, which is empty"]);
}
