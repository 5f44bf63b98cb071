//! Every command is decided by name: no pattern in the application covers commands that it does not name.
//!
//! With such a pattern, a new command would compile without a decision about it. This happened with the step
//! commands: they start a system but were missing from a list of commands that do.

use compose_structure::crates::Workspace;
use compose_structure::hidden_variants::hidden_variants;
use compose_structure::tree::Tree;

use super::checkout::{TREE, WORKSPACE};

/// The enums of commands, and the file that declares each.
const ENUMS: &[(&str, &str)] = &[
    ("AppCommand", "app/src/command/tree.rs"),
    ("FileCommand", "app/src/command/tree.rs"),
    ("EditAction", "app/src/command/tree.rs"),
    ("ViewCommand", "app/src/command/tree.rs"),
    ("RunCommand", "app/src/command/tree.rs"),
    ("HelpCommand", "app/src/command/tree.rs"),
    ("EditCommand", "app/src/document/command.rs"),
];

/// The patterns of a tree that hide commands.
pub fn found_in(tree: &Tree, workspace: &Workspace) -> Vec<String> {
    let names: Vec<&str> = ENUMS.iter().map(|(name, _)| *name).collect();
    hidden_variants(tree, workspace, "app/src/", &names)
}

#[test]
fn every_command_is_decided_by_name() {
    assert_eq!(found_in(&TREE, &WORKSPACE), Vec::<String>::new());
    for (name, file) in ENUMS {
        assert!(TREE.files[*file].contains(&format!("pub enum {name} {{")), "{file} does not declare {name}");
    }
}

#[test]
fn a_planted_pattern_that_hides_commands_is_found() {
    for (code, expected) in [
        ("match c { EditCommand::Connect { .. } => 1, _ => 2 }", 1),
        ("match c { EditCommand::Connect { .. } => 1, other => f(other) }", 1),
        ("match &c { &EditCommand::Connect { .. } => 1, _ => 2 }", 1),
        ("match c { AppCommand::Edit(EditAction::Undo) => 1, AppCommand::Edit(_) | AppCommand::File(_) => 2 }", 1),
        ("match c { AppCommand::Edit(EditAction::Undo) => 1, AppCommand::Edit(..) | AppCommand::File(_) => 2 }", 1),
        ("match c { Some(RunCommand::Run) => 1, Some(_) => 2, None => 3 }", 1),
        ("match (c, x) { (RunCommand::Run, true) => 1, (_, false) => 2, (RunCommand::Stop, true) => 3 }", 1),
        ("match c { RunCommand::Run if x => 1, RunCommand::Run | _ => 2 }", 1),
        ("matches!(c, AppCommand::Run(RunCommand::Run | RunCommand::Restart))", 1),
        ("assert!(matches!(c, RunCommand::Run | RunCommand::Restart if x))", 1),
        ("if let RunCommand::Run | RunCommand::Restart = c {}", 1),
        ("match c { AppCommand::Edit(_) => 1, AppCommand::File(FileCommand::New) => 2 }", 0),
        ("match c { RunCommand::Run => 1, _ if x => 2, RunCommand::Stop => 3 }", 0),
        ("match c { RunCommand::SetSpeed(_) => 1, RunCommand::PauseComponent(id, _) => f(id) }", 0),
        ("match x { Other::A => 1, _ => 2 }", 0),
        ("matches!(c, AppCommand::Run(RunCommand::Run))", 0),
        ("if let Some(EditAction::Apply(EditCommand::Batch { .. })) = c {}", 0),
    ] {
        check(&format!("fn f() {{ {code}; }}"), expected);
    }
    let inside = "match self { Self::Run => true, _ => false }";
    check(&format!("impl RunCommand {{ fn f(&self) -> bool {{ {inside} }} }}"), 1);
    check(&format!("impl Other {{ fn f(&self) -> bool {{ {inside} }} }}"), 0);
    check(&format!("#[cfg(test)] mod tests {{ impl RunCommand {{ fn f(&self) -> bool {{ {inside} }} }} }}"), 0);
}

fn check(code: &str, expected: usize) {
    let tree = Tree::of(&[("app/Cargo.toml", "[package]\nname = \"compose_app\"\n"), ("app/src/lib.rs", code)]);
    let found = found_in(&tree, &Workspace::of(&tree));
    assert_eq!(found.len(), expected, "{code}: {found:?}");
}
