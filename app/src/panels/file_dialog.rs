//! The file dialog of our own: one list, one field, the keyboard. Works on every machine, also without a portal.
//!
//! Draws what `Listing` holds; reading a folder is the application's business (see `dispatch::file`).

use std::path::{Path, PathBuf};

use egui::{Key, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};

use super::PanelView;
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{empty, icon_button, wrong};

/// What the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAim {
    /// It must exist.
    Read,
    /// It may exist.
    Write,
}

/// What a folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// Names of the folders in it.
    pub folders: Vec<String>,
    /// Names of the files in it that fit.
    pub files: Vec<String>,
    /// Why it could not be read; empty if it could.
    pub error: String,
}

/// The dialog while it is open.
#[derive(Debug, Clone)]
pub struct FileDialog {
    /// The words at its top.
    pub title: String,
    /// What the file is for.
    pub aim: FileAim,
    /// Extensions without dots; empty means any.
    pub extensions: Vec<String>,
    /// The folder that is shown.
    pub listing: Listing,
    /// The name that is typed.
    pub name: String,
    /// The folder that the user wants to see; the application reads it.
    pub wants_folder: Option<PathBuf>,
    asks_overwrite: bool,
    is_new: bool,
}

/// What came of the dialog in this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChoice {
    /// Still open.
    Open,
    /// Given up.
    Closed,
    /// This file.
    Chosen(PathBuf),
}

impl FileDialog {
    /// A dialog that begins in `folder`.
    pub fn new(title: &str, aim: FileAim, extensions: &[&str], folder: &Path, name: &str) -> Self {
        Self {
            title: title.to_owned(),
            aim,
            extensions: extensions.iter().map(|&word| word.to_owned()).collect(),
            listing: Listing::default(),
            name: name.to_owned(),
            wants_folder: Some(folder.to_owned()),
            asks_overwrite: false,
            is_new: true,
        }
    }

    /// The same, asking whether the file that is there may go.
    #[must_use]
    pub fn asking_to_replace(mut self) -> Self {
        self.asks_overwrite = true;
        self
    }

    /// Whether it asks that, so that choosing again means yes.
    pub fn asks_overwrite(&self) -> bool {
        self.asks_overwrite
    }

    /// The path with the dialog's own extension, if it has none.
    pub fn with_extension(&self, path: PathBuf) -> PathBuf {
        match self.extensions.first() {
            Some(extension) if path.extension().is_none() => path.with_extension(extension),
            _ => path,
        }
    }

    fn choose(&mut self) -> FileChoice {
        let typed = self.name.trim();
        if typed.is_empty() {
            return FileChoice::Open;
        }
        let path = self.listing.folder.join(typed);
        let is_folder = self.listing.folders.iter().any(|name| name == typed) || typed == "..";
        if is_folder || typed.ends_with('/') {
            self.name.clear();
            self.wants_folder = Some(path);
            return FileChoice::Open;
        }
        let is_there = self.listing.files.iter().any(|name| name == typed);
        match self.aim {
            FileAim::Read => FileChoice::Chosen(path),
            FileAim::Write => {
                let path = self.with_extension(path);
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                // Elsewhere than in the folder on show, whoever saves looks and asks.
                let is_there = is_there || self.listing.files.contains(&name);
                if is_there && !self.asks_overwrite {
                    self.asks_overwrite = true;
                    return FileChoice::Open;
                }
                FileChoice::Chosen(path)
            }
        }
    }
}

/// Draws the dialog's inside.
pub fn file_dialog_ui(ui: &mut Ui, view: &PanelView<'_>, dialog: &mut FileDialog) -> FileChoice {
    ui.set_width(560.0);
    ui.heading(&dialog.title);
    ui.add_space(6.0);
    folder_ui(ui, view, dialog);
    let mut choice = FileChoice::Open;
    egui::Frame::new().fill(view.theme.background).corner_radius(RADIUS_CONTROL).inner_margin(4.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(280.0);
        list_ui(ui, view, dialog, &mut choice);
    });
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let label = ui.label("file name");
        let field = TextEdit::singleline(&mut dialog.name).desired_width(ui.available_width()).margin(vec2(8.0, 4.0));
        let response = ui.add(field).labelled_by(label.id);
        if std::mem::take(&mut dialog.is_new) {
            response.request_focus();
        }
        if response.changed() {
            dialog.asks_overwrite = false;
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            choice = dialog.choose();
            response.request_focus();
        }
    });
    if dialog.asks_overwrite {
        wrong(ui, "There is a file of this name. Press Replace to write over it, or type another name.");
    }
    ui.add_space(8.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let word = match dialog.aim {
            FileAim::Read => "Open",
            FileAim::Write if dialog.asks_overwrite => "Replace",
            FileAim::Write => "Save",
        };
        let can = !dialog.name.trim().is_empty();
        let text = RichText::new(word).font(tokens::font_strong(SIZE_BODY));
        if ui.add_enabled(can, egui::Button::new(text).min_size(vec2(84.0, 26.0))).clicked() {
            choice = dialog.choose();
        }
        let cancel = ui.add(egui::Button::new("Cancel").min_size(vec2(84.0, 26.0)));
        if cancel.clicked() {
            choice = FileChoice::Closed;
        }
    });
    choice
}

