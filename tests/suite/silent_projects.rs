//! Every ready-made project runs without a note, a complaint or a crash, apart from those listed here.

use std::path::Path;

use compose_tests::binary::{self, Running};

/// What a project may report: its name, and a part of the line.
const EXPECTED: &[(&str, &str)] = &[
    ("network-radio", "no sound card, playing silently"),
    ("simple-radio", "no sound card, playing silently"),
    ("vorbis-multicast", "no sound card, playing silently"),
    ("vorbis-streaming", "no sound card, playing silently"),
];

/// How many projects run at the same time.
const AT_ONCE: usize = 6;

/// Copies the projects with their data, because some of them write files. The assets are linked.
fn copy_of_projects() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&compose_tests::root().join("projects"), &folder.path().join("projects"));
    std::os::unix::fs::symlink(compose_tests::root().join("assets"), folder.path().join("assets")).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The arguments that run a project for a short time, with a free port for each of its ports.
fn arguments(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let project: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut arguments = vec!["run".to_owned(), file.display().to_string(), "--for".to_owned(), "3s".to_owned()];
    let parameters = project["parameters"].as_object().into_iter().flatten();
    let mut set = |name: &str, value: String| arguments.extend(["--set".to_owned(), format!("{name}={value}")]);
    for (name, _) in parameters.filter(|(name, _)| name.contains("port")) {
        let port = compose_tests::free_port();
        set(name, port.to_string());
        if project["parameters"]["url"].is_object() {
            set("url", format!("http://127.0.0.1:{port}/"));
        }
    }
    arguments
}

#[test]
fn every_project_runs_without_unexpected_notes() {
    let folder = copy_of_projects();
    let names: Vec<String> = compose_tests::project_files()
        .iter()
        .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut unexpected = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let start = |name: &String| {
            let file = folder.path().join("projects").join(format!("{name}.json"));
            Running::start(binary::command(&arguments(&file)), "")
        };
        let running: Vec<(&String, Running)> = some.iter().map(|name| (name, start(name))).collect();
        for (name, running) in running {
            let outcome = running.wait();
            let is_expected =
                |line: &&str| EXPECTED.iter().any(|(project, part)| project == name && line.contains(part));
            let lines = outcome.stderr.lines().filter(|line| !is_expected(line));
            unexpected.extend(lines.map(|line| format!("{name}: {line}")));
            if outcome.code != Some(0) {
                unexpected.push(format!("{name}: exit code {:?}", outcome.code));
            }
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
}

#[test]
fn check_warns_of_no_project() {
    for file in compose_tests::project_files() {
        let outcome = binary::run(&["check".as_ref(), file.as_os_str()]).expect_code(0);
        let is_fine = |line: &&str| line.contains(": hint: ") || line.ends_with(": no problems found");
        let wrong: Vec<&str> = outcome.lines().into_iter().filter(|line| !is_fine(line)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
