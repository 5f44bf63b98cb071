//! Every rule of `RULES.md` has a test that is named after it, or a row in the table of differences. A rule has both
//! only if the table marks it as tested, with a difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::references::files;
use crate::rulebook::{Kind, differences, rules};

/// The ids that a name begins with: `box_20_box_21_a_limit` has two.
fn ids_of_name(name: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let mut parts = name.split('_');
    let mut found = Vec::new();
    while let (Some(family), Some(number)) = (parts.next(), parts.next()) {
        let id = format!("{}-{number}", family.to_uppercase());
        if !known.contains(&*id) {
            break;
        }
        found.push(id);
    }
    found
}

/// The names of the tests in a source file that run: functions marked as tests and not as ignored.
fn tests_in(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in source.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
            if is_test && !is_ignored {
                found.push(name);
            }
        } else if line == "#[test]" {
            is_test = true;
            continue;
        } else if line.strip_prefix("#[").is_some_and(|mark| mark.starts_with("ignore")) {
            is_ignored = true;
            continue;
        } else if line.starts_with("#[") || line.starts_with("//") {
            // Attributes and comments may come between the mark and the function.
            continue;
        }
        (is_test, is_ignored) = (false, false);
    }
    found
}

/// The tests of the whole workspace that are named after a rule, by id.
fn tested() -> BTreeMap<String, Vec<String>> {
    let known = rules().into_keys().collect();
    let mut tested: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(&["rs"]) {
        for name in tests_in(&fs::read_to_string(&file).unwrap()) {
            for id in ids_of_name(name, &known) {
                tested.entry(id).or_default().push(name.to_owned());
            }
        }
    }
    tested
}

#[test]
fn every_rule_is_tested_or_in_the_table_of_differences() {
    let (rules, tested, table) = (rules(), tested(), differences());
    let missing: Vec<_> = rules.keys().filter(|id| !tested.contains_key(**id) && !table.contains_key(**id)).collect();
    assert!(missing.is_empty(), "neither tested nor in the table of RULES.md: {missing:?}");
    let unknown: Vec<_> = table.keys().filter(|id| !rules.contains_key(&***id)).collect();
    assert!(unknown.is_empty(), "in the table of RULES.md, but there is no such rule: {unknown:?}");
    let empty: Vec<_> = table.iter().filter(|(_, (_, reason))| reason.len() < 20).collect();
    assert!(empty.is_empty(), "without a reason: {empty:?}");
    for (id, (kind, _)) in &table {
        let is_tested = tested.contains_key(id);
        assert_eq!(is_tested, *kind == Kind::TestedWithADifference, "{id} is {kind:?}; tests: {:?}", tested.get(id));
    }
}

#[test]
fn a_test_name_gives_its_ids() {
    let known = rules().into_keys().collect();
    assert_eq!(ids_of_name("box_20_box_21_a_limit", &known), ["BOX-20", "BOX-21"]);
    assert_eq!(ids_of_name("inv_10_quoting", &known), ["INV-10"]);
    assert!(ids_of_name("a_test_name_gives_its_ids", &known).is_empty());
}

#[test]
fn only_a_function_that_runs_counts_as_a_test() {
    // Written in two halves, because another test searches the source code for ignored tests.
    let ignored = "ignore = \"slow\"";
    let source = format!(
        "
        #[test]
        fn counts() {{}}
        fn helps() {{}}
        #[test]
        #[{ignored}]
        fn is_never_run() {{}}
        // #[test]
        fn is_commented_out() {{}}
        proptest! {{
            /// A comment.
            #[test]
            #[cfg(unix)]
            fn counts_too(
                x in 0..3,
            ) {{}}
        }}"
    );
    assert_eq!(tests_in(&source), ["counts", "counts_too"]);
}
