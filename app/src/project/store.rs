//! Store: opens and saves project files.
//!
//! Saving is atomic: the new text goes to a temporary file, which then replaces the old file in one step. A file that
//! could be read only in part is copied to `NAME.damaged` before it is overwritten.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::Project;
use super::fingerprint::Fingerprint;
use super::format::{from_text, to_text};
use crate::document::{Document, Place, Problem, Severity};

/// The largest file that is opened, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// The longest first line that is kept, in bytes; systems read less of it.
const LONGEST_SHEBANG: u64 = 4096;

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
    /// Another program has changed the file.
    #[error("the project was not saved: its file has been changed by another program: {}", path.display())]
    ChangedOnDisk {
        /// The file.
        path: PathBuf,
    },
    /// The project has no file yet.
    #[error("the project has no file yet; use Save as to choose one")]
    NoPath,
}

/// What errors name instead of a path when a project is read from standard input.
pub const STANDARD_INPUT: &str = "standard input";

/// Opens a project file. Mistakes in its content are problems, not errors.
pub fn open(path: &Path) -> Result<Opened, StoreError> {
    let file = fs::File::open(path).map_err(|error| StoreError::Read { path: path.to_owned(), error })?;
    let Opened { project, problems } = read_from(file, path)?;
    Ok(Opened { project: Project { path: Some(path.to_owned()), ..project }, problems })
}

/// Reads a project that has no file, from standard input. Relative paths in it start from the current folder.
pub fn read(from: impl io::Read) -> Result<Opened, StoreError> {
    read_from(from, Path::new(STANDARD_INPUT))
}

/// Reads a project. Errors name `path`.
fn read_from(from: impl io::Read, path: &Path) -> Result<Opened, StoreError> {
    let bytes = read_bounded(from).map_err(|error| StoreError::Read { path: path.to_owned(), error })?;
    let Some(bytes) = bytes else { return Err(StoreError::TooLarge { path: path.to_owned() }) };
    let fingerprint = Fingerprint::of(&bytes);
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
    let project = Project { fingerprint: Some(fingerprint), is_damaged, ..Project::of_document(document) };
    Ok(Opened { project, problems })
}

/// Saves the project to its file. Refused if the file has changed since the project was opened or saved.
pub fn save(project: &mut Project) -> Result<Option<PathBuf>, StoreError> {
    let path = project.path.clone().ok_or(StoreError::NoPath)?;
    if project.fingerprint.is_some()
        && let Some(bytes) = fs::File::open(&path).and_then(read_bounded).ok().flatten()
        && project.fingerprint != Some(Fingerprint::of(&bytes))
    {
        return Err(StoreError::ChangedOnDisk { path });
    }
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
    let text = file_text(&project.document, path);
    write_atomically(path, text.as_bytes()).map_err(fail)?;
    project.mark_saved_at(path.to_owned(), Fingerprint::of(text.as_bytes()));
    Ok(copy)
}

/// The first line of a file if it begins with `#!`, so that a project that can be started as a program stays one.
fn shebang_of(path: &Path) -> String {
    let mut line = Vec::new();
    // Without the old file, or if it is not text, there is nothing to keep.
    let read = fs::File::open(path)
        .and_then(|file| io::BufReader::new(file.take(LONGEST_SHEBANG)).read_until(b'\n', &mut line));
    let text = read.ok().and_then(|_| String::from_utf8(line).ok());
    text.filter(|text| text.starts_with("#!") && text.ends_with('\n')).unwrap_or_default()
}

/// The text that saving a document writes to a file. A shebang line is kept.
pub fn file_text(document: &Document, path: &Path) -> String {
    shebang_of(path) + to_text(document).as_str()
}

/// `None` if the file is too large.
fn read_bounded(from: impl io::Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

/// Writes `bytes` to a temporary file, which then replaces the file in one step.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = target_of(path);
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
    sync_folder(&path);
    Ok(())
}

/// Syncs the folder of a file that has a new name: only then does the name survive a power cut. Not every file system
/// supports this.
pub fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// The file behind a symbolic link, so that the link stays a link and its target is written, even if the target does not
/// exist yet.
fn target_of(path: &Path) -> PathBuf {
    if let Ok(target) = fs::canonicalize(path) {
        return target;
    }
    let mut path = path.to_owned();
    // As many links as the operating system follows.
    for _ in 0..40 {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    path
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
    fn a_first_line_for_the_shell_is_ignored_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        let first = "#!/usr/bin/env -S kamaelia-compose run\n";
        fs::write(&path, format!("{first}{}", to_text(&project().document))).unwrap();
        let mut opened = open(&path).unwrap();
        assert!(opened.problems.is_empty(), "{:?}", opened.problems);
        save(&mut opened.project).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{first}{}", to_text(&project().document)));
        fs::write(&path, "#! only this line").unwrap();
        assert!(open(&path).unwrap().project.is_damaged());
        fs::write(&path, format!("{first}{{ \"format\": 3 }}")).unwrap();
        assert!(matches!(open(&path).unwrap().problems[0].place, Place::File { line: 2, .. }));
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
    fn a_binary_file_gives_a_problem_and_a_missing_file_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, b"{\n\xff").unwrap();
        assert_eq!(open(&path).unwrap().problems[0].place, Place::File { line: 2, keys: String::new() });
        assert!(matches!(open(&folder.path().join("none.json")), Err(StoreError::Read { .. })));
    }

    #[test]
    fn a_file_that_another_program_changed_is_not_overwritten_unless_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        let mut mine = project();
        save_as(&mut mine, &path).unwrap();
        save(&mut mine).unwrap();
        fs::write(&path, "{ \"format\": \"kamaelia-compose/1\" }").unwrap();
        let error = save(&mut mine).unwrap_err();
        assert!(matches!(error, StoreError::ChangedOnDisk { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "{ \"format\": \"kamaelia-compose/1\" }");
        save_as(&mut mine, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), to_text(&mine.document));
        fs::remove_file(&path).unwrap();
        save(&mut mine).unwrap();
        assert!(path.exists(), "a file that was removed is written again");
    }

    #[cfg(unix)]
    #[test]
    fn saving_over_a_link_writes_its_target_and_keeps_the_link() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link.json"), folder.path().join("deep/target.json"));
        fs::create_dir(folder.path().join("deep")).unwrap();
        std::os::unix::fs::symlink("deep/target.json", &link).unwrap();
        for _ in 0..2 {
            save_as(&mut project(), &link).unwrap();
            assert!(link.is_symlink() && !target.is_symlink());
            assert_eq!(open(&target).unwrap().project.document.node_count(), 1);
        }
    }
}
