//! CONTRIBUTING.md is correct: its steps are carried out on a copy of the tree, and the checks pass there.

use std::path::{Path, PathBuf};
use std::process::Command;

use compose_components::manual;
use compose_structure::tree::Tree;
use compose_tests::guide;

mod take;

const COMPONENT: &str = "## Add a component in five steps";
const COMMAND: &str = "## Add a command in three steps";
const PANEL: &str = "## Add a panel in three steps";

/// A test of the application with the command and the panel of the guide. It is compiled in the copy of the tree.
const WINDOW_TEST: &str = r#"//! A test of the application with the command and the panel of the guide.

use compose_app::command::{AppCommand, COMMANDS, DockTab, EditAction, ViewCommand};

const COMMAND: EditAction = EditAction::SelectSources;

// The compiler evaluates this: the table has a row for the command, and the tab is the last one.
const _: () = assert!(COMMAND.has_row());
const _: () = assert!(matches!(DockTab::ALL, [.., DockTab::Types]));

#[test]
fn the_command_and_the_tab_of_the_guide_can_be_picked_by_name() {
    let command_of = |name| COMMANDS.iter().find(|info| info.name == name).map(|info| info.command.clone());
    assert_eq!(command_of("Select sources"), Some(AppCommand::Edit(COMMAND)));
    assert_eq!(command_of("Types"), Some(AppCommand::View(ViewCommand::ShowTab(DockTab::Types))));
}
"#;

fn guide_text() -> String {
    std::fs::read_to_string(compose_tests::root().join("CONTRIBUTING.md")).unwrap()
}

#[test]
fn the_component_in_the_guide_is_the_one_that_is_tested() {
    assert!(guide_text().contains(include_str!("take.rs").trim_end()), "copy take.rs into CONTRIBUTING.md");
}

#[test]
fn the_component_of_the_guide_can_be_registered_beside_the_library() {
    let mut registry = compose_components::registry();
    registry.register(&take::TAKE).unwrap();
    assert_eq!(registry.get("Take").unwrap().summary, take::TAKE.summary);
}

/// A copy of the tree on which the steps below the headings are carried out. Its folder is always the same, so that nothing
/// is built there twice.
fn copy_with(name: &str, headings: &[&str]) -> PathBuf {
    let copy = compose_tests::root().join("target/guide").join(name);
    guide::copy_tree(&compose_tests::root(), &copy).unwrap();
    guide::set_version(&copy, name).unwrap();
    for heading in headings {
        let steps = guide::steps(&guide_text(), heading);
        assert!(!steps.is_empty(), "no block below `{heading}` names a file");
        for step in steps {
            guide::carry_out(&copy, &step).unwrap();
        }
    }
    copy
}

/// Runs cargo in the copy; dependencies that this tree has already built are reused.
fn cargo(copy: &Path, arguments: &[&str]) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    command.args(arguments).current_dir(copy).env("CARGO_TARGET_DIR", compose_tests::root().join(target));
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn five_steps_add_a_component_and_all_checks_pass() {
    assert_eq!(guide::count(&guide_text(), COMPONENT), 5);
    let copy = copy_with("component", &[COMPONENT]);
    cargo(&copy, &["fmt", "-p", "compose_components", "--check"]);
    // The rules of the library: names, order, documents, catalogue, ending; and the tests of the component.
    cargo(&copy, &["test", "--locked", "-p", "compose_components", "--lib", "--", "catalogue", "checks", "take"]);
    // The output of `make manual`. Building the application for that takes longer than all the rest, so the nightly
    // run does it.
    assert!(manual::page(&take::TAKE).contains("Example"), "each page of the manual has an example");
    if is_full() {
        cargo(&copy, &["run", "--locked", "-q", "-p", "compose_app", "--", "manual", "docs/components"]);
        let index = std::fs::read_to_string(copy.join("docs/components/README.md")).unwrap();
        assert!(index.contains("[Take](Take.md)") && copy.join("docs/components/Take.md").exists(), "{index}");
        clippy(&copy, "compose_components");
        rules_and_manual_pass(&copy);
    }
    keeps_the_rules_of_the_tree(&copy, "components/src/flow/take.rs");
}

