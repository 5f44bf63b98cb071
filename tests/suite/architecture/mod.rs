//! Rules for the source tree: which module may use which, how long a file may be, and how it begins.
//!
//! Each exception is listed here with its reason. These lists may only get shorter.

use compose_structure::crates::Workspace;
use compose_structure::cycles::cycles;
use compose_structure::rules::{unknown_paths, violations};
use compose_structure::tree::Tree;

mod checkout;
mod commands;
mod errors;
mod form;
mod layers;
mod planted;
mod table;
mod tests_of_tests;

use checkout::{TREE, WORKSPACE};
use form::{findings, too_long, unfinished, without_description};
use table::{RULES, WITHIN_ROWS};

/// The violations of the rules for source code in a tree: paths, layers, cycles, hidden commands, the form of the
/// files, and tests that cannot fail or that wait. `page` is the text of ARCHITECTURE.md.
pub fn broken_rules(tree: &Tree, page: &str) -> Vec<String> {
    let workspace = Workspace::of(tree);
    let cycles = cycles(&workspace).into_iter().map(|cycle| format!("a cycle: {}", cycle.files.join(" ")));
    [
        violations(&workspace, RULES),
        violations(&workspace, WITHIN_ROWS),
        layers::wrong(&workspace, &layers::layers(page)),
        cycles.collect(),
        commands::found_in(tree, &workspace),
        findings(tree, too_long),
        findings(tree, without_description),
        findings(tree, unfinished),
        tests_of_tests::cannot_fail(tree, &workspace),
        tests_of_tests::wait_for_the_clock(tree, &workspace),
    ]
    .concat()
}

#[test]
fn every_file_is_read() {
    assert_eq!(WORKSPACE.unreadable, Vec::<String>::new());
    let read = |path: &str| WORKSPACE.test_files.contains(path) || WORKSPACE.modules.values().any(|it| it.file == path);
    let missed: Vec<&str> = TREE.sources().map(|(path, _)| path).filter(|path| !read(path)).collect();
    assert_eq!(missed, Vec::<&str>::new(), "no `mod` declares these files, and they are not crate roots");
}

#[test]
fn modules_use_only_what_the_dependency_table_allows() {
    assert_eq!(violations(&WORKSPACE, RULES), Vec::<String>::new());
    assert_eq!(violations(&WORKSPACE, WITHIN_ROWS), Vec::<String>::new());
}

#[test]
fn every_row_of_the_dependency_table_has_its_rule_and_every_rule_names_what_exists() {
    let page = std::fs::read_to_string(compose_structure::root().join("ARCHITECTURE.md")).unwrap();
    let table = page.lines().skip_while(|line| !line.starts_with("| module | may use | must not use |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let rows: Vec<String> =
        rows.filter_map(|row| row.split('|').nth(1)).map(|cell| cell.replace('`', "").trim().to_owned()).collect();
    assert_eq!(rows, RULES.iter().map(|rule| rule.row.to_owned()).collect::<Vec<_>>());
    assert_eq!(unknown_paths(&WORKSPACE, RULES), Vec::<String>::new());
    assert_eq!(unknown_paths(&WORKSPACE, WITHIN_ROWS), Vec::<String>::new());
}

#[test]
fn every_path_that_the_guides_name_exists() {
    let root = compose_structure::root();
    let tops = ["app/", "runtime/", "components/", "tests/", "fuzz/", "projects/", "assets/", "docs/"];
    let mut named = 0;
    let mut missing = Vec::new();
    for guide in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(guide)).unwrap();
        for quoted in text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let is_path = tops.iter().any(|top| quoted.starts_with(top));
            if is_path && !quoted.contains(['<', '*', '{', ' ']) {
                named += 1;
                if !root.join(quoted).exists() {
                    missing.push(format!("{guide}: {quoted}"));
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(named > 30, "only {named} paths were found");
}

#[test]
fn no_files_have_circular_dependencies() {
    let found: Vec<String> = cycles(&WORKSPACE)
        .iter()
        .map(|cycle| format!("{}\n  {}\n", cycle.files.join(" "), cycle.edges.join("\n  ")))
        .collect();
    assert!(
        found.is_empty(),
        "files have circular dependencies; move the code that both need to a file below both:\n{}",
        found.join("\n")
    );
}

#[test]
fn packages_depend_downwards_only() {
    let allowed: &[(&str, &[&str])] = &[
        ("runtime", &[]),
        ("components", &["compose_runtime"]),
        ("app", &["compose_runtime", "compose_components"]),
        ("tests", &["compose_runtime", "compose_components", "compose_app", "compose_structure"]),
        ("tests/structure", &[]),
        ("fuzz", &["compose_runtime", "compose_components", "compose_app"]),
    ];
    for (package, allowed) in allowed {
        let manifest = &TREE.files[&format!("{package}/Cargo.toml")];
        for line in manifest.lines().filter(|line| line.starts_with("compose_")) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(allowed.contains(&name), "{package} must not depend on {name}");
        }
    }
}

#[test]
fn every_package_uses_the_lints_of_the_workspace() {
    for (package, _) in TREE.packages() {
        let manifest = &TREE.files[&format!("{package}/Cargo.toml")];
        assert!(manifest.contains("[lints]\nworkspace = true"), "add [lints] workspace = true to {package}/Cargo.toml");
    }
}

#[test]
fn files_are_short_enough_to_read() {
    assert_eq!(findings(&TREE, too_long), Vec::<String>::new());
}

#[test]
fn every_file_begins_with_a_description() {
    assert_eq!(findings(&TREE, without_description), Vec::<String>::new());
}

/// The files that may contain `unsafe`. The ring moves messages without looking at them, which halves the cost of a hop.
const UNSAFE: &[&str] = &["runtime/src/delivery/ring.rs"];

#[test]
fn unsafe_code_is_in_known_files_only_and_has_a_reason() {
    // Written in two halves, so that the search does not find this file.
    let (unsafely, allowed) = (["unsa", "fe {"].concat(), ["allow(unsa", "fe_code)"].concat());
    let (mut count, mut found) = (0, Vec::new());
    for (path, text) in TREE.sources() {
        let lines: Vec<&str> = text.lines().collect();
        if text.contains(&allowed) && !UNSAFE.contains(&path) {
            found.push(format!("{path} allows unsafe code"));
        }
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains(&unsafely)) {
            count += 1;
            let above = lines.iter().take(number).rev().take_while(|line| line.trim_start().starts_with("//"));
            let has_reason = above.into_iter().any(|line| line.contains("SAFETY:"));
            if !UNSAFE.contains(&path) || !has_reason {
                found.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "unsafe code outside the known files, or without a SAFETY comment");
    assert!(count > 0, "the search finds the known unsafe code");
}

#[test]
fn panics_are_caught_in_one_file_only() {
    // Written in two halves, so that the search does not find this file.
    let catch = ["catch_un", "wind("].concat();
    let found: Vec<&str> = TREE.sources().filter(|(_, text)| text.contains(&catch)).map(|(path, _)| path).collect();
    assert_eq!(
        found,
        ["runtime/src/contain.rs"],
        "use compose_runtime::contain, which also contains the payload (R10)"
    );
}

#[test]
fn nothing_is_left_unfinished() {
    assert_eq!(findings(&TREE, unfinished), Vec::<String>::new());
}
