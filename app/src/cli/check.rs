//! `check`: lists the problems of project files, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use compose_runtime::escape::one_line;
use compose_runtime::registry::Registry;
use serde_json::{Value, json};

use super::command_line::{CheckArguments, Format};
use super::outputs::STANDARD;
use super::terminal::{json_text, print};
use super::verdict::Verdict;
use crate::document::{Place, Problem, Severity};
use crate::project::store::StoreError;
use crate::project::{Project, store};

/// Checks every file and prints its problems.
pub fn check(arguments: &CheckArguments) -> Verdict {
    let registry = compose_components::registry();
    let reports: Vec<Report> = arguments.files.iter().map(|file| Report::of(file, &registry)).collect();
    let text = match arguments.format {
        Format::Json => json_text(&reports.iter().flat_map(Report::json).collect()),
        Format::Text | Format::Markdown => reports.iter().map(Report::text).collect(),
    };
    print(&text, if reports.iter().any(Report::is_bad) { Verdict::Refused } else { Verdict::Well })
}

/// The problems of one file.
struct Report {
    file: String,
    project: Project,
    problems: Vec<Problem>,
}

impl Report {
    fn of(file: &Path, registry: &Registry) -> Self {
        let is_standard = file == Path::new(STANDARD);
        let name = if is_standard { store::STANDARD_INPUT.to_owned() } else { file.display().to_string() };
        match if is_standard { store::read(std::io::stdin()) } else { store::open(file) } {
            Ok(opened) => {
                let mut problems = opened.problems;
                problems.extend(opened.project.check(registry));
                problems.sort_by_key(|problem| problem.severity);
                Self { file: name, project: opened.project, problems }
            }
            Err(error) => {
                // The report names the file and gives the advice once, beside the problem.
                let message = match error {
                    StoreError::Read { error, .. } => format!("cannot open the project: {error}"),
                    other => other.to_string(),
                };
                let remedy = "check the file name and its permissions";
                let problem = Problem::new(Severity::Error, Place::Project, message, remedy);
                Self { file: name, project: Project::new(), problems: vec![problem] }
            }
        }
    }

    fn is_bad(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    fn text(&self) -> String {
        if self.problems.is_empty() {
            return format!("{}: no problems found\n", one_line(&self.file));
        }
        self.problems.iter().fold(String::new(), |mut text, problem| {
            let line = problem.line(&self.project.document);
            let _ = writeln!(text, "{}: {}", one_line(&self.file), one_line(&line));
            text
        })
    }

    fn json(&self) -> Vec<Value> {
        let of_problem = |problem: &Problem| {
            let line = match &problem.place {
                Place::File { line, .. } => Some(*line),
                Place::Project | Place::Node(_) | Place::Wire(_) => None,
            };
            json!({
                "file": self.file,
                "severity": problem.severity.name(),
                "place": problem.place_text(&self.project.document),
                "line": line,
                "words": problem.message,
                "remedy": problem.remedy,
            })
        };
        self.problems.iter().map(of_problem).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn report(text: &str) -> Report {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.json");
        std::fs::write(&file, text).unwrap();
        Report { file: "x.json".to_owned(), ..Report::of(&file, &Registry::default()) }
    }

    #[test]
    fn a_good_file_has_no_problems() {
        let report = report(r#"{ "format": "kamaelia-compose/1" }"#);
        assert_eq!((report.text(), report.is_bad()), ("x.json: no problems found\n".to_owned(), false));
    }

    #[test]
    fn every_problem_is_one_line_with_location_and_remedy() {
        let report = report(
            "{ \"format\": \"kamaelia-compose/1\",\n \"components\": { \"a\": { \"type\": \"Odd\" } },\n \"links\": 3 }",
        );
        assert_eq!(
            report.text(),
            "x.json: error: line 3, links: links should be a list, not 3 (write [ … ]; it was ignored)\n\
             x.json: error: a: there is no component type Odd (replace it with a component from the palette)\n"
        );
        assert_eq!(report.json()[0]["line"], 3);
        assert!(report.is_bad());
    }

    #[test]
    fn a_missing_file_is_reported_as_a_problem() {
        assert!(Report::of(Path::new("/none/x.json"), &Registry::default()).is_bad());
    }
}
