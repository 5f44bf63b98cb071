//! Examples: the ready-made projects, from the folder `projects/` if it exists, otherwise from the program itself.
//!
//! The folder is searched for in all parent folders of the program and of the current folder. The program also contains the
//! projects with their pictures and sounds. When an example is first opened, they are unpacked into the user's data
//! folder, so that they can be run and changed like any other project.

use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static PROJECTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../projects");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../assets");

/// The list of examples.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    names: Vec<String>,
    /// The folder with the examples; `None` until they are unpacked from the program.
    folder: Option<PathBuf>,
}

impl Examples {
    /// Searches for the examples.
    pub fn find() -> Self {
        let folder = folder();
        let mut names: Vec<String> = match &folder {
            Some(folder) => {
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                entries.filter(|entry| entry.path().is_file()).filter_map(|entry| name_of(&entry.path())).collect()
            }
            None => PROJECTS.files().filter_map(|file| name_of(file.path())).collect(),
        };
        names.sort();
        Self { names, folder }
    }

    /// The names of the examples, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The file of the example with this name; `None` if it does not exist. Fails if the examples could not be unpacked.
    pub fn get(&mut self, name: &str) -> io::Result<Option<PathBuf>> {
        if !self.names.iter().any(|known| known == name) {
            return Ok(None);
        }
        let folder = match &self.folder {
            Some(folder) => folder,
            None => self.folder.insert(unpack(&data_folder()?)?),
        };
        Ok(Some(folder.join(format!("{name}.json"))))
    }
}

fn name_of(path: &Path) -> Option<String> {
    let is_project = path.extension().is_some_and(|extension| extension == "json");
    is_project.then(|| path.file_stem().map(|stem| stem.to_string_lossy().into_owned())).flatten()
}

fn folder() -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let current = std::env::current_dir().ok();
    let parents = |path: Option<PathBuf>| {
        path.map(|path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut candidates = parents(program);
    candidates.extend(parents(current));
    candidates.into_iter().map(|folder| folder.join("projects")).find(|folder| is_examples_folder(folder))
}

/// Many folders are named `projects`; the right one contains at least one of the examples in the program.
fn is_examples_folder(folder: &Path) -> bool {
    PROJECTS.files().filter(|file| name_of(file.path()).is_some()).any(|file| folder.join(file.path()).is_file())
}

/// Each version has its own folder, so that a new version adds new examples and keeps the user's changes.
fn data_folder() -> io::Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kamaelia-compose");
    let folders = folders.ok_or_else(|| io::Error::other("the user has no data folder"))?;
    Ok(folders.data_local_dir().join("examples").join(env!("CARGO_PKG_VERSION")))
}

/// Writes the missing files, and returns the folder with the projects.
fn unpack(to: &Path) -> io::Result<PathBuf> {
    for (name, dir) in [("projects", &PROJECTS), ("assets", &ASSETS)] {
        write(dir, &to.join(name))?;
    }
    Ok(to.join("projects"))
}

fn write(dir: &Dir<'_>, root: &Path) -> io::Result<()> {
    std::fs::create_dir_all(root.join(dir.path()))?;
    for file in dir.files() {
        let path = root.join(file.path());
        if !path.exists() {
            std::fs::write(path, file.contents())?;
        }
    }
    dir.dirs().try_for_each(|inside| write(inside, root))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_found_and_contained_in_the_program() {
        let mut examples = Examples::find();
        let contained: Vec<String> = PROJECTS.files().filter_map(|file| name_of(file.path())).collect();
        let missing: Vec<&String> = examples.names().iter().filter(|name| !contained.contains(name)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "the program was built before these examples existed");
        assert!(examples.get("meow-mix").unwrap().unwrap().is_file());
        assert_eq!(examples.get("no-such").unwrap(), None);
    }

    #[test]
    fn unpacked_examples_are_complete_and_keep_changes_of_the_user() {
        let folder = tempfile::tempdir().unwrap();
        let projects = unpack(folder.path()).unwrap();
        for name in Examples::find().names() {
            let opened = crate::project::store::open(&projects.join(format!("{name}.json"))).unwrap();
            assert!(opened.problems.is_empty(), "{name}: {:?}", opened.problems);
        }
        assert!(projects.join("../assets/slides/one.png").is_file());
        let changed = projects.join("meow-mix.json");
        std::fs::write(&changed, "mine").unwrap();
        unpack(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(changed).unwrap(), "mine");
    }
}
