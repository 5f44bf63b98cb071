//! The project: a document, its file, and the format of the file.
//!
//! Uses the disk but no window. Opening a file never runs any of its content; only the user starts a project.

pub mod clipboard;
#[cfg(feature = "gui")]
pub mod examples;
pub mod file_uses;
mod fingerprint;
pub mod format;
mod json;
mod migrate;
pub mod recent;
mod report;
pub mod store;

use std::path::{Path, PathBuf};

use compose_runtime::message::Message;
use compose_runtime::registry::Registry;

use crate::document::check::check;
use crate::document::{Document, ParameterKind, ParameterValues, Problem};

pub use file_uses::{FileId, FileUse};
pub use fingerprint::Fingerprint;
pub use recent::Recent;
pub use store::Opened;

/// A document together with its file.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The graph that the user edits.
    pub document: Document,
    /// Values that replace the defaults of project parameters, for example from `--set`. Never saved.
    pub overrides: ParameterValues,
    path: Option<PathBuf>,
    /// The content of the file when it was read or saved.
    fingerprint: Option<Fingerprint>,
    is_damaged: bool,
}

/// Why a project parameter cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// The project has no such parameter.
    #[error("there is no project parameter {name}; {}", listed(.known))]
    Unknown {
        /// The given name.
        name: String,
        /// The names of all parameters.
        known: Vec<String>,
    },
    /// The value has another type.
    #[error("the project parameter {name} must be {kind}, not {value}")]
    Kind {
        /// The parameter.
        name: String,
        /// What it accepts.
        kind: &'static str,
        /// The beginning of the given value, in quotes.
        value: String,
    },
    /// The value nests lists and maps deeper than a project file may.
    #[error(
        "the value of the project parameter {name} nests lists and maps more than {} deep: {value}; nest them less deeply",
        json::DEEPEST
    )]
    TooDeep {
        /// The parameter.
        name: String,
        /// The beginning of the given value, in quotes.
        value: String,
    },
}

/// How many characters of a refused value an error shows.
const MAX_SHOWN: usize = 60;

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "the project has no parameters".to_owned()
    } else {
        format!("the project has: {}", names.join(", "))
    }
}

/// Whether the text is refused as JSON because of its depth. serde_json has the same limit as project files.
fn is_too_deep(text: &str) -> bool {
    let read = text.parse::<serde_json::Value>();
    read.is_err_and(|error| error.to_string().starts_with("recursion limit exceeded"))
}

impl Project {
    /// A new project without a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// A project with this document and without a file.
    pub fn of_document(document: Document) -> Self {
        Self { document, ..Self::default() }
    }

    /// A new project for this file, which does not exist yet. The project is named after the file.
    pub fn to_be_saved_at(path: PathBuf) -> Self {
        let mut document = Document::default();
        if let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) {
            let meta = crate::document::Meta { name: name.to_owned(), ..document.meta().clone() };
            // Naming an empty document cannot fail.
            let _ = document.apply(crate::document::EditCommand::SetMeta { meta });
        }
        Self { document, path: Some(path), ..Self::default() }
    }

    /// A project from an edit journal.
    pub fn recovered(
        document: Document,
        path: Option<PathBuf>,
        fingerprint: Option<Fingerprint>,
        is_damaged: bool,
    ) -> Self {
        Self { document, path, fingerprint, is_damaged, ..Self::default() }
    }

    /// Records that the project was saved to this file.
    pub fn mark_saved_at(&mut self, path: PathBuf, fingerprint: Fingerprint) {
        self.path = Some(path);
        self.fingerprint = Some(fingerprint);
        self.is_damaged = false;
    }

    /// The content of the file when it was read or saved; `None` if there was no file.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// Its file; `None` before the project is saved for the first time.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether part of its file could not be read. Saving the project would lose that part.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The folder to which relative paths in settings refer.
    pub fn base_folder(&self) -> PathBuf {
        let folder = self.path.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    }

    /// The title of the window: the name of the project, otherwise that of its file, otherwise `Untitled`.
    pub fn title(&self) -> String {
        let stem = self.path.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        match self.document.name() {
            "" => stem.unwrap_or_else(|| "Untitled".to_owned()),
            name => name.to_owned(),
        }
    }

    /// Every parameter with its current value.
    pub fn parameter_values(&self) -> ParameterValues {
        let mut values = self.document.meta().defaults();
        for (name, value) in &self.overrides {
            if values.contains_key(name) {
                values.insert(name.clone(), value.clone());
            }
        }
        values
    }

    /// Replaces the default value of a parameter with a value read from text.
    pub fn set_parameter(&mut self, name: &str, text: &str) -> Result<(), ParameterError> {
        let meta = self.document.meta();
        let Some(parameter) = meta.parameter(name) else {
            let known = meta.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            return Err(ParameterError::Unknown { name: name.to_owned(), known });
        };
        let kind = parameter.kind;
        // Text that begins like JSON but was read as text is a mistake in the JSON.
        let is_broken =
            |value: &Message| value.as_text() == Some(text) && text.trim_start().starts_with(['[', '{', '"']);
        let value = kind.read(text).filter(|value| kind != ParameterKind::Any || !is_broken(value));
        let value = value.ok_or_else(|| {
            let (name, value) = (name.to_owned(), Message::text(text).label(MAX_SHOWN));
            if kind == ParameterKind::Any && is_too_deep(text) {
                ParameterError::TooDeep { name, value }
            } else {
                ParameterError::Kind { name, kind: kind.expected(), value }
            }
        })?;
        self.overrides.insert(name.to_owned(), value);
        Ok(())
    }

    /// All files that the settings of components name.
    pub fn file_uses(&self, registry: &Registry) -> Vec<FileUse> {
        file_uses::file_uses(&self.document, registry, &self.parameter_values(), &self.base_folder())
    }

    /// All problems of the document in its current state, and of the files that it uses.
    pub fn check(&self, registry: &Registry) -> Vec<Problem> {
        let uses = self.file_uses(registry);
        let mut problems = file_uses::conflicts(&uses, &self.document);
        problems.extend(self.path().map(|path| file_uses::overwrites(&uses, path)).unwrap_or_default());
        problems.extend(check(&self.document, registry, &self.parameter_values()));
        problems
    }
}
