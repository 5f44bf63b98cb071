//! What went wrong with a file, in words that say what to do. Paths last.

use std::io::{Error, ErrorKind};
use std::path::Path;

use compose_runtime::dev::*;

/// A file could not be read.
pub(super) fn reading(path: &Path, error: &Error) -> Fault {
    let path = path.display();
    Fault::new(match error.kind() {
        ErrorKind::NotFound => format!("there is no such file to read; choose another one: {path}"),
        ErrorKind::PermissionDenied => format!("this file may not be read; allow it or choose another one: {path}"),
        ErrorKind::IsADirectory => format!("this is a folder; choose a file: {path}"),
        _ => format!("the file cannot be read ({error}): {path}"),
    })
}

/// A file could not be written.
pub(super) fn writing(path: &Path, error: &Error) -> Fault {
    let path = path.display();
    Fault::new(match error.kind() {
        ErrorKind::NotFound => format!("there is no folder for this file; make it or choose another one: {path}"),
        ErrorKind::PermissionDenied => format!("this file may not be written; allow it or choose another one: {path}"),
        ErrorKind::IsADirectory => format!("this is a folder; choose a name for the file: {path}"),
        ErrorKind::AlreadyExists => {
            format!("this file exists; switch overwrite on, set mode to append, or choose another name: {path}")
        }
        _ => format!("the file cannot be written ({error}): {path}"),
    })
}
