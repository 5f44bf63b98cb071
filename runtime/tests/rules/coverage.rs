//! No rule is forgotten: every id is either in the name of a test or in the table of `RULES.md`, and never in both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const IDS: &str = include_str!("../../rule-ids.txt");
const TABLE: &str = include_str!("../../RULES.md");

fn ids() -> BTreeSet<String> {
    IDS.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The ids that a name begins with: `box_20_box_21_a_limit` has two.
fn ids_of_name(name: &str, known: &BTreeSet<String>) -> Vec<String> {
    let mut words = name.split('_');
    let mut found = Vec::new();
    while let (Some(section), Some(number)) = (words.next(), words.next()) {
        let id = format!("{}-{number}", section.to_uppercase());
        if !known.contains(&id) {
            break;
        }
        found.push(id);
    }
    found
}

/// Ids by the tests that are named after them, in the whole workspace.
fn tested() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for package in ["runtime", "components", "app", "tests"] {
        rust_files(&root.join(package), &mut files);
    }
    let known = ids();
    let mut tested: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let line = line.trim_start().trim_start_matches("async ");
            let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) else { continue };
            for id in ids_of_name(name, &known) {
                tested.entry(id).or_default().push(name.to_owned());
            }
        }
    }
    tested
}

/// Ids by the reason in the table. A cell may hold several ids, and ranges such as `CAR-1 to CAR-11`.
fn excused() -> BTreeMap<String, String> {
    let mut excused = BTreeMap::new();
    for line in TABLE.lines().filter(|line| line.starts_with("| ")) {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (Some(ids), Some(_kind), Some(reason)) = (cells.next(), cells.next(), cells.next()) else { continue };
        for part in ids.split(',').map(str::trim) {
            let ends: Vec<&str> = part.split(" to ").collect();
            let (section, first) = ends[0].split_once('-').unwrap_or((ends[0], ""));
            let Ok(first) = first.parse::<u32>() else { continue };
            let last = ends.get(1).map_or(first, |last| last.split_once('-').unwrap().1.parse().unwrap());
            for number in first..=last {
                excused.insert(format!("{section}-{number}"), reason.to_owned());
            }
        }
    }
    excused
}

#[test]
fn every_rule_is_tested_or_excused_and_never_both() {
    let (ids, tested, excused) = (ids(), tested(), excused());
    assert_eq!(ids.len(), 351);
    let forgotten: Vec<_> = ids.iter().filter(|id| !tested.contains_key(*id) && !excused.contains_key(*id)).collect();
    assert!(forgotten.is_empty(), "neither tested nor in RULES.md: {forgotten:?}");
    let both: Vec<_> = tested.keys().filter(|id| excused.contains_key(*id)).collect();
    assert!(both.is_empty(), "tested, so take them out of RULES.md: {both:?}");
    let unknown: Vec<_> = excused.keys().filter(|id| !ids.contains(*id)).collect();
    assert!(unknown.is_empty(), "in RULES.md, but there is no such rule: {unknown:?}");
    let empty: Vec<_> = excused.iter().filter(|(_, reason)| reason.len() < 20).collect();
    assert!(empty.is_empty(), "without a reason: {empty:?}");
}

#[test]
fn names_give_their_ids() {
    let known = ids();
    assert_eq!(ids_of_name("box_20_box_21_a_limit", &known), ["BOX-20", "BOX-21"]);
    assert_eq!(ids_of_name("inv_10_quoting", &known), ["INV-10"]);
    assert!(ids_of_name("names_give_their_ids", &known).is_empty());
}
