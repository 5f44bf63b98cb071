//! Examples: the ready-made projects, from the folder `projects/` if there is one, else from the program itself.
//!
//! The folder is looked for beside the program and above it, and from the current folder upwards. An installed program
//! carries their texts, so that the menu is never empty.

use std::path::{Path, PathBuf};

/// Texts of the examples that every program carries.
const CARRIED: &[(&str, &str)] = &[
    ("console-echo", include_str!("../../../projects/console-echo.json")),
    ("echo-server", include_str!("../../../projects/echo-server.json")),
    ("meow-mix", include_str!("../../../projects/meow-mix.json")),
    ("race", include_str!("../../../projects/race.json")),
    ("simple-radio", include_str!("../../../projects/simple-radio.json")),
    ("single-echo", include_str!("../../../projects/single-echo.json")),
    ("slideshow", include_str!("../../../projects/slideshow.json")),
    ("unix-pipeline", include_str!("../../../projects/unix-pipeline.json")),
];

/// Where an example is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Example {
    /// A file.
    File(PathBuf),
    /// A text in the program.
    Text(&'static str),
}

/// The examples there are.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    names: Vec<String>,
    folder: Option<PathBuf>,
}

impl Examples {
    /// Looks for them.
    pub fn find() -> Self {
        let folder = folder();
        let mut names: Vec<String> = match &folder {
            Some(folder) => std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(name_of).collect(),
            None => CARRIED.iter().map(|(name, _)| (*name).to_owned()).collect(),
        };
        names.sort();
        Self { names, folder }
    }

    /// Their names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the example of this name is.
    pub fn get(&self, name: &str) -> Option<Example> {
        if let Some(folder) = &self.folder {
            let path = folder.join(format!("{name}.json"));
            return self.names.iter().any(|known| known == name).then_some(Example::File(path));
        }
        CARRIED.iter().find(|(known, _)| *known == name).map(|(_, text)| Example::Text(text))
    }
}

fn name_of(entry: std::fs::DirEntry) -> Option<String> {
    let path = entry.path();
    let is_project = path.extension().is_some_and(|extension| extension == "json") && path.is_file();
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
    CARRIED.iter().any(|(name, _)| folder.join(format!("{name}.json")).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_found() {
        let examples = Examples::find();
        assert!(!examples.names().is_empty());
        assert!(examples.names().iter().all(|name| examples.get(name).is_some()));
        let carried = Examples { names: vec!["meow-mix".to_owned()], folder: None };
        assert!(matches!(carried.get("meow-mix"), Some(Example::Text(text)) if text.contains("kamaelia-compose/1")));
    }
}
