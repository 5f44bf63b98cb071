//! Finds tests that cannot fail and tests that wait for real time to pass.

use std::collections::{BTreeMap, BTreeSet};

use crate::crates::Workspace;
use crate::functions::{Function, functions};
use crate::tree::Tree;

/// Macros that can fail a test.
const MACROS: &[&str] = &["panic", "unreachable", "prop_assert", "prop_assert_eq", "prop_assert_ne"];
/// Functions and methods of other crates that can fail a test. An entry that ends in `_` is a prefix of names.
const CALLS: &[&str] = &["get_by_", "snapshot", "resume_unwind", "debug_assert"];
/// Methods that count as an assertion if a test itself calls them, because they expect a refusal. In a helper they only
/// guard the setup. `expect` and `unwrap` do not count: a test that only runs without a failure does not check a
/// result.
const EXPECTATIONS: &[&str] = &["expect_err", "unwrap_err"];
/// Functions that wait for an amount of time instead of an event.
const WAITS: &[&str] = &[
    "thread::sleep",
    "park_timeout",
    "park_timeout_ms",
    "sleep_ms",
    "wait_timeout",
    "wait_timeout_while",
    "spin_loop",
];

struct Located {
    file: String,
    package: String,
    function: Function,
}

/// Lists the tests that neither assert anything nor call a helper that does, as `file:line: name`.
///
/// A helper is a function of the same file. If the file has no function with that name, it is one in the test code of
/// the same package or in the `support` files, which all packages may use. If several functions have the name, all of
/// them must assert.
pub fn tests_that_cannot_fail(tree: &Tree, workspace: &Workspace, support: &[&str]) -> Vec<String> {
    let all = located(tree, workspace, support);
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, located) in all.iter().enumerate() {
        by_name.entry(located.function.name.as_str()).or_default().push(index);
    }
    let mut asserts: Vec<bool> = all.iter().map(|located| asserts_itself(&located.function)).collect();
    loop {
        let mut has_changed = false;
        for (index, located) in all.iter().enumerate() {
            if !asserts[index]
                && located.function.calls.iter().any(|name| helper_asserts(located, name, &all, &by_name, &asserts))
            {
                asserts[index] = true;
                has_changed = true;
            }
        }
        if !has_changed {
            break;
        }
    }
    let unasserted = all.iter().zip(asserts).filter(|(located, asserts)| located.function.is_test && !asserts);
    unasserted
        .map(|(located, _)| format!("{}:{}: {}", located.file, located.function.line, located.function.name))
        .collect()
}

fn located(tree: &Tree, workspace: &Workspace, support: &[&str]) -> Vec<Located> {
    let packages = tree.packages();
    let mut all = Vec::new();
    for (file, text) in tree.sources() {
        let package = packages.iter().filter(|(folder, _)| file.starts_with(&format!("{folder}/")));
        let Some((folder, _)) = package.max_by_key(|(folder, _)| folder.len()) else { continue };
        let is_support = support.contains(&file);
        let is_test_file = is_support || workspace.test_files.contains(file) || is_in_test_folder(file);
        for function in functions(text).unwrap_or_default() {
            if is_test_file || function.in_test {
                let package = if is_support { String::new() } else { folder.clone() };
                all.push(Located { file: file.to_owned(), package, function });
            }
        }
    }
    all
}

/// Whether a file is entirely test code because of its folder.
pub fn is_in_test_folder(file: &str) -> bool {
    // Benchmarks measure time. They are not tests.
    if file.starts_with("tests/peers/") {
        return false;
    }
    file.starts_with("tests/") || ["/tests/", "/examples/", "/models/"].iter().any(|folder| file.contains(folder))
}

fn asserts_itself(function: &Function) -> bool {
    let known = |name: &str| CALLS.iter().any(|call| name == *call || (call.ends_with('_') && name.starts_with(call)));
    function.should_panic
        || function.macros.iter().any(|name| name.starts_with("assert") || MACROS.contains(&name.as_str()))
        || function.calls.iter().any(|name| known(name.trim_start_matches('.')))
        || (function.is_test && EXPECTATIONS.iter().any(|name| function.calls.contains(&format!(".{name}"))))
}

fn helper_asserts(
    from: &Located,
    name: &str,
    all: &[Located],
    by_name: &BTreeMap<&str, Vec<usize>>,
    asserts: &[bool],
) -> bool {
    // A path such as `Rig::new` may also name a method.
    let is_method = name.starts_with('.');
    let Some(candidates) = by_name.get(name.trim_start_matches('.')) else { return false };
    let near = |is_same: &dyn Fn(&Located) -> bool| -> Vec<usize> {
        let fits = |other: &Located| is_same(other) && (is_method == other.function.is_method || name.contains("::"));
        candidates
            .iter()
            .copied()
            .filter(|index| fits(&all[*index]) && !std::ptr::eq(from, &raw const all[*index]))
            .collect()
    };
    let mut helpers = near(&|other| other.file == from.file);
    if helpers.is_empty() {
        helpers = near(&|other| other.package == from.package || other.package.is_empty());
    }
    !helpers.is_empty() && helpers.into_iter().all(|index| asserts[index])
}

/// Lists the functions in test code that wait for real time, as `file:line: name calls what`.
///
/// A component's `sleep` does not count, because it uses the scheduler's clock.
pub fn tests_that_wait_for_the_clock(tree: &Tree, workspace: &Workspace, support: &[&str]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for Located { file, function, .. } in located(tree, workspace, support) {
        for name in function.calls.iter().filter(|name| WAITS.contains(&name.trim_start_matches('.'))) {
            found.insert(format!("{file}:{}: {} calls {name}", function.line, function.name));
        }
        // A busy loop that checks the clock: `while Instant::now() < deadline { yield_now() }`.
        if function.calls.contains("yield_now")
            && (function.calls.contains("Instant::now") || function.calls.contains(".elapsed"))
        {
            found.insert(format!(
                "{file}:{}: {} loops with yield_now until a time is reached",
                function.line, function.name
            ));
        }
    }
    found.into_iter().collect()
}
