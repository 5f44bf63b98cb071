//! Store: opens and saves project files.
//!
//! Saving is atomic: the new text goes to a temporary file, which then replaces the old file in one step. A file that
//! could be read only in part is copied to `NAME.damaged` before it is overwritten.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::Project;
use super::format::{from_text, to_text};
use crate::document::{Place, Problem, Severity};

/// The largest file that is opened, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// A project and the problems of its file.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The parts of the project that could be read.
    pub project: Project,
    /// The problems, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Why a file could not be opened or saved.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file could not be read.
    #[error("cannot open the project: {error}; check the file name and its permissions: {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The file is too large.
    #[error("cannot open the project: the file is larger than {} MB: {}", LARGEST / 1024 / 1024, path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("cannot save the project: {error}; the old file is unchanged: {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The project has no file yet.
    #[error("the project has no file yet; use Save as to choose one")]
    NoPath,
}

/// Opens a project file. Mistakes in its content are problems, not errors.
pub fn open(path: &Path) -> Result<Opened, StoreError> {
    let bytes = read_bounded(path).map_err(|error| StoreError::Read { path: path.to_owned(), error })?;
    let Some(bytes) = bytes else { return Err(StoreError::TooLarge { path: path.to_owned() }) };
    let (text, not_text) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
            let place = Place::File { line, keys: String::new() };
            let remedy = "save the file as UTF-8; unreadable characters were replaced";
            let problem = Problem::new(Severity::Error, place, "the file is not UTF-8 text", remedy);
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(problem))
        }
    };
    let (document, mut problems) = from_text(&text);
    problems.splice(0..0, not_text);
    let is_damaged = problems.iter().any(Problem::is_error);
    let project = Project { path: Some(path.to_owned()), is_damaged, ..Project::of_document(document) };
    Ok(Opened { project, problems })
}

/// Saves the project to its file.
pub fn save(project: &mut Project) -> Result<Option<PathBuf>, StoreError> {
    let path = project.path.clone().ok_or(StoreError::NoPath)?;
    save_as(project, &path)
}

/// Saves the project to a file, which becomes the file of the project. If saving fails, the old file is unchanged. A damaged
/// file is copied first; returns the path of the copy.
pub fn save_as(project: &mut Project, path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let fail = |error| StoreError::Write { path: path.to_owned(), error };
    let mut copy = None;
    if project.is_damaged && project.path.as_deref() == Some(path) {
        let mut target = OsString::from(path);
        target.push(".damaged");
        fs::copy(path, &target).map_err(fail)?;
        copy = Some(PathBuf::from(target));
    }
    write_atomically(path, to_text(&project.document).as_bytes()).map_err(fail)?;
    project.path = Some(path.to_owned());
    project.is_damaged = false;
    Ok(copy)
}

/// `None` if the file is too large.
fn read_bounded(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

/// Writes `bytes` to a temporary file, which then replaces the file in one step.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Follow a symbolic link, so that it stays a link and its target is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kamaelia-compose-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions =
            fs::metadata(&path).map_or_else(|_| fs::Permissions::from_mode(0o666), |old| old.permissions());
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    // The new name survives a power cut only after the folder is synced. Not every file system supports this.
    #[cfg(unix)]
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::{EditCommand, Node, NodeId};

    fn project() -> Project {
        let mut project = Project::new();
        project.document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(1), "a", "NullSink") }).unwrap();
        project
    }

    #[test]
    fn a_saved_project_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        let mut saved = project();
        assert!(matches!(save(&mut saved), Err(StoreError::NoPath)));
        save_as(&mut saved, &path).unwrap();
        let opened = open(&path).unwrap();
        assert_eq!(to_text(&opened.project.document), to_text(&saved.document));
        assert!(opened.problems.is_empty());
        assert_eq!((opened.project.title(), opened.project.base_folder()), ("x".into(), folder.path().to_owned()));
    }

    #[test]
    fn a_failed_save_keeps_the_old_file_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), "kept").unwrap();
        let error = save_as(&mut project(), &path).unwrap_err().to_string();
        assert!(error.contains("the old file is unchanged"), "{error}");
        assert_eq!(fs::read_to_string(path.join("inside")).unwrap(), "kept");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn saving_over_a_damaged_file_copies_it_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, "{ \"format\"").unwrap();
        let mut opened = open(&path).unwrap();
        assert!(opened.project.is_damaged());
        save(&mut opened.project).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("x.json.damaged")).unwrap(), "{ \"format\"");
        assert!(open(&path).unwrap().problems.is_empty());
    }

    #[test]
    fn a_binary_file_is_a_problem_and_a_missing_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, b"{\n\xff").unwrap();
        assert_eq!(open(&path).unwrap().problems[0].place, Place::File { line: 2, keys: String::new() });
        assert!(matches!(open(&folder.path().join("none.json")), Err(StoreError::Read { .. })));
    }
}
