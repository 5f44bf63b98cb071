//! Error messages for file operations. Each says what happened and what to do; the path comes last.

use std::io::{Error, ErrorKind};
use std::path::Path;

use compose_runtime::dev::*;

use super::open::Refusal;

/// The fault for a file that cannot be read. The reader has the setting `any_kind`.
pub(super) fn reading(path: &Path, error: &Error) -> Fault {
    let path = path.display();
    if let Some(refusal @ Refusal::NotRegular(_)) = Refusal::of(error) {
        return Fault::new(format!("{refusal}; choose another file, or turn on any_kind: {path}"));
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

/// The fault for a file that cannot be written.
pub(super) fn writing(path: &Path, error: &Error) -> Fault {
    let path = path.display();
    match Refusal::of(error) {
        Some(Refusal::Outside) => {
            return Fault::new(format!(
                "this name is empty or leads out of the folder; use a relative path without links to other folders: {path}"
            ));
        }
        Some(refusal @ Refusal::NotRegular(_)) => {
            return Fault::new(format!("{refusal}; choose another name: {path}"));
        }
        None => {}
    }
    Fault::new(match error.kind() {
        ErrorKind::NotFound => {
            format!("the folder for this file does not exist; create it or choose another one: {path}")
        }
        ErrorKind::PermissionDenied => {
            format!("no permission to write this file; change its permissions or choose another file: {path}")
        }
        ErrorKind::IsADirectory => format!("this is a folder; choose a file name: {path}"),
        ErrorKind::AlreadyExists => {
            format!("this file already exists; turn on overwrite, set mode to append, or choose another name: {path}")
        }
        _ => format!("the file cannot be written ({error}): {path}"),
    })
}
