//! Error messages for file operations. Each says what happened and what to do; the path comes last.

use std::io::{Error, ErrorKind};
use std::path::Path;

use compose_runtime::dev::*;

use super::open::Refusal;

/// The fault for a file that cannot be read. `has_any_kind` says whether the reader has the setting `any_kind`.
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
