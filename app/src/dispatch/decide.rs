//! Carries out decisions made in dialogs, and provides file dialogs with the content of folders.

use std::path::{Path, PathBuf};

use compose_runtime::message::Message;

use super::edit::apply;
use super::file::{ask_to_replace, ask_where, file, file_anyway, list, save, with_canonical_folder};
use super::route::carry_out_one;
use super::target::Target;
use crate::command::FileCommand;
use crate::document::EditCommand;
use crate::panels::dialogs::{Decision, Dialog};
use crate::panels::file_dialog::{FileAim, FileDialog};
use crate::panels::inspector::param_editor::FileRequest;

/// Opens requested file dialogs, carries out the decision of a dialog, and lists the folder that a dialog asks for.
pub fn decide(target: &mut Target<'_>) {
    if let Some(request) = target.view.panels_mut().inspector.file_request.take() {
        ask_file(target, request);
    }
    match target.view.panels_mut().dialogs.decision.take() {
        None => {}
        Some(Decision::OpenFile(path)) => file(target, FileCommand::OpenPath(path)),
        Some(Decision::SaveAndThen { path: None, then, .. }) => ask_where(target, then),
        Some(Decision::SaveAndThen { path: Some(path), may_replace, then }) => {
            let path = with_canonical_folder(path);
            if !may_replace && path.exists() {
                ask_to_replace(target, &path, then);
            } else if save(target, Some(&path), then.clone())
                && let Some(then) = then
            {
                carry_out_one(target, then);
            }
        }
        Some(Decision::SaveFirst(then)) if target.workspace.project().path().is_none() => {
            ask_where(target, Some(then));
        }
        Some(Decision::SaveFirst(then)) if save(target, None, Some(then.clone())) => carry_out_one(target, then),
        Some(Decision::SaveFirst(_)) => {}
        Some(Decision::DoAnyway(command)) => file_anyway(target, command),
        Some(Decision::SetFile(request, path)) => set_file(target, request, &path),
    }
    let dialog = match &mut target.view.panels_mut().dialogs.open {
        Dialog::Open(dialog) | Dialog::Save(dialog, _) | Dialog::Param(dialog, _) => Some(dialog),
        _ => None,
    };
    if let Some(dialog) = dialog
        && let Some(folder) = dialog.folder_to_list.take()
    {
        dialog.listing = list(&folder, &dialog.extensions);
        target.ctx.request_repaint();
    }
}

fn ask_file(target: &mut Target<'_>, request: FileRequest) {
    let base = target.workspace.project().base_folder();
    let base = std::path::absolute(&base).unwrap_or(base);
    let extensions: Vec<&str> = request.extensions.iter().map(String::as_str).collect();
    let title = match request.aim {
        FileAim::Read => format!("Choose a file for {}", request.param),
        FileAim::Write => format!("Choose an output file for {}", request.param),
    };
    let dialog = FileDialog::new(&title, request.aim, &extensions, &base, "");
    target.view.show_dialog(Dialog::Param(dialog, request));
}

/// Sets a setting to a file. The path of a file in the project folder is relative, so that the folder can be moved.
fn set_file(target: &mut Target<'_>, request: FileRequest, path: &Path) {
    let base = std::fs::canonicalize(target.workspace.project().base_folder())
        .unwrap_or_else(|_| target.workspace.project().base_folder());
    let has_file = target.workspace.project().path().is_some();
    let path: PathBuf = match path.strip_prefix(&base) {
        Ok(inside) if has_file => inside.to_owned(),
        _ => path.to_owned(),
    };
    let value = Some(Message::text(path.to_string_lossy()));
    target.view.panels_mut().inspector.forget_draft(&request.param);
    apply(target, EditCommand::SetParam { id: request.node, name: request.param, value });
}
