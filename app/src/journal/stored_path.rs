//! StoredPath: a path in the journal, as text if it is text, so that every file name is read back unchanged.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredPath {
    /// A path that is valid Unicode.
    Text(String),
    /// Any other path, in the form of the operating system.
    Other(OsString),
}

impl From<&Path> for StoredPath {
    fn from(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Other(path.as_os_str().to_owned()),
        }
    }
}

impl StoredPath {
    /// The path.
    pub fn to_path(&self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            Self::Other(name) => PathBuf::from(name),
        }
    }
}
