//! Commands for projects: new, open, save, recent projects, examples, close. No other code of the window reads folders.

use std::path::{Path, PathBuf};

use egui::ViewportCommand;

use super::target::Target;
use crate::command::{AppCommand, DockTab, FileCommand};
use crate::document::Problem;
use crate::panels::dialogs::{Dialog, NotSaved};
use crate::panels::file_dialog::{FileAim, FileDialog, Listing};
use crate::panels::recover_dialog::{RecoverDialog, RecoveryRow};
use crate::project::store::StoreError;
use crate::project::{Opened, Project, Recent, store};
use crate::view_state::ViewState;
use crate::workspace::Workspace;

/// The extension of project files.
const EXTENSION: &str = "json";

/// The largest number of names that a dialog lists.
const MOST_LISTED: usize = 5_000;

/// Carries out one command of this area.
pub fn file(target: &mut Target<'_>, command: FileCommand) {
    if leaves_project(&command) && target.workspace.history().is_unsaved() && !target.view.may_close() {
        target.view.show_dialog(Dialog::Discard(Box::new(command)));
        return;
    }
    file_anyway(target, command);
}

/// Carries out one command of this area, even if unsaved changes are lost.
pub fn file_anyway(target: &mut Target<'_>, command: FileCommand) {
    match command {
        FileCommand::New => replace(target.workspace, target.view, Project::new(), Vec::new()),
        FileCommand::Open => {
            let folder = target.workspace.project().base_folder();
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            let dialog = FileDialog::new("Open a project", FileAim::Read, &[EXTENSION], &folder, "");
            target.view.show_dialog(Dialog::Open(dialog));
        }
        FileCommand::OpenPath(path) => {
            open_now(target.workspace, target.view, &path);
        }
        FileCommand::OpenExample(name) => open_example(target, &name),
        FileCommand::Save if target.workspace.project().path().is_some() => {
            save(target, None, None);
        }
        FileCommand::Save | FileCommand::SaveAs => ask_where(target, None),
        FileCommand::ClearRecent => {
            target.view.session_mut().recent = Recent::default();
            target.view.save_session();
        }
        FileCommand::ShowRecoveries => show_recoveries(target),
        FileCommand::Recover(index) => {
            target.workspace.recover(index);
            target.view.forget_project();
        }
        FileCommand::DiscardRecovery(index) => {
            target.workspace.discard_recovery(index);
            if !target.workspace.recoveries().is_empty() {
                show_recoveries(target);
            }
        }
        FileCommand::Quit => {
            target.workspace.close();
            target.view.allow_close();
            target.view.save_session();
            target.ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }
}

/// Whether a command would lose unsaved changes.
fn leaves_project(command: &FileCommand) -> bool {
    match command {
        FileCommand::New
        | FileCommand::OpenPath(_)
        | FileCommand::OpenExample(_)
        | FileCommand::Recover(_)
        | FileCommand::Quit => true,
        FileCommand::Open
        | FileCommand::Save
        | FileCommand::SaveAs
        | FileCommand::ClearRecent
        | FileCommand::ShowRecoveries
        | FileCommand::DiscardRecovery(_) => false,
    }
}

/// Opens a file. Returns `false`, with a notice, if it cannot be read.
pub fn open_now(workspace: &mut Workspace, view: &mut ViewState, path: &Path) -> bool {
    match store::open(path) {
        Ok(Opened { project, problems }) => {
            let count = problems.len();
            replace(workspace, view, project, problems);
            view.session_mut().recent.add(path);
            view.save_session();
            if count > 0 {
                view.open_panels().dock = true;
                view.open_panels().tab = DockTab::Problems;
                workspace.notify_error("the file has problems; what could be read is open");
            }
            true
        }
        Err(error) => {
            workspace.notify_error(&error.to_string());
            view.session_mut().recent.remove(path);
            false
        }
    }
}

/// Opens the file named on the command line. If the file does not exist but its folder does, creates a new project that
/// will be saved there.
pub fn open_named(target: &mut Target<'_>, path: &Path) -> bool {
    let folder = path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    if path.exists() || path.is_symlink() || !folder.is_some_and(Path::is_dir) {
        return open_now(target.workspace, target.view, path);
    }
    replace(target.workspace, target.view, Project::to_be_saved_at(path.to_owned()), Vec::new());
    target.workspace.notify_success(&format!("new project; it will be saved as {}", path.display()));
    true
}

fn open_example(target: &mut Target<'_>, name: &str) {
    match target.view.examples().get(name) {
        Ok(Some(path)) => {
            open_now(target.workspace, target.view, &path);
        }
        Ok(None) => target.workspace.notify_error(&format!("there is no example {name}")),
        Err(error) => target.workspace.notify_error(&format!("the examples could not be unpacked: {error}")),
    }
}

/// Replaces the open project. Ends the run and discards the state of the old project.
pub fn replace(workspace: &mut Workspace, view: &mut ViewState, project: Project, problems: Vec<Problem>) {
    workspace.open(project, problems);
    view.forget_project();
}

/// Opens the dialog that asks where to save. `then` runs after saving.
pub fn ask_where(target: &mut Target<'_>, then: Option<AppCommand>) {
    let folder = target.workspace.project().base_folder();
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let name = target.workspace.project().path().and_then(Path::file_name).map_or_else(
        || format!("{}.{EXTENSION}", file_name(&target.workspace.project().title())),
        |name| name.to_string_lossy().into_owned(),
    );
    let dialog = FileDialog::new("Save the project", FileAim::Write, &[EXTENSION], &folder, &name);
    target.view.show_dialog(Dialog::Save(dialog, then.map(Box::new)));
}

/// Asks whether to replace an existing file.
pub fn ask_to_replace(target: &mut Target<'_>, path: &Path, then: Option<AppCommand>) {
    let folder = path.parent().unwrap_or(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let dialog = FileDialog::new("Save the project", FileAim::Write, &[EXTENSION], folder, &name).asking_to_replace();
    target.view.show_dialog(Dialog::Save(dialog, then.map(Box::new)));
}

/// The path with `..` and symbolic links in its folder resolved.
pub fn with_canonical_folder(path: PathBuf) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// Converts a title to a file name: lower case, with a hyphen for every character that is not a letter or digit.
fn file_name(title: &str) -> String {
    let name: String =
        title.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "untitled".to_owned() } else { name }
}

/// Saves the project. If saving fails, returns `false`; the old file is then unchanged, and a dialog shows the reason
/// and asks what to do. `then` is the command that follows if the user saves from the dialog.
pub fn save(target: &mut Target<'_>, path: Option<&Path>, then: Option<AppCommand>) -> bool {
    if let Err(error) = target.workspace.save(path) {
        let overwrite = match &error {
            StoreError::ChangedOnDisk { path } => Some(path.clone()),
            StoreError::Read { .. } | StoreError::TooLarge { .. } | StoreError::Write { .. } | StoreError::NoPath => {
                None
            }
        };
        let not_saved = NotSaved { reason: error.to_string(), overwrite, then: then.map(Box::new) };
        target.view.show_dialog(Dialog::NotSaved(not_saved));
        return false;
    }
    if let Some(path) = target.workspace.project().path() {
        target.view.session_mut().recent.add(path);
        target.view.save_session();
    }
    true
}

/// Opens the dialog that lists the unsaved work of windows that have closed. Does nothing if there is none.
pub fn show_recoveries(target: &mut Target<'_>) {
    let rows = target.workspace.recoveries().iter().map(RecoveryRow::of).collect::<Vec<_>>();
    if !rows.is_empty() {
        target.view.show_dialog(Dialog::Recover(RecoverDialog::new(rows)));
    }
}

/// Lists a folder for a dialog.
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
        let fits = |extension: &std::ffi::OsStr| extensions.iter().any(|other| extension.eq_ignore_ascii_case(other));
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
    fn a_listing_contains_folders_and_files_with_a_matching_extension() {
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
