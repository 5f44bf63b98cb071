//! The laws of the journal: reading gives what was done, wherever the file is truncated and whichever window wrote it.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::document::arbitrary::{self, Numbers};
use crate::document::{Document, History, Node};
use crate::project::store;

/// A window without a screen: the project, its history, and the entries of its journal.
struct Session {
    project: Project,
    history: History,
    entries: Vec<Entry>,
}

impl Session {
    fn new(start: &[Numbers]) -> Self {
        let project = Project::of_document(arbitrary::document(start));
        let begin = Change::Begin(Box::new(Base::of_project(&project, false)));
        Self { project, history: History::new(), entries: vec![Entry { at_ms: 1, change: begin }] }
    }

    /// Carries out the actions that the numbers select: mostly edits, sometimes undo, redo and save.
    fn step(&mut self, numbers: Numbers) {
        let document = &mut self.project.document;
        let change = match numbers {
            (0..40, ..) => self.history.undo(document).unwrap().map(|_| Change::Undo),
            (40..60, ..) => self.history.redo(document).unwrap().map(|_| Change::Redo),
            (60..70, ..) => {
                self.history.mark_saved();
                let fingerprint = Fingerprint::of(format!("{numbers:?}").as_bytes());
                self.project.mark_saved_at("/none/x.json".into(), fingerprint);
                Some(Change::saved(Path::new("/none/x.json"), fingerprint))
            }
            numbers => {
                let command = arbitrary::command(document, numbers);
                let is_done = self.history.edit(document, command.clone()).is_ok() && !command.is_nothing();
                is_done.then_some(Change::Edit(command))
            }
        };
        self.entries.extend(change.map(|change| Entry { at_ms: 2, change }));
    }
}

/// Everything that the user can notice about a project and its history; the history is undone and redone completely.
fn everything(project: &Project, history: &History) -> Vec<String> {
    let (mut document, mut history) = (project.document.clone(), history.clone());
    let mut seen = vec![format!("{:?} {:?} {}", project.path(), project.fingerprint(), project.is_damaged())];
    let mut note = |document: &Document, history: &History, label: Option<String>| {
        seen.push(format!("{label:?} {} {}", history.is_unsaved(), arbitrary::without_ids(document)));
    };
    note(&document, &history, None);
    while let Some(label) = history.redo(&mut document).unwrap() {
        note(&document, &history, Some(label));
    }
    while let Some(label) = history.undo(&mut document).unwrap() {
        note(&document, &history, Some(label));
    }
    seen
}

fn bytes(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(line::encode).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_journal_restores_the_project_and_its_undo_history(start in arbitrary::edits(), steps in arbitrary::edits()) {
        let mut session = Session::new(&start);
        for numbers in steps {
            session.step(numbers);
        }
        let entries = line::decode(&bytes(&session.entries));
        prop_assert_eq!(&entries, &session.entries);
        let contents = Contents::of_entries(entries).unwrap();
        let (project, history) = contents.restore();
        let expected = everything(&session.project, &session.history);
        prop_assert_eq!(&everything(&project, &history), &expected);
        prop_assert_eq!(contents.is_unsaved(), session.history.is_unsaved());
        // Rewritten for another window, it still has the same contents.
        let (project, history) = Contents::of_entries(contents.to_entries()).unwrap().restore();
        prop_assert_eq!(&everything(&project, &history), &expected);
    }

    #[test]
    fn a_journal_that_is_cut_anywhere_is_read_to_its_last_whole_entry(
        steps in arbitrary::edits(), cut in any::<prop::sample::Index>(), damage in any::<Option<u8>>(),
    ) {
        let mut session = Session::new(&[]);
        for numbers in steps {
            session.step(numbers);
        }
        let whole = bytes(&session.entries);
        let cut = cut.index(whole.len() + 1);
        let mut damaged = whole[..cut].to_vec();
        // A power cut can also leave blocks that were never written.
        damaged.extend(damage.map(|byte| vec![byte; 600]).unwrap_or_default());
        let mut ends = session.entries.iter().scan(0, |end, entry| { *end += line::encode(entry).len(); Some(*end) });
        let readable = ends.by_ref().take_while(|end| *end <= cut).count();
        let read = line::decode(&damaged);
        prop_assert_eq!(&read[..], &session.entries[..readable]);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Contents::of_entries(line::decode(&bytes)).is_none(), "random bytes have no checksum");
    }
}

/// A project with one component, and an edit that adds another.
fn project() -> (Project, EditCommand) {
    let mut project = Project::new();
    let node = |document: &mut Document, name| Node::leaf(document.fresh_id(), name, "NullSink");
    let first = node(&mut project.document, "a");
    project.document.apply(EditCommand::AddNode { node: first }).unwrap();
    let node = node(&mut project.document, "b");
    (project, EditCommand::AddNode { node })
}

fn start(folder: &Path) -> Journal {
    Journal::start(folder, || {}).unwrap()
}

