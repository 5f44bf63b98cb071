//! Journal: keeps the unsaved edits of a window on disk, so that a crash, a kill or a power cut loses at most a second.
//!
//! Every edit is appended to a file beside the session, and each save is recorded in it. The file is removed when
//! another project is opened or the window closes. The next start offers the journals that remain (see [`Recovery`]).
//! The window's thread only queues; two threads write and sync. Not here: when an edit happens (see `workspace`), and
//! the dialog (see `panels`).

pub mod base;
pub mod contents;
pub mod entry;
pub mod folder;
pub mod line;
pub mod moment;
mod recovery;
mod stored_path;
mod writer;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use base::Base;
pub use contents::Contents;
pub use entry::{Change, Entry};
pub use recovery::Recovery;

use crate::document::EditCommand;
use crate::project::{Fingerprint, Project};
use moment::now_ms;
use writer::{Job, Writer};

/// The journal of one window.
///
/// Invariant: after `begin`, the file contains the project as it was and every later change, in order. If the writer
/// falls behind, the journal begins again with the project as it is then; only the older undo history is lost.
#[derive(Debug)]
pub struct Journal {
    writer: Writer,
    has_begun: bool,
}

impl Journal {
    /// Starts the journal of a window in this folder, which need not exist. `on_trouble` is called on another thread
    /// when [`Journal::trouble`] has changed.
    pub fn start(folder: &Path, on_trouble: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self { writer: Writer::start(folder, Box::new(on_trouble))?, has_begun: false })
    }

    /// Whether changes were lost because they could not be written for too long, so that the journal must begin again.
    pub fn must_begin_again(&self) -> bool {
        self.has_begun && self.writer.has_lost_changes()
    }

    /// Must be called before each change, with the project in its current state: before the first change, the journal
    /// stores the whole project.
    pub fn before_change(&mut self, project: &Project, is_unsaved: bool) {
        if self.writer.has_lost_changes() {
            self.has_begun = false;
        }
        if !self.has_begun {
            let contents = Contents::of_base(Base::of_project(project, is_unsaved));
            self.has_begun = self.writer.send(Job::Begin(Box::new(contents)));
        }
    }

    /// Continues recovered work: writes it to the file of this window, then removes the old journal.
    pub fn adopt(&mut self, recovery: Recovery) {
        self.has_begun = self.writer.send(Job::Adopt(Box::new(recovery)));
    }

    /// Records that the document was edited.
    pub fn edited(&mut self, command: EditCommand) {
        self.changed(Change::Edit(command));
    }

    /// Records that the last edit was undone.
    pub fn undone(&mut self) {
        self.changed(Change::Undo);
    }

    /// Records that the edit that was undone last was redone.
    pub fn redone(&mut self) {
        self.changed(Change::Redo);
    }

    /// Records that the project was saved in its current state.
    pub fn saved(&mut self, path: &Path, fingerprint: Fingerprint) {
        self.changed(Change::saved(path, fingerprint));
    }

    /// Removes the file, because another project was opened or the window is closing: the changes were saved or
    /// discarded.
    pub fn forget(&mut self) {
        // Even if the journal must begin again: its old file may still exist.
        self.writer.send(Job::Forget);
        self.has_begun = false;
    }

    /// Why changes cannot be written at the moment; `None` if all is well.
    pub fn trouble(&self) -> Option<String> {
        self.writer.trouble()
    }

    /// How many jobs have been written to the file. With [`Journal::queued`], this shows whether the file is complete.
    pub fn written(&self) -> u64 {
        self.writer.written()
    }

    /// How many jobs have been queued.
    pub fn queued(&self) -> u64 {
        self.writer.queued()
    }

    /// The file of this window. It exists from the first change of a project until another one is opened.
    pub fn file(&self) -> PathBuf {
        self.writer.file().to_owned()
    }

    fn changed(&mut self, change: Change) {
        if self.has_begun && !self.writer.send(Job::Append(Box::new(Entry { at_ms: now_ms(), change }))) {
            self.has_begun = false;
        }
    }
}
