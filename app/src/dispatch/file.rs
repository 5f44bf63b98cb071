//! New, open, save, recent, examples, close: commands to the project. The only place of the window that reads folders.

use std::path::{Path, PathBuf};

use egui::{Context, ViewportCommand};

use crate::app::App;
use crate::command::{AppCommand, DockTab, FileCommand};
use crate::document::{History, Problem};
use crate::panels::dialogs::Dialog;
use crate::panels::file_dialog::{FileAim, FileDialog, Listing};
use crate::project::{Opened, Project, Recent, store};

/// The extension of project files.
const EXTENSION: &str = "json";

/// The largest number of names that a dialog lists.
const MOST_LISTED: usize = 5_000;

/// Carries out one command of this area.
pub fn file(app: &mut App, ctx: &Context, command: FileCommand) {
    if leaves_project(&command) && app.history.is_unsaved() && !app.may_close {
        app.panels.dialogs.open = Dialog::Discard(Box::new(command.into()));
        return;
    }
    match command {
        FileCommand::New => replace(app, Project::new(), Vec::new()),
        FileCommand::Open => {
            let folder = app.project.base_folder();
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            let dialog = FileDialog::new("Open a project", FileAim::Read, &[EXTENSION], &folder, "");
            app.panels.dialogs.open = Dialog::Open(dialog);
        }
        FileCommand::OpenPath(path) => {
            open_now(app, &path);
        }
        FileCommand::OpenExample(name) => open_example(app, &name),
        FileCommand::Save if app.project.path().is_some() => {
            save(app, None);
        }
        FileCommand::Save | FileCommand::SaveAs => ask_where(app, None),
        FileCommand::ClearRecent => {
            app.session.recent = Recent::default();
            app.save_session();
        }
        FileCommand::Quit => {
            app.may_close = true;
            app.save_session();
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }
}

/// Whether changes that are not saved are lost with it.
fn leaves_project(command: &FileCommand) -> bool {
    match command {
        FileCommand::New | FileCommand::OpenPath(_) | FileCommand::OpenExample(_) | FileCommand::Quit => true,
        FileCommand::Open | FileCommand::Save | FileCommand::SaveAs | FileCommand::ClearRecent => false,
    }
}

/// Opens a file; `false`, with a notice, if it cannot be read.
pub fn open_now(app: &mut App, path: &Path) -> bool {
    match store::open(path) {
        Ok(Opened { project, problems }) => {
            let count = problems.len();
            replace(app, project, problems);
            app.session.recent.add(path);
            app.save_session();
            if count > 0 {
                app.session.panels.dock = true;
                app.session.panels.tab = DockTab::Problems;
                app.notices.wrong("the file has problems; what could be read is open");
            }
            true
        }
        Err(error) => {
            app.notices.wrong(error.to_string());
            app.session.recent.remove(path);
            false
        }
    }
}

/// Opens what was named on the command line. A file that does not exist yet, in a folder that does, is the wish for a
/// new project that will be kept there.
pub fn open_named(app: &mut App, path: &Path) -> bool {
    let folder = path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    if path.exists() || path.is_symlink() || !folder.is_some_and(Path::is_dir) {
        return open_now(app, path);
    }
    replace(app, Project::to_be_saved_at(path.to_owned()), Vec::new());
    app.notices.done(format!("a new project; saving will write {}", path.display()));
    true
}

fn open_example(app: &mut App, name: &str) {
    match app.examples.get(name) {
        Ok(Some(path)) => {
            open_now(app, &path);
        }
        Ok(None) => app.notices.wrong(format!("there is no example {name}")),
        Err(error) => app.notices.wrong(format!("the examples could not be unpacked: {error}")),
    }
}

/// Makes this the open project: stops what runs, forgets what was about the old one.
pub fn replace(app: &mut App, project: Project, problems: Vec<Problem>) {
    super::run::end(app);
    app.history = History::new();
    if project.is_damaged() {
        app.history.mark_unsaved();
    }
    app.project = project;
    app.scope = None;
    app.canvas.forget();
    app.console.clear();
    app.rates.clear();
    app.tapped = None;
    app.panels.inspector.clear();
    app.panels.stage.chosen = None;
    app.findings.restart(problems);
}

/// Opens the dialog that asks where to save, and remembers what comes after.
pub fn ask_where(app: &mut App, then: Option<AppCommand>) {
    let folder = app.project.base_folder();
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let name = app.project.path().and_then(Path::file_name).map_or_else(
        || format!("{}.{EXTENSION}", file_name(&app.project.title())),
        |name| name.to_string_lossy().into_owned(),
    );
    let dialog = FileDialog::new("Save the project", FileAim::Write, &[EXTENSION], &folder, &name);
    app.panels.dialogs.open = Dialog::Save(dialog, then.map(Box::new));
}

/// Asks whether the file that is there may go.
pub fn ask_to_replace(app: &mut App, path: &Path, then: Option<AppCommand>) {
    let folder = path.parent().unwrap_or(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let dialog = FileDialog::new("Save the project", FileAim::Write, &[EXTENSION], folder, &name).asking_to_replace();
    app.panels.dialogs.open = Dialog::Save(dialog, then.map(Box::new));
}

/// The path as it would be written without `..` and links on the way.
pub fn without_detours(path: PathBuf) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// A title as the name of a file: small letters, hyphens for all that is no letter or digit.
fn file_name(title: &str) -> String {
    let name: String =
        title.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "untitled".to_owned() } else { name }
}

/// Saves; `false`, with a notice, if it failed. The old file is whole in any case.
pub fn save(app: &mut App, path: Option<&Path>) -> bool {
    let saved = match path {
        Some(path) => store::save_as(&mut app.project, path),
        None => store::save(&mut app.project),
    };
    match saved {
        Ok(kept) => {
            app.history.mark_saved();
            // What was wrong with the old file is no longer there.
            app.findings.restart(Vec::new());
            if let Some(path) = app.project.path() {
                app.session.recent.add(path);
                let kept = kept.map(|kept| format!("; the damaged file is kept as {}", kept.display()));
                app.notices.done(format!("Saved {}{}", path.display(), kept.unwrap_or_default()));
            }
            app.save_session();
            true
        }
        Err(error) => {
            app.notices.wrong(error.to_string());
            false
        }
    }
}

/// What a folder holds, for a dialog.
pub fn list(folder: &Path, extensions: &[String]) -> Listing {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut listing = Listing { folder: folder.clone(), ..Listing::default() };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            listing.error = format!("This folder cannot be read: {error}");
            return listing;
        }
    };
    for entry in entries.flatten().take(MOST_LISTED) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let fits = |extension: &std::ffi::OsStr| extensions.iter().any(|word| extension.eq_ignore_ascii_case(word));
        if path.is_dir() {
            listing.folders.push(name);
        } else if extensions.is_empty() || path.extension().is_some_and(fits) {
            listing.files.push(name);
        }
    }
    listing.folders.sort();
    listing.files.sort();
    listing
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_file_name() {
        assert_eq!(file_name("Slideshow and radio"), "slideshow-and-radio");
        assert_eq!(file_name(" / "), "untitled");
    }

    #[test]
    fn a_dialog_lists_folders_and_what_fits() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        for name in ["b.json", "a.JSON", "c.txt", ".hidden.json"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let listing = list(folder.path(), &["json".to_owned()]);
        assert_eq!((listing.folders, listing.files), (vec!["sub".to_owned()], vec!["a.JSON".into(), "b.json".into()]));
        assert!(!list(&folder.path().join("none"), &[]).error.is_empty());
    }
}
