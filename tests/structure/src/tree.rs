//! The files of a source tree, either read from disk or given as text by a test.

use std::collections::BTreeMap;
use std::path::Path;

/// Folders without source code of the project.
const SKIPPED: &[&str] = &["target", ".git", "fixtures", "snapshots"];

/// All Rust files and manifests of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Path of each file, relative to the root and with forward slashes, and its text.
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads the checkout at `root`.
    ///
    /// # Errors
    /// A folder or file cannot be read.
    pub fn read(root: &Path) -> std::io::Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    /// A tree of the given files, for tests of this package.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.read_folder(root, &path)?;
                }
            } else if name == "Cargo.toml" || name.rsplit('.').next() == Some("rs") {
                let text = std::fs::read_to_string(root.join(&path))?;
                self.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// The Rust files, sorted by path.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(|(path, _)| !path.ends_with("Cargo.toml"))
    }

    /// The folder and the name of each package, sorted by folder.
    pub fn packages(&self) -> Vec<(String, String)> {
        let manifests = self.files.iter().filter_map(|(path, text)| Some((path.strip_suffix("/Cargo.toml")?, text)));
        manifests.filter_map(|(folder, text)| Some((folder.to_owned(), package_name(text)?))).collect()
    }
}

fn package_name(manifest: &str) -> Option<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(line.trim().trim_matches('"').replace('-', "_"))
}
