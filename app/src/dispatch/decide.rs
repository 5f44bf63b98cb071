//! What was decided in a dialog, and what a dialog needs to know: the content of folders, files for settings.

use std::path::{Path, PathBuf};

use compose_runtime::message::Message;
use egui::Context;

use super::file::{ask_to_replace, ask_where, list, open_now, save, without_detours};
use super::portal::{self, Answer};
use crate::app::App;
use crate::command::{AppCommand, FileCommand};
use crate::document::EditCommand;
use crate::panels::dialogs::{Decision, Dialog};
use crate::panels::file_dialog::{FileAim, FileDialog};
use crate::panels::param_editor::FileWish;

/// Carries it out.
pub fn decide(app: &mut App, ctx: &Context) {
    if let Some(wish) = app.panels.inspector.file_wish.take() {
        ask_file(app, wish);
    }
    portal(app, ctx);
    match app.panels.dialogs.decision.take() {
        None => {}
        Some(Decision::OpenFile(path)) => super::file::file(app, ctx, FileCommand::OpenPath(path)),
        Some(Decision::SaveAndThen { path: None, then, .. }) => ask_where(app, then),
        Some(Decision::SaveAndThen { path: Some(path), may_replace, then }) => {
            let path = without_detours(path);
            if !may_replace && path.exists() {
                ask_to_replace(app, &path, then);
            } else if let (true, Some(then)) = (save(app, Some(&path)), then) {
                super::do_one(app, ctx, then);
            }
        }
        Some(Decision::DoAnyway(command)) => do_anyway(app, ctx, command),
        Some(Decision::SetFile(wish, path)) => set_file(app, wish, &path),
    }
    let dialog = match &mut app.panels.dialogs.open {
        Dialog::Open(dialog) | Dialog::Save(dialog, _) | Dialog::Param(dialog, _) => Some(dialog),
        _ => None,
    };
    if let Some(dialog) = dialog
        && let Some(folder) = dialog.wants_folder.take()
    {
        dialog.listing = list(&folder, &dialog.extensions);
        ctx.request_repaint();
    }
}

/// Hands file dialogs over to the desktop where it has its own, and takes the answer.
fn portal(app: &mut App, ctx: &Context) {
    let is_for_a_file = matches!(app.panels.dialogs.open, Dialog::Open(_) | Dialog::Save(..) | Dialog::Param(..));
    if app.uses_portal && app.asked.is_none() && is_for_a_file {
        let answer = portal::ask(std::mem::take(&mut app.panels.dialogs.open), ctx);
        take_answer(app, answer);
    }
    if let Some(asked) = app.asked.take() {
        take_answer(app, portal::poll(asked));
    }
}

fn take_answer(app: &mut App, answer: Answer) {
    match answer {
        Answer::GivenUp => {}
        Answer::Waiting(asked) => app.asked = Some(asked),
        Answer::OpenOwn(dialog) => {
            app.uses_portal = false;
            app.panels.dialogs.open = dialog;
        }
        Answer::Chosen(dialog, path) => app.panels.dialogs.decision = dialog.decision(path),
    }
}

/// Changes may be lost: the user said so.
fn do_anyway(app: &mut App, ctx: &Context, command: AppCommand) {
    match command {
        AppCommand::File(FileCommand::OpenPath(path)) => {
            open_now(app, &path);
        }
        AppCommand::File(FileCommand::Quit) => {
            app.may_close = true;
            super::file::file(app, ctx, FileCommand::Quit);
        }
        other => {
            app.history.mark_saved();
            super::do_one(app, ctx, other);
        }
    }
}

fn ask_file(app: &mut App, wish: FileWish) {
    let base = app.project.base_folder();
    let base = std::path::absolute(&base).unwrap_or(base);
    let extensions: Vec<&str> = wish.extensions.iter().map(String::as_str).collect();
    let title = match wish.aim {
        FileAim::Read => format!("Choose a file for {}", wish.param),
        FileAim::Write => format!("Choose where {} goes", wish.param),
    };
    let dialog = FileDialog::new(&title, wish.aim, &extensions, &base, "");
    app.panels.dialogs.open = Dialog::Param(dialog, wish);
}

/// A file below the project is named from there, so that both can move together.
fn set_file(app: &mut App, wish: FileWish, path: &Path) {
    let base = std::fs::canonicalize(app.project.base_folder()).unwrap_or_else(|_| app.project.base_folder());
    let is_kept = app.project.path().is_some();
    let path: PathBuf = match path.strip_prefix(&base) {
        Ok(inside) if is_kept => inside.to_owned(),
        _ => path.to_owned(),
    };
    let value = Some(Message::text(path.to_string_lossy()));
    app.panels.inspector.forget_draft(&wish.param);
    super::edit::apply(app, EditCommand::SetParam { id: wish.node, name: wish.param, value });
}
