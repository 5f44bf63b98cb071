//! Recent: the projects opened last, newest first, kept in a small file between runs.

use std::path::{Path, PathBuf};

use super::store::write_atomically;

/// How many are remembered.
const MOST: usize = 12;

/// The projects opened last, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    paths: Vec<PathBuf>,
}

impl Recent {
    /// The list kept in this file; empty if there is none, or if it cannot be read.
    pub fn load(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut paths: Vec<PathBuf> = serde_json::from_str(&text).unwrap_or_default();
        paths.truncate(MOST);
        Self { paths }
    }

    /// Keeps the list in this file; its folder is made if need be.
    pub fn save(&self, file: &Path) -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_atomically(file, serde_json::to_string_pretty(&self.paths)?.as_bytes())
    }

    /// Where the list of this user is kept; `None` where there is no such place.
    pub fn usual_file() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "kamaelia-compose").map(|dirs| dirs.config_dir().join("recent.json"))
    }

    /// Puts a project first.
    pub fn add(&mut self, path: &Path) {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.paths.retain(|known| *known != path);
        self.paths.insert(0, path);
        self.paths.truncate(MOST);
    }

    /// Takes a project out, for example because it is gone.
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
    fn the_newest_stands_first_and_only_once() {
        let mut recent = Recent::default();
        for name in ["/none/a", "/none/b", "/none/a"] {
            recent.add(Path::new(name));
        }
        assert_eq!(recent.paths(), [Path::new("/none/a"), Path::new("/none/b")]);
        recent.remove(Path::new("/none/a"));
        (0..20).for_each(|number| recent.add(Path::new(&format!("/none/{number}"))));
        assert_eq!(recent.paths().len(), MOST);
    }

    #[test]
    fn it_survives_a_restart_and_a_damaged_file() {
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
