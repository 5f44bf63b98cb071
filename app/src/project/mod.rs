//! The project: a document, the file it is kept in, and what the file looks like.
//!
//! Knows the disk, not the screen. Nothing of a file that was opened runs before the user says so.

pub mod clipboard;
#[cfg(feature = "gui")]
pub mod examples;
pub mod format;
mod json;
mod migrate;
pub mod recent;
mod report;
pub mod store;

use std::path::{Path, PathBuf};

use compose_runtime::registry::Registry;

use crate::document::check::check;
use crate::document::{Document, ParameterValues, Problem};

pub use recent::Recent;
pub use store::{Opened, StoreError};

/// A document with the file it is kept in.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// What the user makes.
    pub document: Document,
    /// Values of project parameters that differ from their defaults, for example from `--set`; never saved.
    pub overrides: ParameterValues,
    path: Option<PathBuf>,
    is_damaged: bool,
}

/// A parameter cannot be set as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// The project has no such parameter.
    #[error("there is no project parameter {name}; {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names there are, as a half-sentence.
        known: String,
    },
    /// The value is of another kind.
    #[error("the project parameter {name} is of type {kind}, and {value:?} is not")]
    Kind {
        /// Which parameter.
        name: String,
        /// Its type.
        kind: &'static str,
        /// The value that was given.
        value: String,
    },
}

impl Project {
    /// A new project without a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// A project that is not kept in a file yet.
    pub fn of_document(document: Document) -> Self {
        Self { document, ..Self::default() }
    }

    /// A new project that will be kept in this file, which does not exist yet; named after it.
    pub fn to_be_saved_at(path: PathBuf) -> Self {
        let mut document = Document::default();
        if let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) {
            let meta = crate::document::Meta { name: name.to_owned(), ..document.meta().clone() };
            // Naming an empty document cannot be refused.
            let _ = document.apply(crate::document::EditCommand::SetMeta { meta });
        }
        Self { document, path: Some(path), ..Self::default() }
    }

    /// The file it is kept in; `None` before it is saved for the first time.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether its file could not be read whole, so that saving would lose what was left out.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The folder that relative paths in settings start from.
    pub fn base_folder(&self) -> PathBuf {
        let folder = self.path.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    }

    /// What the title bar calls it: the name, else the file, else `Untitled`.
    pub fn title(&self) -> String {
        let stem = self.path.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        match self.document.name() {
            "" => stem.unwrap_or_else(|| "Untitled".to_owned()),
            name => name.to_owned(),
        }
    }

    /// Every parameter with the value it has now.
    pub fn parameter_values(&self) -> ParameterValues {
        let mut values = self.document.meta().defaults();
        for (name, value) in &self.overrides {
            if values.contains_key(name) {
                values.insert(name.clone(), value.clone());
            }
        }
        values
    }

    /// Gives a parameter another value than its default, read from text.
    pub fn set_parameter(&mut self, name: &str, text: &str) -> Result<(), ParameterError> {
        let meta = self.document.meta();
        let Some(parameter) = meta.parameter(name) else {
            let names: Vec<&str> = meta.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let known = if names.is_empty() {
                "the project has none".to_owned()
            } else {
                format!("known are: {}", names.join(", "))
            };
            return Err(ParameterError::Unknown { name: name.to_owned(), known });
        };
        let kind = parameter.kind;
        let value = kind.read(text).ok_or_else(|| ParameterError::Kind {
            name: name.to_owned(),
            kind: kind.word(),
            value: text.to_owned(),
        })?;
        self.overrides.insert(name.to_owned(), value);
        Ok(())
    }

    /// Everything that is wrong with the document as it is now.
    pub fn check(&self, registry: &Registry) -> Vec<Problem> {
        check(&self.document, registry, &self.parameter_values())
    }
}
