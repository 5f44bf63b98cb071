//! Reads `RULES.md`: the numbers it defines, and the rows of its table of differences.

use std::collections::{BTreeMap, BTreeSet};

const TEXT: &str = include_str!("../../RULES.md");

/// How the table classifies a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A test covers one part of the rule, and another part differs.
    TestedWithADifference,
    Different,
    DoesNotApply,
}

impl Kind {
    fn of(cell: &str) -> Option<Self> {
        match cell {
            "tested, with a difference" => Some(Self::TestedWithADifference),
            "different" => Some(Self::Different),
            "does not apply" => Some(Self::DoesNotApply),
            _ => None,
        }
    }
}

/// The lines between the heading `## {title}` and the next heading of the same level.
fn section(title: &str) -> impl Iterator<Item = &'static str> {
    let heading = format!("## {title}");
    let mut lines = TEXT.lines();
    assert!(lines.any(|line| line == heading), "RULES.md has no section {title:?}");
    lines.take_while(|line| !line.starts_with("## "))
}

/// The rule that a line defines: the number and its sentence, from `- **BOX-1** A component …`.
fn definition(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("- **")?.split_once("** ")
}

/// Every number defined in a section, with its sentence.
fn definitions(title: &str) -> BTreeMap<&'static str, &'static str> {
    let mut found = BTreeMap::new();
    for (id, sentence) in section(title).filter_map(definition) {
        assert!(found.insert(id, sentence).is_none(), "RULES.md defines {id} twice");
    }
    found
}

/// R1 to R15, with their sentences.
pub fn decisions() -> BTreeMap<&'static str, &'static str> {
    definitions("Decisions")
}

/// BOX-1 to INV-10, with their sentences.
pub fn rules() -> BTreeMap<&'static str, &'static str> {
    definitions("Rules")
}

/// The prefixes of the rules: BOX, LINK and so on.
pub fn families() -> BTreeSet<&'static str> {
    rules().into_keys().filter_map(|id| id.split_once('-')).map(|(family, _)| family).collect()
}

/// The numbers of the sections, from headings such as `### 12. Tracker`.
pub fn sections() -> BTreeSet<u32> {
    let number = |line: &str| line.strip_prefix("### ")?.split_once('.')?.0.parse().ok();
    section("Rules").filter_map(number).collect()
}

/// The error in a row of the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    #[error("a row needs three cells: {0}")]
    Cells(String),
    #[error("unknown kind {0:?}")]
    Kind(String),
    #[error("not an id: {0:?}")]
    Id(String),
}

/// The ids, the kind and the reason in a row of the table.
pub fn row(line: &str) -> Result<(Vec<String>, Kind, &str), RowError> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [ids, kind, reason] = cells.as_slice() else { return Err(RowError::Cells(line.to_owned())) };
    let kind = Kind::of(kind).ok_or_else(|| RowError::Kind((*kind).to_owned()))?;
    let mut found = Vec::new();
    for part in ids.split(',').map(str::trim) {
        // A part is one id, or a range such as `CAR-1 to CAR-11`.
        let (first, last) = part.split_once(" to ").unwrap_or((part, part));
        let number = |id: &str| id.split_once('-')?.1.parse::<u32>().ok();
        let (Some(low), Some(high)) = (number(first), number(last)) else { return Err(RowError::Id(part.to_owned())) };
        let family = first.split('-').next().unwrap_or_default();
        found.extend((low..=high).map(|number| format!("{family}-{number}")));
    }
    Ok((found, kind, reason))
}

/// The table of differences, by id.
pub fn differences() -> BTreeMap<String, (Kind, &'static str)> {
    let mut table = BTreeMap::new();
    for line in section("Differences").filter(|line| line.starts_with("| ") && !line.starts_with("| Rule |")) {
        let (ids, kind, reason) = row(line).unwrap();
        for id in ids {
            assert!(table.insert(id.clone(), (kind, reason)).is_none(), "{id} is in the table twice");
        }
    }
    table
}

#[test]
fn every_rule_and_every_decision_has_a_sentence() {
    let (decisions, rules) = (decisions(), rules());
    assert_eq!(decisions.len(), 15);
    assert_eq!(rules.len(), 351);
    for (id, sentence) in decisions.iter().chain(&rules) {
        let is_sentence = sentence.split_whitespace().count() >= 4 && sentence.ends_with('.');
        assert!(is_sentence, "{id} needs a sentence in RULES.md, not {sentence:?}");
    }
}

#[test]
fn numbers_have_no_gaps() {
    let expect = |family: &str, numbers: BTreeSet<u32>| {
        assert!(
            numbers.iter().copied().eq(1..=numbers.len() as u32),
            "RULES.md skips a number of {family}: {numbers:?}"
        );
    };
    expect("R", decisions().into_keys().map(|id| id[1..].parse().unwrap()).collect());
    let rules = rules();
    for family in families() {
        let of_family = rules.keys().filter_map(|id| id.strip_prefix(family)?.strip_prefix('-')?.parse().ok());
        expect(family, of_family.collect());
    }
    assert!(sections().into_iter().eq(1..=21), "the sections are numbered from 1 to 21");
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
