//! Which files the components of a project read and write, and which of them are used twice.
//!
//! Only files that settings name are known; a name that arrives in a message is not. Reads the disk, because two names
//! may refer to one file.

use std::path::{Path, PathBuf};

use compose_runtime::params::ParamKind;
use compose_runtime::registry::Registry;

use crate::document::{Document, NodeBody, NodeId, ParameterValues, Place, Problem, Severity};

/// The identity of a file: equal for all its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileId {
    /// An existing file: its device and its number there.
    Existing(u64, u64),
    /// A file that does not exist yet, or a system without file numbers: its path without links.
    Path(PathBuf),
}

impl FileId {
    /// The identity of the file at a path; `None` for a folder, a device or a pipe, which several uses can share.
    pub fn of(path: &Path) -> Option<Self> {
        match std::fs::metadata(path) {
            Ok(data) if data.is_file() => Some(Self::of_existing(path, &data)),
            Ok(_) => None,
            Err(_) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
                Some(Self::Path(folder.join(path.file_name()?)))
            }
        }
    }

    #[cfg(unix)]
    fn of_existing(_: &Path, data: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self::Existing(data.dev(), data.ino())
    }

    #[cfg(not(unix))]
    fn of_existing(path: &Path, _: &std::fs::Metadata) -> Self {
        Self::Path(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }
}

/// A file that a setting of a component names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUse {
    /// The component.
    pub node: NodeId,
    /// The setting.
    pub setting: &'static str,
    /// The file.
    pub id: FileId,
    /// The path in the setting.
    pub path: String,
    /// Whether the component writes it.
    pub writes: bool,
}

/// All files that the settings of components name, in order of component, with these values of the project parameters.
/// Relative paths start from `base`.
pub fn file_uses(document: &Document, registry: &Registry, values: &ParameterValues, base: &Path) -> Vec<FileUse> {
    let mut uses = Vec::new();
    for node in document.all_nodes() {
        let NodeBody::Leaf { type_name, params } = &node.body else { continue };
        let Ok(spec) = registry.get(type_name) else { continue };
        for param in spec.params {
            let writes = match param.kind {
                ParamKind::FileToWrite => true,
                ParamKind::FileToRead(_) => false,
                ParamKind::Text
                | ParamKind::LongText
                | ParamKind::Bool
                | ParamKind::Int { .. }
                | ParamKind::Float { .. }
                | ParamKind::Choice(_)
                | ParamKind::Expression
                | ParamKind::Template
                | ParamKind::List
                | ParamKind::Any => continue,
            };
            let value = params.get(param.name).and_then(|value| param.resolve(value, values).ok());
            let Some(path) = value.as_ref().and_then(|value| value.as_text()).filter(|path| !path.is_empty()) else {
                continue;
            };
            if let Some(id) = FileId::of(&base.join(path)) {
                uses.push(FileUse { node: node.id, setting: param.name, id, path: path.to_owned(), writes });
            }
        }
    }
    uses
}

/// One error for each component that writes to the project's own file, which the run would destroy.
pub fn overwrites(uses: &[FileUse], project_file: &Path) -> Vec<Problem> {
    let id = FileId::of(project_file);
    let is_own = |one: &&FileUse| one.writes && Some(&one.id) == id.as_ref();
    let problem = |one: &FileUse| {
        let message = format!("{}: this is the file of the project itself {}", one.setting, one.path);
        let remedy = "choose another file, because the component would overwrite the project";
        Problem::new(Severity::Error, Place::Node(one.node), message, remedy)
    };
    uses.iter().filter(is_own).map(problem).collect()
}

/// One error for each component that uses a file that another component writes.
pub fn conflicts(uses: &[FileUse], document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, one) in uses.iter().enumerate() {
        let clash = uses.iter().take(index).find(|other| other.id == one.id && (other.writes || one.writes));
        let Some(other) = clash else { continue };
        let name = document.path_name(other.node);
        let verb = if other.writes { "writes" } else { "reads" };
        let message = format!("{}: {name} {verb} the same file {}", one.setting, one.path);
        let remedy = "choose different files, because a file that is read and written at the same time loses data";
        problems.push(Problem::new(Severity::Error, Place::Node(one.node), message, remedy));
    }
    problems
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::project::store;

    /// The problems of a project in which `a` reads one file and `b` writes another.
    fn check(read: &str, written: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("there.txt"), "text").unwrap();
        std::fs::hard_link(folder.path().join("there.txt"), folder.path().join("hard.txt")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("there.txt", folder.path().join("soft.txt")).unwrap();
        let file = folder.path().join("x.json");
        let text = format!(
            r#"{{ "format": "kamaelia-compose/1", "components": {{
                "a": {{ "type": "SimpleReader", "params": {{ "filename": "{read}" }} }},
                "b": {{ "type": "SimpleFileWriter", "params": {{ "filename": "{written}" }} }} }} }}"#
        );
        std::fs::write(&file, text).unwrap();
        let project = store::open(&file).unwrap().project;
        let problems = project.check(&compose_components::registry());
        problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.line(&project.document))
            .collect()
    }

    #[test]
    fn two_names_of_one_file_are_one_file() {
        let names = ["there.txt", "./there.txt", "hard.txt"].into_iter().chain(cfg!(unix).then_some("soft.txt"));
        for name in names {
            let problems = check("there.txt", name);
            assert_eq!(problems.len(), 1, "{name}");
            assert!(
                problems[0].starts_with(&format!("error: b: filename: a reads the same file {name} (")),
                "{problems:?}"
            );
        }
        assert_eq!(check("new.txt", "./new.txt").len(), 1);
    }

    #[test]
    fn no_component_writes_the_file_of_the_project_itself() {
        for name in ["x.json", "./x.json"] {
            assert_eq!(
                check("there.txt", name),
                [format!(
                    "error: b: filename: this is the file of the project itself {name} (choose another file, because \
                     the component would overwrite the project)"
                )]
            );
        }
        assert_eq!(check("x.json", "new.txt"), [""; 0], "a project may read itself");
    }

    #[test]
    fn different_files_and_devices_can_be_used_together() {
        assert_eq!(check("there.txt", "new.txt"), [""; 0]);
        assert_eq!(check("/dev/null", "/dev/null"), [""; 0]);
    }
}
