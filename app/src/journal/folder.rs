//! The folder of the journals: one file for each window, locked while the window is open.
//!
//! A lock ends with its process, however the process ends. A journal that can be locked therefore has no owner.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::moment::now_ms;
use crate::project::store::sync_folder;

/// The extension of journals.
const EXTENSION: &str = "journal";

/// The extension of journals that are not complete yet.
const UNNAMED: &str = "new";

/// The largest journal that is read, in bytes.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// A name for the journal of a new window that no other window uses.
pub fn new_file(folder: &Path) -> PathBuf {
    let (ms, process) = (now_ms(), std::process::id());
    let name = |number: u32| folder.join(format!("{ms}-{process}-{number}.{EXTENSION}"));
    (0..u32::MAX).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}

/// Writes a new journal in one step, and locks it. It replaces an older one at the same path.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Another window must never see a journal that is not locked yet, so it gets its name last.
    let unnamed = path.with_extension(UNNAMED);
    let written = (|| {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Projects can contain passwords.
            options.mode(0o600);
        }
        let mut file = options.open(&unnamed)?;
        file.set_len(0)?;
        // Some file systems have no locks. Two windows could then offer the same journal, which loses nothing.
        let _ = file.try_lock();
        file.write_all(bytes)?;
        file.sync_data()?;
        fs::rename(&unnamed, path)?;
        sync_folder(path);
        Ok(file)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&unnamed);
    }
    written
}

/// The journals that no window holds, oldest first, each locked for the caller.
pub fn abandoned(folder: &Path) -> Vec<(PathBuf, File)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    for half_written in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == UNNAMED)) {
        // It has never been a journal; the window that began to write it has ended.
        if lock(half_written).is_some() {
            let _ = fs::remove_file(half_written);
        }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
    paths.sort();
    paths.into_iter().filter_map(|path| lock(&path).map(|file| (path, file))).collect()
}

fn lock(path: &Path) -> Option<File> {
    let file = OpenOptions::new().read(true).append(true).open(path).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return None,
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    // The owner may have removed the file between opening and locking.
    path.exists().then_some(file)
}

/// Reads a journal that was locked.
pub fn read(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
