//! No rule is forgotten: every id is in the name of a test, or in the table of `RULES.md` with the reason why there is no
//! test. In both only if the table says so: what is tested may differ in a part.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const IDS: &str = include_str!("../../rule-ids.txt");
const TABLE: &str = include_str!("../../RULES.md");

/// What the table says of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// There is a test of what is followed, and a reason why a part is not.
    TestedWithADifference,
    Different,
    DoesNotApply,
}

impl Kind {
    fn of(words: &str) -> Option<Self> {
        match words {
            "tested, with a difference" => Some(Self::TestedWithADifference),
            "different" => Some(Self::Different),
            "does not apply" => Some(Self::DoesNotApply),
            _ => None,
        }
    }
}

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

/// Names of the functions in a source file that are tests and are run: marked as tests, and not as ignored.
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
            // Between the mark and the function.
            continue;
        }
        (is_test, is_ignored) = (false, false);
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
        for name in tests_in(&fs::read_to_string(&file).unwrap()) {
            for id in ids_of_name(name, &known) {
                tested.entry(id).or_default().push(name.to_owned());
            }
        }
    }
    tested
}

/// What a row of the table says: its ids, their kind, the reason. `Err` with what is wrong with the row.
fn row(line: &str) -> Result<(Vec<String>, Kind, &str), String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [ids, kind, reason] = cells.as_slice() else { return Err(format!("three cells are wanted: {line}")) };
    let kind = Kind::of(kind).ok_or_else(|| format!("there is no kind {kind:?}: {line}"))?;
    let mut found = Vec::new();
    for part in ids.split(',').map(str::trim) {
        // A part is one id, or a range such as `CAR-1 to CAR-11`.
        let (first, last) = part.split_once(" to ").unwrap_or((part, part));
        let number = |id: &str| id.split_once('-')?.1.parse::<u32>().ok();
        let (Some(low), Some(high)) = (number(first), number(last)) else { return Err(format!("no id: {part:?}")) };
        let section = first.split('-').next().unwrap_or_default();
        found.extend((low..=high).map(|number| format!("{section}-{number}")));
    }
    Ok((found, kind, reason))
}

/// The rows of the table, without its head.
fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Rule |"))
}

fn table() -> BTreeMap<String, (Kind, &'static str)> {
    let mut table = BTreeMap::new();
    for line in rows() {
        let (ids, kind, reason) = row(line).unwrap();
        for id in ids {
            assert!(table.insert(id.clone(), (kind, reason)).is_none(), "{id} stands in the table twice");
        }
    }
    table
}

#[test]
fn every_rule_is_tested_different_or_without_an_object() {
    let (ids, tested, table) = (ids(), tested(), table());
    assert_eq!(ids.len(), 351);
    let forgotten: Vec<_> = ids.iter().filter(|id| !tested.contains_key(*id) && !table.contains_key(*id)).collect();
    assert!(forgotten.is_empty(), "neither tested nor in RULES.md: {forgotten:?}");
    let unknown: Vec<_> = table.keys().filter(|id| !ids.contains(*id)).collect();
    assert!(unknown.is_empty(), "in RULES.md, but there is no such rule: {unknown:?}");
    let empty: Vec<_> = table.iter().filter(|(_, (_, reason))| reason.len() < 20).collect();
    assert!(empty.is_empty(), "without a reason: {empty:?}");
    for (id, (kind, _)) in &table {
        let is_tested = tested.contains_key(id);
        assert_eq!(is_tested, *kind == Kind::TestedWithADifference, "{id} is {kind:?}; tests: {:?}", tested.get(id));
    }
}

#[test]
fn names_give_their_ids() {
    let known = ids();
    assert_eq!(ids_of_name("box_20_box_21_a_limit", &known), ["BOX-20", "BOX-21"]);
    assert_eq!(ids_of_name("inv_10_quoting", &known), ["INV-10"]);
    assert!(ids_of_name("names_give_their_ids", &known).is_empty());
}

#[test]
fn only_what_is_run_counts_as_a_test() {
    // Written in two halves: nothing in this project may be marked so, and that is checked by its text.
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
        fn is_no_test_any_more() {{}}
        proptest! {{
            /// Words.
            #[test]
            #[cfg(unix)]
            fn counts_too(
                x in 0..3,
            ) {{}}
        }}"
    );
    assert_eq!(tests_in(&source), ["counts", "counts_too"]);
}

#[test]
fn a_row_has_ids_a_kind_and_a_reason() {
    let ids = |line| row(line).map(|(ids, kind, _)| (ids.join(" "), kind));
    assert_eq!(
        ids("| BOX-1, CAR-2 to CAR-4 | different | why |"),
        Ok(("BOX-1 CAR-2 CAR-3 CAR-4".into(), Kind::Different))
    );
    for wrong in ["| BOX-1 | above | why |", "| BOX | different | why |", "| BOX-1 | different |"] {
        assert!(row(wrong).is_err(), "{wrong}");
    }
}
