//! Examples: the ready-made projects, from the folder `projects/` if there is one, else from the program itself.
//!
//! The folder is looked for beside the program and above it, and from the current folder upwards. An installed program
//! carries the projects with their pictures and sounds, and unpacks them into the user's data folder at the first need,
//! so that they run and can be changed like any other.

use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static PROJECTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../projects");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../assets");

/// The examples there are.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    names: Vec<String>,
    /// The folder they are in; `None` while they are only in the program.
    folder: Option<PathBuf>,
}

impl Examples {
    /// Looks for them.
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

    /// Their names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The file of the example of this name; `None` if there is none. Fails if they could not be unpacked.
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
    let above = |path: Option<PathBuf>| {
        path.map(|path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut places = above(program);
    places.extend(above(current));
    places.into_iter().map(|place| place.join("projects")).find(|place| is_examples_folder(place))
}

/// A folder that happens to be called `projects` is common; ours has one of the carried examples in it.
fn is_examples_folder(folder: &Path) -> bool {
    PROJECTS.files().filter(|file| name_of(file.path()).is_some()).any(|file| folder.join(file.path()).is_file())
}

/// One folder a version, so that a new version brings new examples and leaves the user's changes alone.
fn data_folder() -> io::Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kamaelia-compose");
    let folders = folders.ok_or_else(|| io::Error::other("this user has no folder for data"))?;
    Ok(folders.data_local_dir().join("examples").join(env!("CARGO_PKG_VERSION")))
}

/// Writes what is not there yet, and gives the folder of the projects.
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
    fn every_example_is_found_and_carried() {
        let mut examples = Examples::find();
        let carried: Vec<String> = PROJECTS.files().filter_map(|file| name_of(file.path())).collect();
        let missing: Vec<&String> = examples.names().iter().filter(|name| !carried.contains(name)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "the program was built before they were there");
        assert!(examples.get("meow-mix").unwrap().unwrap().is_file());
        assert_eq!(examples.get("no-such").unwrap(), None);
    }

    #[test]
    fn unpacked_examples_have_all_they_need_and_keep_what_the_user_changed() {
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
