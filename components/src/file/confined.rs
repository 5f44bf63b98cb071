//! Confined paths: names from messages that must stay inside a folder.
//!
//! Blocks. Names are plain relative paths, and no symbolic link on the way may lead out of the folder either. This
//! does not protect against another program that replaces a folder with a link at the same moment; a message cannot do
//! that.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::{Component as Part, Path, PathBuf};

use super::open::Refusal;

/// How many symbolic links in a row are followed, as in Linux.
const MOST_LINKS: usize = 40;

/// Creates `folder`, and in it the folders that `name` contains. Returns the path of the file to write, which is not a
/// symbolic link: links inside the folder are followed.
pub(super) fn path_inside(folder: &Path, name: &str) -> Result<PathBuf> {
    let mut parts = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Part::Normal(part) => parts.push(part),
            Part::CurDir => {}
            Part::ParentDir | Part::RootDir | Part::Prefix(_) => return Err(Refusal::Outside.into()),
        }
    }
    let Some(file_name) = parts.pop() else { return Err(Refusal::Outside.into()) };
    fs::create_dir_all(folder)?;
    let root = fs::canonicalize(folder)?;
    let mut inside = root.clone();
    for part in parts {
        let next = inside.join(part);
        match fs::create_dir(&next) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => inside = confined(&root, fs::canonicalize(next)?)?,
        }
    }
    target(&root, inside.join(file_name))
}

/// Follows symbolic links to the file that they name, which need not exist.
fn target(root: &Path, mut path: PathBuf) -> Result<PathBuf> {
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

fn confined(root: &Path, path: PathBuf) -> Result<PathBuf> {
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
            assert_eq!(Refusal::of(&error), Some(Refusal::Outside), "{name}: {error}");
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
}
