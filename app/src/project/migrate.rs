//! Migration: converts an older file to the newest format before it is read, one function for each version.

use super::format::names::FORMAT;
use super::json::{Json, JsonValue};
use super::report::Report;

/// Converts a tree from one version to the next.
type Step = fn(&mut Json);

/// The step at index n converts version n + 1 to version n + 2. There is only one version so far, so the list is empty. A
/// change of the format adds a step here, and a file of the previous version to the test fixtures.
const STEPS: &[Step] = &[];

const FAMILY: &str = "kamaelia-compose/";

/// Converts a tree to the newest format. A format of a newer version is reported, and the file is read anyway.
pub fn to_newest(root: &mut Json, report: &mut Report) {
    let newest = STEPS.len() + 1;
    let (line, format) = match root.get("format") {
        Some(format) => (format.line, format.as_text().unwrap_or_default().to_owned()),
        None => {
            if matches!(root.value, JsonValue::Map(_)) {
                let message = "the format is missing, so this may not be a Kamaelia Compose project";
                report.file_error(root.line, "format", message, &format!("add \"format\": \"{FORMAT}\" if it is one"));
            }
            return;
        }
    };
    match format.strip_prefix(FAMILY).and_then(|version| version.parse::<usize>().ok()) {
        Some(version) if (1..=newest).contains(&version) => {
            STEPS.iter().skip(version - 1).for_each(|step| step(root));
        }
        Some(version) if version > newest => {
            let message = format!("the project has format {version}, but this version reads formats up to {newest}");
            report.file_error(line, "format", &message, "open it with a newer version of Kamaelia Compose");
        }
        _ => {
            let shown: String = format.chars().take(60).collect();
            let message = format!("{shown:?} is not a format of Kamaelia Compose");
            report.file_error(line, "format", &message, &format!("write \"{FORMAT}\" if this is a project"));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::format::from_text;

    fn check(text: &str, expected: &str) {
        let problems: Vec<String> = from_text(text).1.iter().map(ToString::to_string).collect();
        assert!(problems.join("; ").contains(expected), "{problems:?}");
    }

    #[test]
    fn a_newer_format_is_reported_and_opened_anyway() {
        let text = r#"{"format": "kamaelia-compose/2", "components": {"a": {"type": "X"}}}"#;
        check(text, "format 2, but this version reads formats up to 1");
        assert_eq!(from_text(text).0.node_count(), 1);
    }

    #[test]
    fn other_formats_are_refused() {
        check(r#"{"format": "spreadsheet"}"#, "\"spreadsheet\" is not a format of Kamaelia Compose");
        check(r#"{"format": "kamaelia-compose/0"}"#, "not a format of Kamaelia Compose");
        check(r#"{"format": 1}"#, "not a format of Kamaelia Compose");
        check("{}", "the format is missing");
    }
}
