//! Opens files for reading and writing. All components that use files open them here.
//!
//! Blocks; called off the scheduler thread. Invariants: a reader opens only regular files unless the user asks for
//! another kind, because opening a named pipe waits for a writer and a device may never end; a writer opens a named
//! pipe only if the user asks for it, because opening it waits for a reader; a new file is created with mode
//! 0666 & ~umask; a symbolic link stays a link, and its target is read or written.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::Path;

use compose_runtime::dev::*;

/// The setting that makes a reader also accept files that are not regular.
pub(crate) const ANY_KIND: ParamSpec =
    ParamSpec::switch("any_kind", false, "Also read named pipes and devices, which may wait or never end");

/// The setting that makes a writer also accept named pipes.
pub(super) const ANY_KIND_TO_WRITE: ParamSpec =
    ParamSpec::switch("any_kind", false, "Also write to a named pipe, which waits until another program reads it");

/// The setting `filename` of a reader or a writer, which must not be empty.
pub(crate) fn file_name(params: &Params) -> std::result::Result<String, ParamError> {
    let name = params.text("filename");
    if name.is_empty() { Err(ParamError::Other("filename: enter a file name".to_owned())) } else { Ok(name) }
}

/// Why a file is not opened although the operating system would open it. Wrapped in an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The path points to this kind of file.
    #[error("this is {0}, not a regular file")]
    NotRegular(&'static str),
    /// The path is outside the folder to which it is confined.
    #[error("this path is outside the folder")]
    Outside,
    /// The name of a file ends like the name of a folder.
    #[error("this is the name of a folder")]
    FolderName,
    /// A symbolic link points to itself or to a path that does not exist.
    #[error("this link does not point to a folder")]
    BrokenLink,
}

impl Refusal {
    /// The refusal inside an error, if there is one.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref()).copied()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::InvalidInput, refusal)
    }
}

/// How a file is opened for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteMode {
    /// The file must not exist.
    New,
    /// An existing file is truncated.
    Replace,
    /// Everything is appended to an existing file.
    Append,
}

/// Opens a file for reading. Unless `any_kind` is set, a path that points to anything but a regular file is refused
/// before it is opened.
pub(crate) fn to_read(path: &Path, any_kind: bool) -> Result<File> {
    let check = |kind: FileType| if kind.is_dir() || !any_kind { regular(kind) } else { Ok(()) };
    check(fs::metadata(path)?.file_type())?;
    let file = File::open(path)?;
    // The path may now point to another file.
    check(file.metadata()?.file_type())?;
    Ok(file)
}

/// The path in a text message. Only a trailing line break is removed, because a name may begin or end with a space.
pub(crate) fn name_in(text: &str) -> &str {
    crate::text::without_line_end(text)
}

/// Whether the path points to a named pipe; opening one for writing waits for a reader.
pub(super) fn is_pipe(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| name_of(data.file_type()) == NAMED_PIPE)
}

/// Opens a file for writing. Devices are accepted; unless `any_kind` is set, a named pipe is refused before it is
/// opened.
pub(super) fn to_write(path: &Path, mode: WriteMode, any_kind: bool) -> Result<File> {
    if !any_kind && is_pipe(path) {
        return Err(Refusal::NotRegular(NAMED_PIPE).into());
    }
    let mut options = OpenOptions::new();
    match mode {
        WriteMode::New => options.write(true).create_new(true),
        WriteMode::Replace => options.write(true).create(true).truncate(true),
        WriteMode::Append => options.append(true).create(true),
    };
    options.open(path)
}

/// Writes a complete file: the contents go to a temporary file in the same folder, which is then renamed. If it
/// replaces a file, the permissions of the old file are kept. `path` must not be a symbolic link, because the link
/// itself would be replaced.
pub(crate) fn write_whole(path: &Path, contents: &[u8], overwrite: bool) -> Result<()> {
    let old = match fs::symlink_metadata(path) {
        Ok(old) => {
            regular(old.file_type())?;
            Some(old)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if old.is_some() && !overwrite {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let mut builder = tempfile::Builder::new();
    // The umask applies to these permissions, as it does to those of any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(contents)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    let kept = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(|_| ()).map_err(|error| error.error)
}

/// Fails unless this is the type of a regular file.
fn regular(kind: FileType) -> Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    Err(Refusal::NotRegular(name_of(kind)).into())
}

const NAMED_PIPE: &str = "a named pipe";

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        NAMED_PIPE
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn name_of(_: FileType) -> &'static str {
    "a device"
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_a_regular_file_is_read_unless_another_kind_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let refusal = |path: &Path| Refusal::of(&to_read(path, false).unwrap_err());
        assert_eq!(refusal(&pipe), Some(Refusal::NotRegular("a named pipe")));
        assert_eq!(refusal(Path::new("/dev/zero")), Some(Refusal::NotRegular("a device")));
        for any_kind in [false, true] {
            assert_eq!(to_read(folder.path(), any_kind).unwrap_err().kind(), ErrorKind::IsADirectory);
        }
        assert!(to_read(Path::new("/dev/null"), true).is_ok());
    }

    #[test]
    fn no_component_accepts_an_empty_file_name() {
        let mut count = 0;
        for spec in crate::BUILTINS.iter().filter(|spec| spec.params.iter().any(|param| param.name == "filename")) {
            let params = Params::check(spec.params, [("filename", &Message::text(""))]).unwrap();
            let error = (spec.build)(&params).err().unwrap().to_string();
            assert!(error.contains("filename: enter a file name"), "{}: {error}", spec.type_name);
            count += 1;
        }
        assert!(count > 7, "{count}");
    }

    #[test]
    fn a_new_file_gets_the_permissions_that_the_umask_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        // The umask of this process determines the permissions of a file that is created without explicit permissions.
        fs::write(folder.path().join("usual"), "").unwrap();
        write_whole(&folder.path().join("whole"), b"x", false).unwrap();
        to_write(&folder.path().join("opened"), WriteMode::New, false).unwrap();
        assert_eq!((mode("whole"), mode("opened")), (mode("usual"), mode("usual")));
        fs::set_permissions(folder.path().join("whole"), fs::Permissions::from_mode(0o640)).unwrap();
        write_whole(&folder.path().join("whole"), b"y", true).unwrap();
        assert_eq!(mode("whole"), 0o640, "a replaced file keeps its permissions");
    }

    #[test]
    fn nothing_but_a_regular_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_whole(folder.path(), b"x", true).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::IsADirectory);
        std::os::unix::fs::symlink("target", folder.path().join("link")).unwrap();
        let error = write_whole(&folder.path().join("link"), b"x", true).unwrap_err();
        assert_eq!(Refusal::of(&error), Some(Refusal::NotRegular("a symbolic link")));
    }
}
