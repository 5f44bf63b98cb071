//! App: owns all state of the window; eframe `logic` and `ui`; the order of one frame.

use std::path::PathBuf;

/// Opens the window, with a project if one is named, and returns when it is closed.
pub fn open_window(path: Option<PathBuf>) -> anyhow::Result<()> {
    anyhow::bail!("the window of {path:?} is not there yet")
}
