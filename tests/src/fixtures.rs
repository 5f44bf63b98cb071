//! Small project files that tests write, each in its own temporary folder.

use std::path::{Path, PathBuf};

/// A project file in a temporary folder. Dropping it deletes the folder.
pub struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    /// Writes `text` as `project.json`.
    pub fn with_text(text: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("project.json"), text).expect("a fixture can be written");
        Self { folder }
    }

    /// A project with these components (a JSON object from name to description) and links.
    pub fn project(components: &serde_json::Value, links: &[&str]) -> Self {
        Self::with(&serde_json::json!({ "components": components, "links": links }))
    }

    /// A project with the keys of `rest` and the format line.
    pub fn with(rest: &serde_json::Value) -> Self {
        let mut project = serde_json::json!({ "format": "kamaelia-compose/1" });
        for (key, value) in rest.as_object().into_iter().flatten() {
            project[key] = value.clone();
        }
        Self::with_text(project.to_string())
    }

    /// Path of the project file.
    pub fn file(&self) -> String {
        self.path("project.json").display().to_string()
    }

    /// Path of a file in the temporary folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The temporary folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Path of a file in the temporary folder, as a command-line argument.
    pub fn argument(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}
