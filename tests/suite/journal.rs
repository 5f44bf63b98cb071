//! Unsaved work survives: edit sessions are killed at random moments, and their work is offered again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use compose_app::command::{EditAction, FileCommand};
use compose_app::document::{EditCommand, Node};
use compose_app::journal::Recovery;
use compose_app::project::{Project, store};
use compose_app::workspace::Workspace;

use compose_tests::edit_session::EditSession;
use egui::{Key, Modifiers};

use crate::app_rig::{AppRig, row};

/// How many sessions are killed.
const SESSIONS: u64 = 1000;

/// What a session reported about one step.
struct Step {
    queued: u64,
    written: u64,
}

/// Runs a session until it has printed `lines` lines, then kills it. Returns everything it printed.
fn killed_session(folder: &Path, file: &Path, seed: u64, lines: usize) -> Vec<Step> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_edit_session"))
        .args([folder, file])
        .arg(seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut steps = Vec::new();
    let mut line = String::new();
    // `kill` sends SIGKILL. The session continues until the signal arrives, so the rest of its output is read, too.
    while output.read_line(&mut line).unwrap() > 0 {
        // The last line may be cut.
        if let Some(whole) = line.strip_suffix('\n') {
            let numbers: Vec<u64> = whole.split(' ').map(|number| number.parse().unwrap()).collect();
            let [step, queued, written] = numbers[..] else { panic!("{whole:?}") };
            assert_eq!(step, steps.len() as u64 + 1);
            steps.push(Step { queued, written });
        }
        line.clear();
        if steps.len() == lines {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    steps
}

/// Checks what a killed session left behind: the project file opens, and the journal restores a state of the session
/// that includes everything it had written.
fn check(folder: &Path, file: &Path, seed: u64, steps: &[Step]) {
    let written = steps.last().unwrap().written;
    let kept = steps.iter().take_while(|step| step.queued <= written).count();

    let saved = file.exists().then(|| store::open(file).unwrap());
    if let Some(saved) = &saved {
        assert_eq!(saved.problems, [], "seed {seed}: the project file is damaged");
    }
    let mut recovered = Workspace::new(compose_components::registry());
    recovered.protect(folder, || {});
    let is_offered = !recovered.recoveries().is_empty();
    if is_offered {
        assert_eq!(recovered.recoveries().len(), 1);
        recovered.recover(0);
    } else if let Some(saved) = saved {
        recovered.open(saved.project, saved.problems);
    }
    let found = EditSession::seen(&recovered);
    let found_document = compose_app::project::format::to_text(recovered.document());

    // The session may have done one more step than it could report.
    let mut same = EditSession::new(seed, Path::new("/none"));
    let mut is_found = false;
    for step in 0..=steps.len() + 1 {
        if step > 0 {
            same.step(false);
        }
        if step >= kept {
            let document = compose_app::project::format::to_text(same.workspace().document());
            // Without a journal there is no undo history, and only a saved state can be left.
            is_found |=
                if is_offered { EditSession::seen(same.workspace()) == found } else { document == found_document };
        }
    }
    assert!(is_found, "seed {seed}: nothing between step {kept} and {} was restored, but:\n{found}", steps.len());
    recovered.close();
}

#[test]
fn a_thousand_edit_sessions_killed_at_random_moments_lose_only_what_was_not_yet_written() {
    let (mut offered, mut done) = (0, 0);
    for seed in 0..SESSIONS {
        let home = tempfile::tempdir().unwrap();
        let (folder, file) = (home.path().join("journal"), home.path().join("project.json"));
        // The moment depends on the seed alone; the signal then arrives in the middle of whatever is being done.
        let lines = 1 + (seed as usize * 7919) % 97;
        let steps = killed_session(&folder, &file, seed, lines);
        done += steps.len();
        offered += usize::from(!Recovery::find(&folder).is_empty());
        check(&folder, &file, seed, &steps);
    }
    assert!(offered > 700, "only {offered} of {SESSIONS} sessions left unsaved work");
    assert!(done > 20_000, "the sessions did only {done} steps");
}

/// Saves a project in `folder`, adds a component to it, and ends the window as a kill would. The session is in the folder
/// `session`.
pub fn leave_unsaved(folder: &Path) {
    project_in(folder);
    let mut rig = AppRig::with_session(&folder.join("session"));
    rig.ask(FileCommand::OpenPath(folder.join("project.json")));
    let node = Node::leaf(rig.app().document().next_free_id(), "sink", "NullSink");
    rig.ask(EditAction::Apply(EditCommand::AddNode { node }));
}

fn project_in(folder: &Path) {
    let mut project = Project::of_document(row(&[("a", "DataSource"), ("b", "ConsoleEchoer")]));
    store::save_as(&mut project, &folder.join("project.json")).unwrap();
}

#[test]
fn the_next_start_offers_unsaved_work_with_its_undo_history() {
    let home = tempfile::tempdir().unwrap();
    leave_unsaved(home.path());
    let mut rig = AppRig::with_session(&home.path().join("session"));
    assert!(
        rig.shows("Unsaved work was kept") && rig.shows_text("1 unsaved edit, the last one less than a minute ago")
    );
    // Escape postpones the decision; the menu offers the work again.
    rig.key(Modifiers::NONE, Key::Escape);
    assert!(!rig.shows("Unsaved work was kept"));
    rig.ask(FileCommand::ShowRecoveries);
    rig.click("Restore");
    assert_eq!(rig.app().document().node_count(), 3);
    assert_eq!(rig.app().project().path(), Some(home.path().join("project.json").as_path()));
    assert!(rig.app().history().is_unsaved());
    rig.ask(EditAction::Undo);
    assert!(!rig.app().history().is_unsaved(), "undo leads back to the saved project");
    drop(rig);
    let rig = AppRig::with_session(&home.path().join("session"));
    assert!(!rig.shows("Unsaved work was kept"));
}

#[test]
fn unsaved_work_is_discarded_only_after_a_second_click() {
    let home = tempfile::tempdir().unwrap();
    leave_unsaved(home.path());
    let mut rig = AppRig::with_session(&home.path().join("session"));
    rig.click("Discard…");
    rig.click("Keep");
    rig.click("Discard…");
    rig.click("Discard");
    assert!(!rig.shows("Unsaved work was kept"));
    drop(rig);
    assert!(!AppRig::with_session(&home.path().join("session")).shows("Unsaved work was kept"));
}

#[test]
fn a_file_that_another_program_changed_is_overwritten_only_if_the_user_says_so() {
    let home = tempfile::tempdir().unwrap();
    project_in(home.path());
    let file = home.path().join("project.json");
    let mut rig = AppRig::with_session(&home.path().join("session"));
    rig.ask(FileCommand::OpenPath(file.clone()));
    let node = Node::leaf(rig.app().document().next_free_id(), "sink", "NullSink");
    rig.ask(EditAction::Apply(EditCommand::AddNode { node }));
    let theirs = "{ \"format\": \"kamaelia-compose/1\", \"name\": \"theirs\" }";
    std::fs::write(&file, theirs).unwrap();
    // The same holds when the user leaves the project: *Save* in the question about unsaved changes must not overwrite
    // it.
    rig.ask(FileCommand::New);
    rig.click("Save");
    assert!(rig.shows("The project was not saved") && rig.shows_text("has been changed by another program"));
    rig.click("Cancel");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), theirs);
    assert_eq!(rig.app().document().node_count(), 3, "the changes are still open");
    rig.ask(FileCommand::Save);
    rig.click("Overwrite");
    assert_eq!(store::open(&file).unwrap().project.document.node_count(), 3);
    assert!(!rig.app().history().is_unsaved());
}

#[test]
fn a_save_that_fails_says_why_and_offers_another_place() {
    let home = tempfile::tempdir().unwrap();
    let drive = home.path().join("drive");
    std::fs::create_dir(&drive).unwrap();
    project_in(&drive);
    let mut rig = AppRig::with_session(&home.path().join("session"));
    rig.ask(FileCommand::OpenPath(drive.join("project.json")));
    let node = Node::leaf(rig.app().document().next_free_id(), "sink", "NullSink");
    rig.ask(EditAction::Apply(EditCommand::AddNode { node }));
    // The drive is unplugged.
    std::fs::remove_dir_all(&drive).unwrap();
    rig.ask(FileCommand::Save);
    assert!(rig.shows("The project was not saved") && rig.shows_text("cannot save the project"));
    rig.click("Save as…");
    rig.type_over("file name", home.path().join("elsewhere.json").to_str().unwrap());
    rig.key(Modifiers::NONE, Key::Enter);
    assert_eq!(store::open(&home.path().join("elsewhere.json")).unwrap().project.document.node_count(), 3);
    assert!(!rig.app().history().is_unsaved());
}
