//! Opens the window, or explains how to get one.

use std::path::PathBuf;

use super::terminal::report;
use super::verdict::Verdict;

/// Opens the window with a project. With `run_at_once`, also starts the project.
#[cfg(feature = "gui")]
pub fn open(file: Option<PathBuf>, run_at_once: bool) -> Verdict {
    if !has_display() {
        report(format!(
            "no display was found; log in to a desktop, connect with ssh -X, or use a virtual screen \
             (xvfb-run kamaelia-compose){}",
            instead(file.as_ref())
        ));
        return Verdict::Refused;
    }
    match crate::app::open_window(file, run_at_once) {
        Ok(()) => Verdict::Well,
        Err(error) => {
            report(format!("the window could not be opened: {error:#}"));
            Verdict::Refused
        }
    }
}

/// Explains how to build the application with the window, because this binary was built without it.
#[cfg(not(feature = "gui"))]
pub fn open(file: Option<PathBuf>, _run_at_once: bool) -> Verdict {
    report(format!(
        "this binary was built without the window; build one with cargo build --release -p compose_app{}",
        instead(file.as_ref())
    ));
    Verdict::Refused
}

fn instead(file: Option<&PathBuf>) -> String {
    let file = file.map_or_else(|| "FILE".to_owned(), |file| file.display().to_string());
    format!("; without a window, use kamaelia-compose run {file}")
}

/// Whether there is a display. Only X11 and Wayland can be checked; other systems always have a desktop.
#[cfg(feature = "gui")]
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let must_ask = cfg!(all(unix, not(any(target_os = "macos", target_os = "android", target_os = "ios"))));
    !must_ask || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}
