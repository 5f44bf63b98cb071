//! Recovery: unsaved work that a window left behind.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::contents::Contents;
use super::{folder, line};
use crate::document::History;
use crate::project::{Project, store};

/// Unsaved work that a window left behind. While this value exists, no other window offers it.
#[derive(Debug)]
pub struct Recovery {
    path: PathBuf,
    contents: Contents,
    _lock: File,
}

impl Recovery {
    /// All unsaved work in the folder that belongs to no open window, newest first. Journals without unsaved work are
    /// removed. A journal that this version cannot read stays where it is.
    pub fn find(folder: &Path) -> Vec<Self> {
        let mut found: Vec<Self> =
            folder::abandoned(folder).into_iter().filter_map(|(path, lock)| Self::read(path, lock)).collect();
        found.sort_by_key(|recovery| std::cmp::Reverse(recovery.contents.last_ms()));
        found
    }

    fn read(path: PathBuf, lock: File) -> Option<Self> {
        let bytes = folder::read(&lock).ok()?;
        let contents = Contents::of_entries(line::decode(&bytes))?;
        let recovery = Self { path, contents, _lock: lock };
        if recovery.has_work() {
            return Some(recovery);
        }
        recovery.discard();
        None
    }

    /// Whether the work has not been saved to any file. The window may have ended after saving, but before recording
    /// that in the journal.
    fn has_work(&self) -> bool {
        if !self.contents.is_unsaved() {
            return false;
        }
        let (project, _) = self.contents.restore();
        let on_disk = project.path().and_then(|path| Some((std::fs::read(path).ok()?, path)));
        on_disk.is_none_or(|(bytes, path)| bytes != store::file_text(&project.document, path).as_bytes())
    }

    /// The project with all edits, and its undo history.
    pub fn restore(&self) -> (Project, History) {
        self.contents.restore()
    }

    /// The contents of the journal, for the journal of the window that continues the work.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The journal.
    pub fn file(&self) -> &Path {
        &self.path
    }

    /// Removes the journal: the work was taken over or discarded.
    pub fn discard(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
