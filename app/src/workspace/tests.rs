//! The workspace: the project, its history and the run stay consistent.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::Node;

fn workspace() -> Workspace {
    Workspace::new(compose_components::registry())
}

fn add(workspace: &mut Workspace, name: &str) -> bool {
    let id = workspace.fresh_id();
    workspace.edit(EditCommand::AddNode { node: Node::leaf(id, name, "PassThrough") })
}

fn notices(workspace: &Workspace) -> Vec<&str> {
    workspace.notices().shown().iter().map(Notice::text).collect()
}

#[test]
fn a_refused_edit_gives_a_notice_and_changes_nothing() {
    let mut workspace = workspace();
    assert!(add(&mut workspace, "a"));
    let revision = workspace.document().revision();
    assert!(!add(&mut workspace, "a"));
    assert_eq!((workspace.document().revision(), notices(&workspace).len()), (revision, 1));
    workspace.undo();
    assert_eq!(notices(&workspace).last(), Some(&"Undid: Add a."));
    assert!(!workspace.history().is_unsaved());
}

#[test]
fn another_project_ends_the_run_and_has_its_own_history() {
    let mut workspace = workspace();
    add(&mut workspace, "a");
    workspace.run(false, || {});
    assert!(workspace.live().is_running());
    workspace.open(Project::new(), Vec::new());
    assert!(!workspace.live().is_running() && workspace.live().snapshot.is_none());
    assert!(!workspace.history().is_unsaved());
    assert_eq!(workspace.history().undo_label(), None);
}

#[test]
fn a_saved_project_has_no_changes_and_a_failure_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut workspace = workspace();
    add(&mut workspace, "a");
    assert!(workspace.save(Some(&folder.path().join("none/x.json"))).is_err());
    assert!(workspace.history().is_unsaved());
    workspace.save(Some(&folder.path().join("x.json"))).unwrap();
    assert!(!workspace.history().is_unsaved());
    assert_eq!(notices(&workspace).len(), 1, "{:?}", notices(&workspace));
}
