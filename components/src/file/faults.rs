//! Error messages for file operations. Each states what happened and what to do; the path comes last.

use std::io::{Error, ErrorKind};
use std::path::Path;

use compose_runtime::dev::*;

use super::open::Refusal;

/// The fault for a file that cannot be read. `has_any_kind` is true if the reader has the setting `any_kind`.
pub(crate) fn reading(path: &Path, error: &Error, has_any_kind: bool) -> Fault {
    let path = path.display();
    if let Some(refusal @ Refusal::NotRegular(_)) = Refusal::of(error) {
        let remedy = if has_any_kind { ", or turn on any_kind" } else { "" };
        return Fault::new(format!("{refusal}; choose another file{remedy}: {path}"));
    }
    Fault::new(match error.kind() {
        ErrorKind::NotFound => format!("this file does not exist; choose another file: {path}"),
        ErrorKind::PermissionDenied => {
            format!("no permission to read this file; change its permissions or choose another file: {path}")
        }
        ErrorKind::IsADirectory => format!("this is a folder; choose a file: {path}"),
        _ => format!("the file cannot be read ({error}): {path}"),
    })
}

/// How a writer gets the names of its files, which determines what the user can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// From the setting `filename`; the writer also has the settings `mode` and `any_kind`.
    OneFile,
    /// From messages.
    WholeFiles,
}

/// The fault for a file that cannot be written.
pub(super) fn writing(path: &Path, error: &Error, writer: Writer) -> Fault {
    let path = path.display();
    let is_one = writer == Writer::OneFile;
    match Refusal::of(error) {
        Some(Refusal::Outside) => {
            return Fault::new(format!(
                "this name is empty or outside the folder; use a relative path without links to other folders: {path}"
            ));
        }
        Some(refusal @ Refusal::FolderName) => {
            return Fault::new(format!("{refusal}; remove the slash at its end: {path}"));
        }
        Some(refusal @ Refusal::NotRegular(_)) => {
            let remedy = if is_one { ", or turn on any_kind" } else { "" };
            return Fault::new(format!("{refusal}; choose another name{remedy}: {path}"));
        }
        Some(Refusal::BrokenLink) | None => {}
    }
    Fault::new(match error.kind() {
        ErrorKind::NotFound => {
            format!("the folder for this file does not exist; create it or choose another one: {path}")
        }
        ErrorKind::PermissionDenied => {
            format!("no permission to write this file; change its permissions or choose another file: {path}")
        }
        ErrorKind::IsADirectory => format!("this is a folder; choose a file name: {path}"),
        ErrorKind::AlreadyExists if is_one => {
            format!("this file already exists; turn on overwrite, set mode to append, or choose another name: {path}")
        }
        ErrorKind::AlreadyExists => {
            format!("this file already exists; turn on overwrite or choose another name: {path}")
        }
        _ => format!("the file cannot be written ({error}): {path}"),
    })
}

/// The fault for a folder that cannot be used.
pub(super) fn folder(path: &Path, error: &Error) -> Fault {
    let path = path.display();
    if let Some(refusal @ Refusal::BrokenLink) = Refusal::of(error) {
        return Fault::new(format!("{refusal}; choose a folder: {path}"));
    }
    Fault::new(match error.kind() {
        ErrorKind::NotFound => format!("this folder does not exist; choose another folder: {path}"),
        ErrorKind::NotADirectory => format!("this is not a folder; choose a folder: {path}"),
        ErrorKind::PermissionDenied => {
            format!("no permission to use this folder; change its permissions or choose another folder: {path}")
        }
        _ => format!("the folder cannot be used ({error}): {path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_setting_that_the_reader_has_is_recommended() {
        let error = Error::from(Refusal::NotRegular("a device"));
        for (has_any_kind, expected) in [
            (true, "this is a device, not a regular file; choose another file, or turn on any_kind: /x"),
            (false, "this is a device, not a regular file; choose another file: /x"),
        ] {
            assert_eq!(reading(Path::new("/x"), &error, has_any_kind).text(), expected);
        }
    }
}
