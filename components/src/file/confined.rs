//! Confined paths: names from messages that must stay inside a folder.
//!
//! Blocks. Names are plain relative paths, and no symbolic link in a path may point outside the folder. This does not
//! protect against another program that concurrently replaces a folder with a link; a message cannot do that.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Component as Part, Path, PathBuf};

use super::open::Refusal;

/// How many symbolic links in a row are followed: the same limit as in Linux.
const MOST_LINKS: usize = 40;

/// Why a name cannot be used as the path of a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameError {
    /// This folder in the path cannot be used.
    #[error("{}: {error}", path.display())]
    Folder { path: PathBuf, error: Error },
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] Error),
}

impl From<Refusal> for NameError {
    fn from(refusal: Refusal) -> Self {
        Self::File(refusal.into())
    }
}

/// Creates `folder` and, inside it, the folders in `name`. Returns the path of the file to write, which is not a
/// symbolic link: links inside the folder are followed.
pub(super) fn path_inside(folder: &Path, name: &str) -> Result<PathBuf, NameError> {
    let mut parts = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Part::Normal(part) => parts.push(part),
            Part::CurDir => {}
            Part::ParentDir | Part::RootDir | Part::Prefix(_) => return Err(Refusal::Outside.into()),
        }
    }
    let Some(file_name) = parts.pop() else { return Err(Refusal::Outside.into()) };
    // The components of a path omit a trailing separator or dot.
    if !name.ends_with(file_name.to_str().unwrap_or_default()) {
        return Err(Refusal::FolderName.into());
    }
    let root = existing(folder)?;
    let mut inside = root.clone();
    for part in parts {
        inside = confined(&root, existing(&inside.join(part))?)?;
    }
    Ok(target(&root, inside.join(file_name))?)
}

/// Creates a folder and its parents unless they exist. Returns its path without links.
fn existing(folder: &Path) -> Result<PathBuf, NameError> {
    fs::create_dir_all(folder).and_then(|()| fs::canonicalize(folder)).map_err(|error| {
        // The nearest existing ancestor shows what is wrong.
        let found = folder.ancestors().find(|path| fs::symlink_metadata(path).is_ok()).unwrap_or(folder);
        let error = match fs::metadata(found) {
            Ok(data) if !data.is_dir() => ErrorKind::NotADirectory.into(),
            Err(_) if fs::symlink_metadata(found).is_ok_and(|data| data.is_symlink()) => Refusal::BrokenLink.into(),
            Ok(_) | Err(_) => error,
        };
        NameError::Folder { path: found.to_owned(), error }
    })
}

/// Follows symbolic links to the target file, which need not exist.
fn target(root: &Path, mut path: PathBuf) -> Result<PathBuf, Error> {
    for _ in 0..MOST_LINKS {
        let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        if !is_link {
            return Ok(path);
        }
        let linked = path.parent().unwrap_or(root).join(fs::read_link(&path)?);
        let (Some(parent), Some(file_name)) = (linked.parent(), linked.file_name()) else {
            return Err(Refusal::Outside.into());
        };
        path = confined(root, fs::canonicalize(parent)?)?.join(file_name);
    }
    Err(Error::other("too many symbolic links"))
}

fn confined(root: &Path, path: PathBuf) -> Result<PathBuf, Error> {
    if path.starts_with(root) { Ok(path) } else { Err(Refusal::Outside.into()) }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn neither_names_nor_links_lead_out_of_the_folder() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("folder");
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::create_dir(base.path().join("elsewhere")).unwrap();
        symlink("../elsewhere", folder.join("out")).unwrap();
        symlink("../elsewhere/file", folder.join("file_out")).unwrap();
        symlink(base.path().join("new"), folder.join("new_out")).unwrap();
        for name in ["../a", "/tmp/a", "sub/../../a", "", ".", "out/a", "out/deep/a", "file_out", "new_out"] {
            let error = path_inside(&folder, name).unwrap_err();
            assert!(
                matches!(&error, NameError::File(error) if Refusal::of(error) == Some(Refusal::Outside)),
                "{name}: {error}"
            );
        }
        assert_eq!(fs::read_dir(base.path().join("elsewhere")).unwrap().count(), 0, "no folder is created there");
    }

    #[test]
    fn links_that_stay_inside_are_followed() {
        let base = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(base.path()).unwrap();
        fs::create_dir(root.join("sub")).unwrap();
        symlink("sub", root.join("other")).unwrap();
        symlink("second", root.join("first")).unwrap();
        symlink("sub/file", root.join("second")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        assert_eq!(path_inside(&root, "other/a").unwrap(), root.join("sub/a"));
        assert_eq!(path_inside(&root, "first").unwrap(), root.join("sub/file"));
        assert!(path_inside(&root, "loop").is_err());
    }

    #[test]
    fn a_part_that_is_not_a_folder_is_named() {
        let base = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(base.path()).unwrap();
        fs::write(root.join("file"), "").unwrap();
        symlink("loop", root.join("loop")).unwrap();
        symlink("nothing", root.join("dangling")).unwrap();
        let culprit = |folder: &str, name: &str| match path_inside(&root.join(folder), name).unwrap_err() {
            NameError::Folder { path, error } => {
                (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), Refusal::of(&error), error.kind())
            }
            NameError::File(error) => panic!("{folder} {name}: {error}"),
        };
        for (folder, name) in [("file", "a"), ("file/sub", "a"), ("", "file/a"), ("", "file/sub/a")] {
            assert_eq!(culprit(folder, name), ("file".to_owned(), None, ErrorKind::NotADirectory), "{folder} {name}");
        }
        for link in ["loop", "dangling"] {
            let expected = (link.to_owned(), Some(Refusal::BrokenLink), ErrorKind::InvalidInput);
            assert_eq!(culprit(link, "a"), expected);
            assert_eq!(culprit("", &format!("{link}/a")), expected);
        }
    }

    #[test]
    fn a_name_that_ends_like_a_folder_is_refused() {
        let base = tempfile::tempdir().unwrap();
        for name in ["trail/", "trail//", "trail/.", "sub/trail/./"] {
            let error = path_inside(base.path(), name).unwrap_err();
            let is_refused =
                matches!(&error, NameError::File(error) if Refusal::of(error) == Some(Refusal::FolderName));
            assert!(is_refused, "{name}: {error}");
        }
        for name in ["a.", "./a", "sub//a", "..a"] {
            assert!(path_inside(base.path(), name).is_ok(), "{name}");
        }
    }
}