/// Whether to also run the checks for which the application or the tests must be rebuilt, as the nightly run does.
fn is_full() -> bool {
    std::env::var_os("COMPOSE_GUIDE_IN_FULL").is_some()
}

fn clippy(copy: &Path, package: &str) {
    cargo(copy, &["clippy", "--locked", "-p", package, "--lib", "--tests", "--", "-D", "warnings"]);
}

/// The tests of the manual and of the tree, which need another build.
fn rules_and_manual_pass(copy: &Path) {
    cargo(copy, &["test", "--locked", "-p", "compose_tests", "--test", "suite", "--", "manual", "architecture"]);
}

/// The parts of `make test` that need no build: the rules for source code, and the spelling. `added` is the file that the
/// guide adds.
fn keeps_the_rules_of_the_tree(copy: &Path, added: &str) {
    let tree = Tree::read(copy).unwrap();
    assert!(tree.files.contains_key(added), "the guide adds {added}");
    let page = std::fs::read_to_string(copy.join("ARCHITECTURE.md")).unwrap();
    assert_eq!(super::architecture::broken_rules(&tree, &page), Vec::<String>::new());
    if let Some(found) = misspelt(copy, &["CONTRIBUTING.md", added]) {
        assert_eq!(found, "");
    }
}

/// The spelling mistakes in some files of the copy; `None` if the checker is not installed. `make lint` installs it.
fn misspelt(copy: &Path, files: &[&str]) -> Option<String> {
    let checker = compose_tests::root().join("target/tools/bin/typos");
    if !checker.exists() {
        return None;
    }
    let output = Command::new(checker).args(["--format", "brief"]).args(files).current_dir(copy).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn three_steps_add_a_command_and_three_steps_add_a_panel() {
    assert_eq!((guide::count(&guide_text(), COMMAND), guide::count(&guide_text(), PANEL)), (3, 3));
    let copy = copy_with("window", &[COMMAND, PANEL]);
    // The menu and the command palette show the entries of the table of commands.
    let folder = copy.join("app/tests");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("window.rs"), WINDOW_TEST).unwrap();
    cargo(&copy, &["fmt", "-p", "compose_app", "--check"]);
    // The file has a part that the compiler evaluates, so that compiling is enough, and clippy compiles. The nightly run also
    // runs the tests.
    clippy(&copy, "compose_app");
    if is_full() {
        cargo(&copy, &["test", "--locked", "-p", "compose_app", "--lib", "--test", "window"]);
        rules_and_manual_pass(&copy);
    }
    keeps_the_rules_of_the_tree(&copy, "app/src/panels/dock/types.rs");
}

#[test]
fn a_step_that_does_not_fit_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.rs"), "mod x {\n    one,\n}\n").unwrap();
    let text = "## H\n**1. Do**\n```rust a.rs after one,\ntwo,\n```\n```sh\nmake\n```\n## I\n```rust b.rs\n```\n";
    let steps = guide::steps(text, "## H");
    assert_eq!((steps.len(), guide::count(text, "## H")), (1, 1));
    guide::carry_out(folder.path(), &steps[0]).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("a.rs")).unwrap(), "mod x {\n    one,\n    two,\n}\n");
    let wrong = guide::Step { after: Some("three,".to_owned()), ..steps[0].clone() };
    let error = guide::carry_out(folder.path(), &wrong).unwrap_err();
    assert_eq!(error.to_string(), "a.rs has no line `three,`");
}

#[test]
fn a_mistake_in_a_file_that_a_guide_adds_is_found() {
    let folder = tempfile::tempdir().unwrap();
    // Written in two parts, so that the search for mistakes does not find this file.
    let mistake = format!("rec{}eve", "i");
    std::fs::write(folder.path().join("a.rs"), format!("//! Waits to {mistake} a message.\n")).unwrap();
    let found = misspelt(folder.path(), &["a.rs"]);
    assert!(found.is_none_or(|found| found.contains(&mistake)), "without the checker, there is nothing to find");
}
