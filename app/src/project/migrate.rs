//! Migration: an older file becomes the newest format before it is read, one function a step.

use super::format::FORMAT;
use super::json::{Json, JsonValue};
use super::report::Report;

/// Changes a tree of one version into one of the next.
type Step = fn(&mut Json);

/// The step at place n makes version n + 2 of version n + 1. There is one version so far, and so no step: a change of the
/// format adds one here, and a file of the version before it to the fixtures of the tests.
const STEPS: &[Step] = &[];

const FAMILY: &str = "kamaelia-compose/";

/// Brings a tree to the newest format. A newer one is reported and read as if it were the newest.
pub fn to_newest(root: &mut Json, report: &mut Report) {
    let newest = STEPS.len() + 1;
    let (line, format) = match root.get("format") {
        Some(format) => (format.line, format.as_text().unwrap_or_default().to_owned()),
        None => {
            if matches!(root.value, JsonValue::Map(_)) {
                let words = "nothing says that this is a project of Kamaelia Compose";
                report.file_error(root.line, "format", words, &format!("add \"format\": \"{FORMAT}\" if it is one"));
            }
            return;
        }
    };
    match format.strip_prefix(FAMILY).and_then(|version| version.parse::<usize>().ok()) {
        Some(version) if (1..=newest).contains(&version) => {
            STEPS.iter().skip(version - 1).for_each(|step| step(root));
        }
        Some(version) if version > newest => {
            let words = format!("the project is of format {version}, and this version knows formats up to {newest}");
            report.file_error(line, "format", &words, "open it with a newer version of Kamaelia Compose");
        }
        _ => {
            let shown: String = format.chars().take(60).collect();
            let words = format!("{shown:?} is no format of Kamaelia Compose");
            report.file_error(line, "format", &words, &format!("write \"{FORMAT}\" if this is a project"));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::format::from_text;

    fn check(text: &str, expected: &str) {
        let words: Vec<String> = from_text(text).1.iter().map(ToString::to_string).collect();
        assert!(words.join("; ").contains(expected), "{words:?}");
    }

    #[test]
    fn a_newer_format_is_reported_and_opened_all_the_same() {
        let text = r#"{"format": "kamaelia-compose/2", "components": {"a": {"type": "X"}}}"#;
        check(text, "format 2, and this version knows formats up to 1");
        assert_eq!(from_text(text).0.node_count(), 1);
    }

    #[test]
    fn other_formats_are_named() {
        check(r#"{"format": "spreadsheet"}"#, "\"spreadsheet\" is no format of Kamaelia Compose");
        check(r#"{"format": "kamaelia-compose/0"}"#, "no format of Kamaelia Compose");
        check(r#"{"format": 1}"#, "no format of Kamaelia Compose");
        check("{}", "nothing says that this is a project");
    }
}
