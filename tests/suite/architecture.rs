//! The rules of the tree, read from its own text: who may use whom, how long a file may be, what every file says first.
//!
//! An exception belongs in a list here with its reason, and these lists only ever get shorter.

use compose_tests::sources::{self, Source};

/// Longest file, tests included.
const MAX_LINES: usize = 400;

/// Files under these folders must not mention these paths.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("runtime/src/", &["egui", "eframe", "serde", "serde_json", "compose_components", "compose_app"]),
    ("components/src/", &["egui", "eframe", "compose_app", "petgraph"]),
    (
        "app/src/document/",
        &["egui", "eframe", "std::thread", "std::fs", "std::sync::mpsc", "crossbeam", "crate::project"],
    ),
    ("app/src/document/", &["crate::live", "crate::canvas", "crate::panels", "crate::dispatch", "crate::cli"]),
    ("app/src/project/", &["egui", "eframe", "crate::live", "crate::canvas", "crate::panels"]),
    ("app/src/live/", &["egui", "eframe", "crate::canvas", "crate::panels"]),
    ("app/src/cli/", &["egui", "crate::canvas", "crate::panels"]),
    ("app/src/canvas/", &["compose_runtime::handle", "crate::dispatch", "std::fs", "crate::panels"]),
    ("app/src/panels/", &["compose_runtime::handle", "crate::dispatch", "std::fs"]),
    ("app/src/theme/", &["compose_runtime::handle", "crate::dispatch", "std::fs", "crate::canvas", "crate::panels"]),
];

/// Plain data of the runtime: it must not know what runs it.
const PLAIN: &[&str] = &["ids", "message", "params", "topology", "command", "introspect/snapshot", "surface"];
const ENGINE: &[&str] = &["crate::scheduler", "crate::postoffice", "crate::mailbox", "crate::handle", "crate::builder"];

fn complaints(check: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    sources::all()
        .iter()
        .flat_map(|source| check(source).into_iter().map(|words| format!("{}: {words}", source.path)))
        .collect()
}

#[test]
fn modules_use_only_what_the_dependency_table_allows() {
    let found = complaints(|source| {
        let rules = FORBIDDEN.iter().filter(|(folder, _)| source.path.starts_with(folder));
        rules
            .flat_map(|(_, paths)| paths.iter())
            .filter(|path| source.mentions(path))
            .map(|path| format!("must not use {path}"))
            .collect()
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn plain_data_of_the_runtime_knows_no_engine() {
    let found = complaints(|source| {
        let plain = PLAIN.iter().any(|name| source.path == format!("runtime/src/{name}.rs"));
        ENGINE.iter().filter(|path| plain && source.mentions(path)).map(|path| format!("must not use {path}")).collect()
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn packages_depend_downwards_only() {
    let allowed: &[(&str, &[&str])] = &[
        ("runtime", &[]),
        ("components", &["compose_runtime"]),
        ("app", &["compose_runtime", "compose_components"]),
        ("tests", &["compose_runtime", "compose_components", "compose_app"]),
    ];
    for (package, allowed) in allowed {
        let manifest = std::fs::read_to_string(compose_tests::root().join(package).join("Cargo.toml")).unwrap();
        for line in manifest.lines().filter(|line| line.starts_with("compose_")) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(allowed.contains(&name), "{package} must not depend on {name}");
        }
    }
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    for package in ["runtime", "runtime/models", "components", "app", "tests", "tests/peers"] {
        let manifest = std::fs::read_to_string(compose_tests::root().join(package).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package}/Cargo.toml says [lints] workspace = true");
    }
}

#[test]
fn files_are_short_enough_to_read() {
    let found = complaints(|source| {
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            vec![format!("{lines} lines, at most {MAX_LINES}: split it by idea")]
        } else {
            Vec::new()
        }
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_file_says_first_what_it_is() {
    let found = complaints(|source| {
        if source.text.starts_with("//! ") { Vec::new() } else { vec!["begins with a `//!` line".to_owned()] }
    });
    assert_eq!(found, Vec::<String>::new());
}

/// The files that may hold `unsafe`: a ring of messages moves them as they are, which is half the price of a hop.
const UNSAFE: &[&str] = &["runtime/src/ring.rs"];

#[test]
fn unsafe_is_where_it_is_known_to_be_and_says_why_it_is_sound() {
    // Written in two halves so that this file does not find itself.
    let (unsafely, allowed) = (["unsa", "fe {"].concat(), ["allow(unsa", "fe_code)"].concat());
    let (mut places, mut found) = (0, Vec::new());
    for source in sources::all() {
        let lines: Vec<&str> = source.text.lines().collect();
        if source.text.contains(&allowed) && !UNSAFE.contains(&source.path.as_str()) {
            found.push(format!("{} allows it", source.path));
        }
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains(&unsafely)) {
            places += 1;
            let above = lines.iter().take(number).rev().take_while(|line| line.trim_start().starts_with("//"));
            let has_reason = above.into_iter().any(|line| line.contains("SAFETY:"));
            if !UNSAFE.contains(&source.path.as_str()) || !has_reason {
                found.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "outside of the known files, or without SAFETY in the comment above");
    assert!(places > 0, "the search finds those that are known");
}

#[test]
fn nothing_is_left_unfinished_and_no_test_sleeps() {
    // Written in two halves so that this file does not find itself.
    let marks =
        [["TO", "DO"], ["FIX", "ME"], ["#[ig", "nore"], ["todo", "!("], ["unimple", "mented!("], ["thread::", "sleep"]]
            .map(|halves| halves.concat());
    let found = complaints(|source| {
        let in_runtime_code = |mark: &str| mark.contains("sleep") && !source.path.starts_with("tests/");
        let own_tests = source.text.split("#[cfg(test)]").skip(1).collect::<String>();
        marks
            .iter()
            .filter(|mark| if in_runtime_code(mark) { own_tests.contains(*mark) } else { source.text.contains(*mark) })
            .map(|mark| format!("contains {mark}"))
            .collect()
    });
    assert_eq!(found, Vec::<String>::new());
}
