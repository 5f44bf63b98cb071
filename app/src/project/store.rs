//! Store: opening and saving project files.
//!
//! Saving is atomic: the new text is written beside the old file and takes its place in one step, so that the old file is
//! whole until the new one is. A file that could not be read whole is kept beside as `NAME.damaged` when it is saved over.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::Project;
use super::format::{from_text, to_text};
use crate::document::{Place, Problem, Severity};

/// The largest file that is opened, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// A project, and everything that was wrong with its file.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The project as far as it could be read.
    pub project: Project,
    /// What was wrong with the file, in its order.
    pub problems: Vec<Problem>,
}

/// Why a file could not be opened or saved.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It could not be read.
    #[error("cannot open the project: {error}; check name and permissions: {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It is larger than any project.
    #[error("a file of more than {} MB is no project: {}", LARGEST / 1024 / 1024, path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// It could not be written; the old file is as it was.
    #[error("cannot save the project: {error}; the old file is as it was: {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The project has no file yet.
    #[error("the project has no file yet; choose one with save as")]
    NoPath,
}

/// Opens a project file. Whatever is wrong with its content is a problem, not an error.
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

/// Saves to the project's own file.
pub fn save(project: &mut Project) -> Result<Option<PathBuf>, StoreError> {
    let path = project.path.clone().ok_or(StoreError::NoPath)?;
    save_as(project, &path)
}

/// Saves to a file, which is the project's own from then on. If it fails, the old file is as it was. A damaged file is
/// copied beside it first: gives where to.
pub fn save_as(project: &mut Project, path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let fail = |error| StoreError::Write { path: path.to_owned(), error };
    let mut kept = None;
    if project.is_damaged && project.path.as_deref() == Some(path) {
        let mut beside = OsString::from(path);
        beside.push(".damaged");
        fs::copy(path, &beside).map_err(fail)?;
        kept = Some(PathBuf::from(beside));
    }
    write_atomically(path, to_text(&project.document).as_bytes()).map_err(fail)?;
    project.path = Some(path.to_owned());
    project.is_damaged = false;
    Ok(kept)
}

/// `None` if the file is too large.
fn read_bounded(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

/// Writes `bytes` beside the file, then puts them in its place in one step.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: the file it leads to is replaced.
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
    // The new name outlasts a power cut only once the folder is written, too; where that cannot be asked for, so be it.
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
    fn what_was_saved_is_opened() {
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
    fn a_failed_save_leaves_the_old_file_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), "kept").unwrap();
        let words = save_as(&mut project(), &path).unwrap_err().to_string();
        assert!(words.contains("the old file is as it was"), "{words}");
        assert_eq!(fs::read_to_string(path.join("inside")).unwrap(), "kept");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn saving_over_a_damaged_file_keeps_it() {
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
    fn what_is_no_text_is_a_problem_and_what_is_no_file_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, b"{\n\xff").unwrap();
        assert_eq!(open(&path).unwrap().problems[0].place, Place::File { line: 2, keys: String::new() });
        assert!(matches!(open(&folder.path().join("none.json")), Err(StoreError::Read { .. })));
    }
}
