//! Recent: the projects opened most recently, newest first, stored in a small file.

use std::path::{Path, PathBuf};

use super::store::write_atomically;

/// Length of the list.
const MAX_PATHS: usize = 12;

/// The projects opened most recently, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    paths: Vec<PathBuf>,
}

impl Recent {
    /// Loads the list from this file. The list is empty if the file is missing or cannot be read.
    pub fn load(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut paths: Vec<PathBuf> = serde_json::from_str(&text).unwrap_or_default();
        paths.truncate(MAX_PATHS);
        Self { paths }
    }

    /// Saves the list to this file. Creates the folder if needed.
    pub fn save(&self, file: &Path) -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_atomically(file, serde_json::to_string_pretty(&self.paths)?.as_bytes())
    }

    /// Moves a project to the front of the list.
    pub fn add(&mut self, path: &Path) {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.paths.retain(|known| *known != path);
        self.paths.insert(0, path);
        self.paths.truncate(MAX_PATHS);
    }

    /// Removes a project, for example because its file no longer exists.
    pub fn remove(&mut self, path: &Path) {
        self.paths.retain(|known| known != path);
    }

    /// Newest first.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_project_is_first_and_listed_once() {
        let mut recent = Recent::default();
        for name in ["/none/a", "/none/b", "/none/a"] {
            recent.add(Path::new(name));
        }
        assert_eq!(recent.paths(), [Path::new("/none/a"), Path::new("/none/b")]);
        recent.remove(Path::new("/none/a"));
        (0..20).for_each(|number| recent.add(Path::new(&format!("/none/{number}"))));
        assert_eq!(recent.paths().len(), MAX_PATHS);
    }

    #[test]
    fn the_list_survives_a_restart_and_a_damaged_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/recent.json");
        let mut recent = Recent::default();
        recent.add(Path::new("/none/a"));
        recent.save(&file).unwrap();
        assert_eq!(Recent::load(&file), recent);
        std::fs::write(&file, "{").unwrap();
        assert_eq!(Recent::load(&file), Recent::default());
    }
}
