//! Error texts for file operations. Each says what happened and what to do; the path comes last.

use std::io::{Error, ErrorKind};
use std::path::Path;

use compose_runtime::dev::*;

/// The fault for a file that cannot be read.
pub(super) fn reading(path: &Path, error: &Error) -> Fault {
    let path = path.display();
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
