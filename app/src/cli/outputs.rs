//! The files that `run` writes on request: the recording, the trace and the statistics.
//!
//! They must not overwrite the project, a file that a component uses, or each other. This is checked before any of them
//! is created.

use std::path::{Path, PathBuf};

use compose_runtime::registry::Registry;

use super::command_line::RunArguments;
use crate::project::{FileId, Project};

/// The argument that means standard input or standard output.
pub const STANDARD: &str = "-";

/// A requested output could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot write {}", .0.display())]
pub struct CannotWrite(pub PathBuf);

/// Why the requested files were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// The option needs a file.
    #[error("{0} needs the name of a file; it does not work with standard input or output")]
    NotStandard(&'static str),
    /// The file is the project itself.
    #[error("{option} would overwrite the project; choose another file: {}", path.display())]
    Project {
        /// The option.
        option: &'static str,
        /// Its file.
        path: PathBuf,
    },
    /// A component reads or writes the file.
    #[error("{option} would overwrite a file of {component}; choose another file: {}", path.display())]
    Used {
        /// The option.
        option: &'static str,
        /// The component.
        component: String,
        /// Its file.
        path: PathBuf,
    },
    /// Two options name the same file.
    #[error("{first} and {second} name the same file; choose different files: {}", path.display())]
    Same {
        /// One option.
        first: &'static str,
        /// The other option.
        second: &'static str,
        /// Their file.
        path: PathBuf,
    },
}

fn is_standard(file: Option<&Path>) -> bool {
    file == Some(Path::new(STANDARD))
}

/// Refuses standard input and output where a file is needed.
pub fn check_files(arguments: &RunArguments) -> Result<(), OutputError> {
    let needed = [("--record", &arguments.record), ("--replay", &arguments.replay)];
    match needed.into_iter().find(|(_, file)| is_standard(file.as_deref())) {
        Some((option, _)) => Err(OutputError::NotStandard(option)),
        None => Ok(()),
    }
}

/// Refuses files that must not be written.
pub fn check_outputs(arguments: &RunArguments, project: &Project, registry: &Registry) -> Result<(), OutputError> {
    let mut named: Vec<(&'static str, FileId)> = Vec::new();
    let replay = arguments.replay.as_deref().and_then(FileId::of);
    named.extend(replay.map(|id| ("--replay", id)));
    let project_file = project.path().and_then(FileId::of);
    let uses = project.file_uses(registry);
    for (option, file) in
        [("--record", &arguments.record), ("--trace", &arguments.trace), ("--stats", &arguments.stats)]
    {
        let Some(path) = file.as_ref().filter(|file| !is_standard(Some(file))) else { continue };
        let Some(id) = FileId::of(path) else { continue };
        let path = path.clone();
        if project_file.as_ref() == Some(&id) {
            return Err(OutputError::Project { option, path });
        }
        if let Some(used) = uses.iter().find(|used| used.id == id) {
            let component = project.document.path_name(used.node);
            return Err(OutputError::Used { option, component, path });
        }
        if let Some((first, _)) = named.iter().find(|(_, known)| *known == id) {
            return Err(OutputError::Same { first, second: option, path });
        }
        named.push((option, id));
    }
    Ok(())
}
