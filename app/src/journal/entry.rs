//! Entry: one line of a journal.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::base::Base;
use super::stored_path::StoredPath;
use crate::document::EditCommand;
use crate::project::Fingerprint;

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// The journal begins with this project. Always the first entry, and only the first.
    Begin(Box<Base>),
    /// The document was edited.
    Edit(EditCommand),
    /// The last edit was undone.
    Undo,
    /// The edit that was undone last was redone.
    Redo,
    /// The project was saved.
    Saved {
        /// The file, which is the file of the project from now on.
        path: StoredPath,
        /// The content of the file.
        fingerprint: Fingerprint,
    },
}

impl Change {
    /// The project was saved to this file.
    pub fn saved(path: &Path, fingerprint: Fingerprint) -> Self {
        Self::Saved { path: path.into(), fingerprint }
    }
}