#[test]
fn unsaved_edits_are_offered_after_the_window_ended_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let (project, edit) = project();
    let mut journal = start(folder.path());
    journal.before_change(&project, false);
    journal.edited(edit);
    assert!(Recovery::find(folder.path()).is_empty(), "a window that is open keeps its journal");
    drop(journal);
    let mut found = Recovery::find(folder.path());
    assert!(Recovery::find(folder.path()).is_empty(), "only one window offers it");
    let recovery = found.pop().unwrap();
    assert_eq!((recovery.contents().unsaved_edits(), found.len()), (1, 0));
    let (restored, history) = recovery.restore();
    assert_eq!((restored.document.node_count(), history.undo_label()), (2, Some("Add b")));
    // The window that continues takes over the work.
    let mut next = start(folder.path());
    let old = recovery.file().to_owned();
    next.adopt(recovery);
    drop(next);
    assert!(!old.exists());
    assert_eq!(Recovery::find(folder.path()).len(), 1);
}

#[test]
fn a_change_is_written_and_synced_although_nothing_else_happens() {
    let folder = tempfile::tempdir().unwrap();
    let (project, edit) = project();
    let mut journal = start(folder.path());
    journal.before_change(&project, false);
    journal.edited(edit);
    assert_eq!(journal.queued(), 2, "the project and the edit");
    // Without the thread that writes or the one that syncs, one of these loops never ends.
    while journal.written() < journal.queued() {
        std::thread::yield_now();
    }
    assert_eq!(line::decode(&std::fs::read(journal.file()).unwrap()).len(), 2);
    while journal.writer.synced() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(journal.trouble(), None);
}

#[test]
fn nothing_is_offered_after_saving_or_discarding() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.json");
    let journals = folder.path().join("journal");
    for is_noted in [true, false] {
        let (mut project, edit) = project();
        let mut journal = start(&journals);
        journal.before_change(&project, false);
        journal.edited(edit.clone());
        project.document.apply(edit).unwrap();
        store::save_as(&mut project, &file).unwrap();
        if is_noted {
            journal.saved(&file, project.fingerprint().unwrap());
        } else {
            // The window ended between saving and recording it, in a journal that already named the file.
            journal.forget();
            journal.before_change(&project, true);
        }
        drop(journal);
        assert!(Recovery::find(&journals).is_empty());
    }
    let (project, edit) = project();
    let mut journal = start(&journals);
    journal.before_change(&project, false);
    journal.edited(edit);
    journal.forget();
    drop(journal);
    assert_eq!(std::fs::read_dir(&journals).unwrap().count(), 0);
}

#[test]
fn a_journal_of_another_version_stays_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (project, _) = project();
    let mut base = Base::of_project(&project, true);
    base.version += 1;
    let entry = Entry { at_ms: 1, change: Change::Begin(Box::new(base)) };
    let file = folder.path().join("1-1-0.journal");
    std::fs::write(&file, line::encode(&entry)).unwrap();
    assert!(Recovery::find(folder.path()).is_empty() && file.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_reported_and_nothing_is_lost_when_it_can_be_again() {
    let folder = tempfile::tempdir().unwrap();
    let journals = folder.path().join("journal");
    // A file in place of the folder represents every reason why a write fails.
    std::fs::write(&journals, "").unwrap();
    let (send, reports) = crossbeam::channel::bounded(8);
    let mut journal = Journal::start(&journals, move || send.send(()).unwrap()).unwrap();
    let (project, edit) = project();
    journal.before_change(&project, false);
    reports.recv().unwrap();
    assert!(journal.trouble().is_some());
    journal.edited(edit);
    std::fs::remove_file(&journals).unwrap();
    reports.recv().unwrap();
    assert_eq!(journal.trouble(), None);
    drop(journal);
    assert_eq!(Recovery::find(&journals)[0].contents().unsaved_edits(), 1);
}

#[test]
fn an_age_is_shown_in_the_largest_whole_unit() {
    let ago = |seconds: u64| moment::ago(1_000, 1_000 + seconds * 1000);
    assert_eq!([ago(0), ago(60), ago(7_300)], ["less than a minute ago", "1 minute ago", "2 hours ago"]);
    assert_eq!((ago(400_000), moment::ago(9, 1)), ("4 days ago".to_owned(), "less than a minute ago".to_owned()));
}

#[test]
fn a_saved_file_that_begins_with_a_line_for_the_shell_is_not_offered() {
    let folder = tempfile::tempdir().unwrap();
    let (file, journals) = (folder.path().join("x.json"), folder.path().join("journal"));
    std::fs::write(&file, "#!/usr/bin/env kamaelia-compose\n{}").unwrap();
    let (mut project, _) = project();
    store::save_as(&mut project, &file).unwrap();
    // The window ended between saving and recording it.
    let mut journal = start(&journals);
    journal.before_change(&project, true);
    drop(journal);
    assert!(Recovery::find(&journals).is_empty());
}

#[test]
fn a_journal_that_was_never_complete_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1-1-0.new"), "half a line").unwrap();
    assert!(Recovery::find(folder.path()).is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
