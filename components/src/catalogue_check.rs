//! Compares the table in `CATALOGUE.md` with the library: every name in the table exists, and every component is in the
//! table.

use std::collections::BTreeSet;

use compose_runtime::component::ComponentSpec;

use crate::BUILTINS;

const TABLE: &str = include_str!("../CATALOGUE.md");

/// One row: a component of the original and its counterparts here.
struct Row {
    priority: &'static str,
    original: &'static str,
    here: Vec<&'static str>,
    kept: Vec<&'static str>,
    remark: &'static str,
}

/// The names between backticks.
fn names(cell: &'static str) -> Vec<&'static str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn cells(line: &'static str) -> Vec<&'static str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| line.starts_with("| A |") || line.starts_with("| B |"));
    let row = |line| match cells(line).as_slice() {
        [priority, original, here, kept, remark] => {
            Row { priority, original, here: names(here), kept: names(kept), remark }
        }
        other => panic!("a row must have five cells: {other:?}"),
    };
    lines.map(row).collect()
}

fn find(name: &str) -> Option<&'static ComponentSpec> {
    BUILTINS.iter().copied().find(|spec| spec.type_name == name)
}

fn has(spec: &ComponentSpec, name: &str) -> bool {
    spec.inboxes.iter().chain(spec.outboxes).any(|found| found.name == name)
        || spec.params.iter().any(|param| param.name == name)
}

#[test]
fn every_component_in_the_table_exists() {
    let wrong: Vec<_> = rows().into_iter().flat_map(|row| row.here).filter(|name| find(name).is_none()).collect();
    assert!(wrong.is_empty(), "the table names components that do not exist: {wrong:?}");
}

#[test]
fn every_component_is_in_the_table() {
    let new = TABLE.lines().filter(|line| line.starts_with("| new |")).flat_map(|line| names(cells(line)[1]));
    let named: BTreeSet<&str> = rows().into_iter().flat_map(|row| row.here).chain(new).collect();
    let missing: Vec<_> = BUILTINS.iter().map(|spec| spec.type_name).filter(|name| !named.contains(name)).collect();
    assert!(missing.is_empty(), "add a row to CATALOGUE.md for each of {missing:?}");
}

#[test]
fn boxes_and_settings_listed_as_kept_exist() {
    for row in rows() {
        for name in &row.kept {
            let found = row.here.iter().filter_map(|here| find(here)).any(|spec| has(spec, name));
            assert!(found, "{}: none of {:?} has {name}", row.original, row.here);
        }
    }
}

#[test]
fn every_component_of_priority_a_exists_or_has_a_reason() {
    let rows = rows();
    assert_eq!(rows.iter().filter(|row| row.priority == "A").count(), 63);
    let originals: BTreeSet<_> = rows.iter().map(|row| row.original).collect();
    assert_eq!(originals.len(), rows.len(), "an original component has two rows");
    for row in rows {
        assert!(
            !row.here.is_empty() || row.remark.len() > 20,
            "{}: the remark must say why it is missing",
            row.original
        );
        let same = |name: &&str| row.original.split([',', ' ', '(', ')']).any(|word| word == *name);
        assert!(
            row.here.iter().any(same) || !row.remark.is_empty(),
            "{}: the remark must say why the name differs",
            row.original
        );
    }
}