fn folder_ui(ui: &mut Ui, view: &PanelView<'_>, dialog: &mut FileDialog) {
    ui.horizontal(|ui| {
        let up = dialog.listing.folder.parent().map(Path::to_owned);
        let response = ui.add_enabled_ui(up.is_some(), |ui| icon_button(ui, Icon::Undo, "Folder above", "")).inner;
        if response.clicked() {
            dialog.wants_folder = up;
        }
        let words = RichText::new(dialog.listing.folder.display().to_string()).size(SIZE_SMALL).color(view.theme.muted);
        ui.add(egui::Label::new(words).truncate());
    });
    if !dialog.listing.error.is_empty() {
        wrong(ui, dialog.listing.error.clone());
    }
    ui.add_space(4.0);
}

fn list_ui(ui: &mut Ui, view: &PanelView<'_>, dialog: &mut FileDialog, choice: &mut FileChoice) {
    if dialog.listing.folders.is_empty() && dialog.listing.files.is_empty() {
        empty(ui, "Nothing here that fits.");
        return;
    }
    let folders: Vec<_> = dialog.listing.folders.iter().map(|name| (name.clone(), true)).collect();
    let files: Vec<_> = dialog.listing.files.iter().map(|name| (name.clone(), false)).collect();
    let rows: Vec<_> = folders.into_iter().chain(files).collect();
    // Rows stand without gaps; their height is counted on.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, 22.0, rows.len(), |ui, range| {
        for (name, is_folder) in rows.iter().skip(range.start).take(range.len()) {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::click());
            let is_chosen = dialog.name == *name;
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, is_chosen, name));
            if is_chosen || response.hovered() || response.has_focus() {
                let ground = if is_chosen { view.theme.pressed } else { view.theme.hover };
                ui.painter().rect_filled(rect, 4.0, ground);
            }
            let icon = if *is_folder { Icon::Folder } else { Icon::File };
            let place = egui::Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(14.0, 14.0));
            icons::paint(ui.painter(), icon, place, view.theme.muted);
            let at = pos2(rect.left() + 28.0, rect.center().y);
            let left = egui::Align2::LEFT_CENTER;
            ui.painter().text(at, left, name, tokens::font(SIZE_BODY), view.theme.text);
            let by_key = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if response.clicked() || by_key {
                dialog.name.clone_from(name);
                dialog.asks_overwrite = false;
            }
            if response.double_clicked() || by_key || (*is_folder && response.clicked()) {
                *choice = dialog.choose();
            }
        }
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn dialog(aim: FileAim) -> FileDialog {
        let mut dialog = FileDialog::new("x", aim, &["json"], Path::new("/p"), "");
        dialog.listing = Listing {
            folder: "/p".into(),
            folders: vec!["sub".to_owned()],
            files: vec!["a.json".to_owned()],
            error: String::new(),
        };
        dialog
    }

    #[test]
    fn a_folder_is_opened_and_a_file_chosen() {
        let mut dialog = dialog(FileAim::Read);
        dialog.name = "sub".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Open);
        assert_eq!(dialog.wants_folder.as_deref(), Some(Path::new("/p/sub")));
        dialog.name = "a.json".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Chosen("/p/a.json".into()));
    }

    #[test]
    fn writing_over_a_file_is_asked_once() {
        let mut dialog = dialog(FileAim::Write);
        dialog.name = "a".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Open);
        assert_eq!(dialog.choose(), FileChoice::Chosen("/p/a.json".into()));
    }
}
