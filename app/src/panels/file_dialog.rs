//! The application's own file dialog, for desktops without a portal.
//!
//! Draws a `Listing`; `dispatch::file` reads the folders.

use std::path::{Path, PathBuf};

use egui::{Key, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};

use super::PanelView;
use crate::theme::icons::{self, Icon};
use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{empty, icon_button, wrong};

/// Whether the file is read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAim {
    /// The file is read and must exist.
    Read,
    /// The file is written and may exist.
    Write,
}

/// The content of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// Names of the folders in it.
    pub folders: Vec<String>,
    /// Names of the files in it that have a matching extension.
    pub files: Vec<String>,
    /// Why the folder could not be read; empty if it was read.
    pub error: String,
}

/// An open file dialog.
#[derive(Debug, Clone)]
pub struct FileDialog {
    /// The title of the dialog.
    pub title: String,
    /// Whether the file is read or written.
    pub aim: FileAim,
    /// The accepted extensions, without dots; if empty, all files are accepted.
    pub extensions: Vec<String>,
    /// The content of the displayed folder.
    pub listing: Listing,
    /// The typed file name.
    pub name: String,
    /// The folder to display next, which `dispatch` reads.
    pub folder_to_list: Option<PathBuf>,
    asks_overwrite: bool,
    is_new: bool,
}

/// The result of the dialog in this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChoice {
    /// The dialog is still open.
    Open,
    /// The user cancelled the dialog.
    Closed,
    /// The user chose this file.
    Chosen(PathBuf),
}

impl FileDialog {
    /// Creates a dialog that starts in `folder`.
    pub fn new(title: &str, aim: FileAim, extensions: &[&str], folder: &Path, name: &str) -> Self {
        Self {
            title: title.to_owned(),
            aim,
            extensions: extensions.iter().map(|&extension| extension.to_owned()).collect(),
            listing: Listing::default(),
            name: name.to_owned(),
            folder_to_list: Some(folder.to_owned()),
            asks_overwrite: false,
            is_new: true,
        }
    }

    /// Makes the dialog ask whether to replace the existing file.
    #[must_use]
    pub fn asking_to_replace(mut self) -> Self {
        self.asks_overwrite = true;
        self
    }

    /// Whether the dialog asks about replacing a file. Choosing again then means yes.
    pub fn asks_overwrite(&self) -> bool {
        self.asks_overwrite
    }

    /// The path, with the dialog's extension added if it has none.
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
            self.folder_to_list = Some(path);
            return FileChoice::Open;
        }
        let exists = self.listing.files.iter().any(|name| name == typed);
        match self.aim {
            FileAim::Read => FileChoice::Chosen(path),
            FileAim::Write => {
                let path = self.with_extension(path);
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                // For a file outside the displayed folder, `dispatch` checks and asks.
                let exists = exists || self.listing.files.contains(&name);
                if exists && !self.asks_overwrite {
                    self.asks_overwrite = true;
                    return FileChoice::Open;
                }
                FileChoice::Chosen(path)
            }
        }
    }
}

/// Draws the content of the dialog.
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
        wrong(ui, "There is already a file with this name. Press Replace to overwrite it, or type another name.");
    }
    ui.add_space(8.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let label = match dialog.aim {
            FileAim::Read => "Open",
            FileAim::Write if dialog.asks_overwrite => "Replace",
            FileAim::Write => "Save",
        };
        let can = !dialog.name.trim().is_empty();
        let text = RichText::new(label).font(tokens::font_strong(SIZE_BODY));
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
        let response = ui.add_enabled_ui(up.is_some(), |ui| icon_button(ui, Icon::Undo, "Parent folder", "")).inner;
        if response.clicked() {
            dialog.folder_to_list = up;
        }
        let text = RichText::new(dialog.listing.folder.display().to_string()).size(SIZE_SMALL).color(view.theme.muted);
        ui.add(egui::Label::new(text).truncate());
    });
    if !dialog.listing.error.is_empty() {
        wrong(ui, dialog.listing.error.clone());
    }
    ui.add_space(4.0);
}

fn list_ui(ui: &mut Ui, view: &PanelView<'_>, dialog: &mut FileDialog, choice: &mut FileChoice) {
    if dialog.listing.folders.is_empty() && dialog.listing.files.is_empty() {
        empty(ui, "This folder contains no matching files.");
        return;
    }
    let folders: Vec<_> = dialog.listing.folders.iter().map(|name| (name.clone(), true)).collect();
    let files: Vec<_> = dialog.listing.files.iter().map(|name| (name.clone(), false)).collect();
    let rows: Vec<_> = folders.into_iter().chain(files).collect();
    // `show_rows` expects rows without gaps.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, 22.0, rows.len(), |ui, range| {
        for (name, is_folder) in rows.iter().skip(range.start).take(range.len()) {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::click());
            let is_chosen = dialog.name == *name;
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, is_chosen, name));
            if is_chosen || response.hovered() || response.has_focus() {
                let background = if is_chosen { view.theme.pressed } else { view.theme.hover };
                ui.painter().rect_filled(rect, 4.0, background);
            }
            let icon = if *is_folder { Icon::Folder } else { Icon::File };
            let icon_rect = egui::Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(14.0, 14.0));
            icons::paint(ui.painter(), icon, icon_rect, view.theme.muted);
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
    fn choosing_a_folder_opens_it_and_choosing_a_file_returns_it() {
        let mut dialog = dialog(FileAim::Read);
        dialog.name = "sub".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Open);
        assert_eq!(dialog.folder_to_list.as_deref(), Some(Path::new("/p/sub")));
        dialog.name = "a.json".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Chosen("/p/a.json".into()));
    }

    #[test]
    fn the_dialog_asks_once_before_it_replaces_a_file() {
        let mut dialog = dialog(FileAim::Write);
        dialog.name = "a".to_owned();
        assert_eq!(dialog.choose(), FileChoice::Open);
        assert_eq!(dialog.choose(), FileChoice::Chosen("/p/a.json".into()));
    }
}
