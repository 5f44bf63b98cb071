//! Every rule number that appears in the source code or the documentation is defined in `RULES.md`: numbers such as
//! BOX-1 and R9, the numbers at the beginning of test names, and `section … of the rules`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::rulebook::{decisions, families, rules, sections};

/// Prefixes of names that look like rule numbers and belong to standards.
const STANDARDS: &[&str] = &["ISO", "MPEG", "RFC", "SHA", "UTF"];

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&path, extensions, found);
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
            found.push(path);
        }
    }
}

/// All files of the workspace with one of these extensions, in order of their paths.
pub fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), extensions, &mut found);
    found.sort();
    assert!(!found.is_empty(), "the workspace has no {extensions:?} files");
    found
}

/// Checks the numbers in a text.
struct Checker {
    defined: BTreeSet<&'static str>,
    families: BTreeSet<&'static str>,
    sections: BTreeSet<u32>,
}

impl Checker {
    fn new() -> Self {
        let defined = decisions().into_keys().chain(rules().into_keys()).collect();
        Self { defined, families: families(), sections: sections() }
    }

    /// The numbers in a text that `RULES.md` does not define.
    fn undefined(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
            let is_unknown = if let Some((family, number)) = word.split_once('-') {
                is_family(family) && is_number(number) && !STANDARDS.contains(&family) && !self.defined.contains(word)
            } else {
                word.strip_prefix('R').is_some_and(is_number) && !self.defined.contains(word)
            };
            if is_unknown {
                found.push(word.to_owned());
            }
        }
        found.extend(text.split("fn ").skip(1).filter_map(|rest| self.undefined_in_name(rest)));
        found.extend(text.split("section ").skip(1).filter_map(|rest| self.undefined_section(rest)));
        found
    }

    /// The first number at the beginning of a function name, if its family exists and the number does not.
    fn undefined_in_name(&self, rest: &str) -> Option<String> {
        let mut parts = rest.split('(').next()?.split('_');
        while let (Some(family), Some(number)) = (parts.next(), parts.next()) {
            let family = family.to_uppercase();
            if !self.families.contains(&*family) || !is_number(number) {
                return None;
            }
            let id = format!("{family}-{number}");
            if !self.defined.contains(&*id) {
                return Some(id);
            }
        }
        None
    }

    /// The number in `12 of the rules`, if there is no such section.
    fn undefined_section(&self, rest: &str) -> Option<String> {
        let (number, _) = rest.split_once(" of the rules")?;
        let number = number.parse().ok()?;
        (!self.sections.contains(&number)).then(|| format!("section {number}"))
    }
}

fn is_family(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn every_rule_number_in_the_tree_is_defined() {
    let checker = Checker::new();
    let mut undefined = Vec::new();
    for file in files(&["rs", "md"]) {
        let text = fs::read_to_string(&file).unwrap();
        undefined.extend(checker.undefined(&text).into_iter().map(|id| format!("{}: {id}", file.display())));
    }
    assert!(
        undefined.is_empty(),
        "RULES.md does not define these numbers; define them, or leave the number out of the text:\n{}",
        undefined.join("\n")
    );
}

#[test]
fn a_planted_number_is_found() {
    // The numbers are put together here, so that the search of this file does not find them.
    let checker = Checker::new();
    let check = |template: &str, number: u32, expected: &[&str]| {
        let text = template.replace('#', &number.to_string());
        assert_eq!(checker.undefined(&text), expected, "{text}");
    };
    let box_99 = format!("BOX-{}", 99);
    check("//! Delivery (BOX-#, WAKE-1).", 99, &[&box_99]);
    check("//! Delivery (BOX-#, WAKE-1).", 9, &[]);
    check("/// Loses nothing (R#).", 16, &[&format!("R{}", 16)]);
    check("/// Loses nothing (R#).", 9, &[]);
    check("/// As rule S-1 or SRVX-#.", 3, &[&format!("SRVX-{}", 3)]);
    check("fn box_1_box_#_a_name() {}", 99, &[&box_99]);
    check("fn to_#_bits(a: u8) {}", 99, &[]);
    check("//! Threads (section # of the rules).", 40, &["section 40"]);
    check("//! Threads (section # of the rules).", 9, &[]);
    check("// Text in UTF-#, not RULE_# or a.R#b or -R#.", 8, &[]);
}
