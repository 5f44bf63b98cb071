//! Contents: the contents of a journal, as a project with its undo history.
//!
//! Pure. Entries are added one by one; only the edits that undo can reach are kept apart from the project below them.

use std::collections::VecDeque;

use super::base::{Base, VERSION};
use super::entry::{Change, Entry};
use super::moment::now_ms;
use crate::document::history::DEEPEST;
use crate::document::{EditCommand, History};
use crate::project::Project;

/// The contents of a journal.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The project below all edits.
    base: Project,
    /// The edits since then, oldest first.
    applied: VecDeque<EditCommand>,
    /// The undone edits, in the order in which they were undone.
    undone: Vec<EditCommand>,
    /// How many edits of `applied` are in the file of the project; `None` if the file matches none of these states.
    saved: Option<usize>,
    last_ms: u64,
}

impl Contents {
    /// The contents of a journal that has just begun.
    pub fn of_base(base: Base) -> Self {
        let saved = (!base.is_unsaved).then_some(0);
        Self { base: base.into_project(), applied: VecDeque::new(), undone: Vec::new(), saved, last_ms: now_ms() }
    }

    /// Reads entries; `None` if the first one does not begin a journal of this version.
    pub fn of_entries(entries: impl IntoIterator<Item = Entry>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let first = entries.next()?;
        let Change::Begin(base) = first.change else { return None };
        if base.version != VERSION {
            return None;
        }
        let mut contents = Self::of_base(*base);
        contents.last_ms = first.at_ms;
        for entry in entries {
            contents.push(entry);
        }
        Some(contents)
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: Entry) {
        self.last_ms = entry.at_ms;
        match entry.change {
            Change::Begin(base) => *self = Self { last_ms: entry.at_ms, ..Self::of_base(*base) },
            Change::Edit(command) => self.edit(command),
            Change::Undo => self.undone.extend(self.applied.pop_back()),
            Change::Redo => self.applied.extend(self.undone.pop()),
            Change::Saved { path, fingerprint } => {
                self.saved = Some(self.applied.len());
                self.base.mark_saved_at(path.to_path(), fingerprint);
            }
        }
    }

    fn edit(&mut self, command: EditCommand) {
        self.undone.clear();
        if self.saved.is_some_and(|saved| saved > self.applied.len()) {
            // The saved state was undone and can no longer be reached by redo.
            self.saved = None;
        }
        self.applied.push_back(command);
        if self.applied.len() > DEEPEST
            && let Some(oldest) = self.applied.pop_front()
        {
            let _ = self.base.document.apply(oldest);
            self.saved = self.saved.and_then(|saved| saved.checked_sub(1));
        }
    }

    /// Whether the project differs from its file.
    pub fn is_unsaved(&self) -> bool {
        self.saved != Some(self.applied.len())
    }

    /// How many edits are not in the file. Undone edits that are in the file count as well.
    pub fn unsaved_edits(&self) -> usize {
        self.saved.map_or(self.applied.len(), |saved| saved.abs_diff(self.applied.len()))
    }

    /// When the last change was made, in milliseconds since 1970.
    pub fn last_ms(&self) -> u64 {
        self.last_ms
    }

    /// The entries that lead to the same project and undo history, for writing them to another file.
    pub fn to_entries(&self) -> Vec<Entry> {
        let at_ms = self.last_ms;
        let mut changes = vec![Change::Begin(Box::new(Base::of_project(&self.base, self.saved != Some(0))))];
        let saved = self.saved.filter(|saved| *saved > 0).zip(self.base.path()).zip(self.base.fingerprint());
        let mut applied = 0;
        for command in self.applied.iter().chain(self.undone.iter().rev()) {
            changes.push(Change::Edit(command.clone()));
            applied += 1;
            if let Some(((at, path), fingerprint)) = saved
                && at == applied
            {
                changes.push(Change::saved(path, fingerprint));
            }
        }
        changes.extend(self.undone.iter().map(|_| Change::Undo));
        changes.into_iter().map(|change| Entry { at_ms, change }).collect()
    }

    /// The project after all edits, and its undo history.
    pub fn restore(&self) -> (Project, History) {
        let mut project = self.base.clone();
        let mut history = History::new();
        if self.saved != Some(0) {
            history.mark_unsaved();
        }
        for (index, command) in self.applied.iter().chain(self.undone.iter().rev()).enumerate() {
            // The window accepted the same edit of the same document, so it is not refused here.
            let _ = history.edit(&mut project.document, command.clone());
            if self.saved == Some(index + 1) {
                history.mark_saved();
            }
        }
        for _ in &self.undone {
            let _ = history.undo(&mut project.document);
        }
        (project, history)
    }
}
