//! The modal dialogs. At most one is open; Escape closes it.

use std::path::PathBuf;

use egui::{Id, Modal, RichText, Ui, vec2};

use super::PanelView;
use super::file_dialog::{FileChoice, FileDialog, file_dialog_ui};
use super::inspector::param_editor::FileRequest;
use super::preferences::preferences_ui;
use super::recover_dialog::{RecoverDialog, recover_ui};
use crate::command::{AppCommand, Area, COMMANDS, CommandQueue, FileCommand};
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{heading, muted};

/// The dialogs.
#[derive(Debug, Default)]
pub enum Dialog {
    /// No dialog is open.
    #[default]
    Closed,
    /// Asks which project to open.
    Open(FileDialog),
    /// Asks where to save. The command runs after saving.
    Save(FileDialog, Option<Box<AppCommand>>),
    /// Asks for a file for a setting.
    Param(FileDialog, FileRequest),
    /// Asks what to do with unsaved changes, which the command would discard.
    Discard(Box<FileCommand>),
    /// Shows why the project was not saved, and asks what to do.
    NotSaved(NotSaved),
    /// Offers the unsaved work of windows that have closed.
    Recover(RecoverDialog),
    /// The settings of the window.
    Settings,
    /// The list of keyboard shortcuts.
    Shortcuts,
    /// Information about the application.
    About,
}

impl Dialog {
    /// The decision made by choosing this file; `None` if the dialog does not ask for a file.
    pub fn decision(self, path: PathBuf) -> Option<Decision> {
        match self {
            Self::Open(_) => Some(Decision::OpenFile(path)),
            Self::Save(file, then) => {
                let chosen = path.clone();
                let path = file.with_extension(path);
                // The desktop's dialog has asked about replacing `chosen`, but not about a name with an added
                // extension.
                let may_replace = path == chosen;
                Some(Decision::SaveAndThen { path: Some(path), may_replace, then: then.map(|command| *command) })
            }
            Self::Param(_, request) => Some(Decision::SetFile(request, path)),
            _ => None,
        }
    }
}

/// Why the project was not saved.
#[derive(Debug)]
pub struct NotSaved {
    /// The reason, a full sentence.
    pub reason: String,
    /// The file, if another program has changed it and it can be overwritten.
    pub overwrite: Option<PathBuf>,
    /// The command to run after saving.
    pub then: Option<Box<AppCommand>>,
}

/// The state of the dialogs.
#[derive(Debug, Default)]
pub struct DialogState {
    /// The open dialog.
    pub open: Dialog,
    /// The user's decision, which `dispatch` carries out.
    pub decision: Option<Decision>,
}

/// A decision that the user made in a dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Opens this file.
    OpenFile(PathBuf),
    /// Saves the project, then runs a command.
    SaveAndThen {
        /// The file; if `None`, the user is asked.
        path: Option<PathBuf>,
        /// Whether the user has agreed to replace an existing file.
        may_replace: bool,
        /// The command to run after saving.
        then: Option<AppCommand>,
    },
    /// Saves the project to its file, or asks where, then runs a command.
    SaveFirst(AppCommand),
    /// Runs the command and discards the unsaved changes.
    DoAnyway(FileCommand),
    /// Sets a setting to this file.
    SetFile(FileRequest, PathBuf),
}

impl DialogState {
    /// Whether a dialog is open.
    pub fn is_open(&self) -> bool {
        !matches!(self.open, Dialog::Closed)
    }
}

/// Draws the open dialog.
pub fn dialogs_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut DialogState, commands: &mut CommandQueue) {
    if !state.is_open() {
        return;
    }
    let frame = egui::Frame::popup(ui.style()).inner_margin(18.0);
    // Each dialog has its own size, which egui remembers by id.
    let id = Id::unique(("dialog", std::mem::discriminant(&state.open)));
    let response = Modal::new(id).frame(frame).show(ui.ctx(), |ui| match &mut state.open {
        Dialog::Closed => Next::Close,
        Dialog::Open(dialog) => match file_dialog_ui(ui, view, dialog) {
            FileChoice::Open => Next::Stay,
            FileChoice::Closed => Next::Close,
            FileChoice::Chosen(path) => Next::decide(Decision::OpenFile(path)),
        },
        Dialog::Save(dialog, then) => match file_dialog_ui(ui, view, dialog) {
            FileChoice::Open => Next::Stay,
            FileChoice::Closed => Next::Close,
            FileChoice::Chosen(path) => {
                let (may_replace, then) = (dialog.asks_overwrite(), then.take().map(|command| *command));
                Next::decide(Decision::SaveAndThen { path: Some(path), may_replace, then })
            }
        },
        Dialog::Param(dialog, request) => match file_dialog_ui(ui, view, dialog) {
            FileChoice::Open => Next::Stay,
            FileChoice::Closed => Next::Close,
            FileChoice::Chosen(path) => Next::decide(Decision::SetFile(request.clone(), path)),
        },
        Dialog::Discard(command) => discard_ui(ui, view, command),
        Dialog::NotSaved(not_saved) => not_saved_ui(ui, view, not_saved),
        Dialog::Recover(recover) => {
            if recover_ui(ui, view, recover, commands) {
                Next::Close
            } else {
                Next::Stay
            }
        }
        Dialog::Settings => {
            preferences_ui(ui, view, commands);
            close_ui(ui)
        }
        Dialog::Shortcuts => {
            shortcuts_ui(ui, view);
            close_ui(ui)
        }
        Dialog::About => {
            about_ui(ui, view);
            close_ui(ui)
        }
    });
    let is_closed = response.should_close();
    match response.inner {
        Next::Decide(decision) => {
            state.decision = Some(*decision);
            state.open = Dialog::Closed;
        }
        Next::Close => state.open = Dialog::Closed,
        Next::Stay if is_closed => state.open = Dialog::Closed,
        Next::Stay => {}
    }
}

enum Next {
    Stay,
    Close,
    Decide(Box<Decision>),
}

impl Next {
    fn decide(decision: Decision) -> Self {
        Self::Decide(Box::new(decision))
    }
}

fn close_ui(ui: &mut Ui) -> Next {
    ui.add_space(10.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if ui.add(egui::Button::new("Close").min_size(vec2(84.0, 26.0))).clicked() { Next::Close } else { Next::Stay }
    })
    .inner
}

fn discard_ui(ui: &mut Ui, view: &PanelView<'_>, command: &FileCommand) -> Next {
    ui.set_width(400.0);
    ui.heading(format!("Save the changes to {}?", view.project_name()));
    ui.add_space(4.0);
    muted(ui, "If you do not save them, they are lost.");
    ui.add_space(12.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let size = vec2(84.0, 26.0);
        let save = egui::Button::new(RichText::new("Save").font(tokens::font_strong(SIZE_BODY))).min_size(size);
        let save = ui.add(save);
        if !ui.memory(|memory| memory.focused().is_some()) {
            save.request_focus();
        }
        if save.clicked() {
            return Next::decide(Decision::SaveFirst(command.clone().into()));
        }
        let discard = ui.add(egui::Button::new(RichText::new("Discard").color(view.theme.bad)).min_size(size));
        if discard.clicked() {
            return Next::decide(Decision::DoAnyway(command.clone()));
        }
        if ui.add(egui::Button::new("Cancel").min_size(size)).clicked() { Next::Close } else { Next::Stay }
    })
    .inner
}

fn not_saved_ui(ui: &mut Ui, view: &PanelView<'_>, not_saved: &mut NotSaved) -> Next {
    ui.set_width(460.0);
    ui.heading("The project was not saved");
    ui.add_space(4.0);
    ui.label(&not_saved.reason);
    ui.add_space(4.0);
    muted(ui, "Nothing is lost: your changes are still open in this window.");
    ui.add_space(12.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let size = vec2(84.0, 26.0);
        let save = egui::Button::new(RichText::new("Save as…").font(tokens::font_strong(SIZE_BODY))).min_size(size);
        let save = ui.add(save);
        if !ui.memory(|memory| memory.focused().is_some()) {
            save.request_focus();
        }
        if save.clicked() {
            let then = not_saved.then.take().map(|command| *command);
            return Next::decide(Decision::SaveAndThen { path: None, may_replace: false, then });
        }
        if let Some(path) = &not_saved.overwrite {
            let overwrite = egui::Button::new(RichText::new("Overwrite").color(view.theme.bad)).min_size(size);
            if ui.add(overwrite).clicked() {
                let (path, then) = (Some(path.clone()), not_saved.then.take().map(|command| *command));
                return Next::decide(Decision::SaveAndThen { path, may_replace: true, then });
            }
        }
        if ui.add(egui::Button::new("Cancel").min_size(size)).clicked() { Next::Close } else { Next::Stay }
    })
    .inner
}

fn shortcuts_ui(ui: &mut Ui, view: &PanelView<'_>) {
    ui.set_width(620.0);
    ui.heading("Keys");
    ui.add_space(6.0);
    egui::ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
        ui.columns(2, |columns| {
            for (index, area) in Area::ALL.into_iter().enumerate() {
                let Some(ui) = columns.get_mut(usize::from(index >= 2)) else { continue };
                ui.add_space(6.0);
                heading(ui, &area.title().to_uppercase());
                for info in COMMANDS.iter().filter(|info| info.area == area) {
                    let Some(shortcut) = info.shortcut else { continue };
                    key_row(ui, view, info.name, &ui.ctx().format_shortcut(&shortcut));
                }
            }
            if let Some(ui) = columns.get_mut(0) {
                ui.add_space(6.0);
                heading(ui, "CANVAS");
                for (name, key) in CANVAS_KEYS {
                    key_row(ui, view, name, key);
                }
            }
        });
    });
}

/// The pointer actions and keys of the canvas, which are not commands.
const CANVAS_KEYS: [(&str, &str); 6] = [
    ("Search and add a component", "Tab, double-click"),
    ("Pan", "middle drag, Space drag"),
    ("Zoom at the pointer", "Ctrl+wheel"),
    ("Select several", "drag, Shift+click"),
    ("Open a composite", "double-click, Enter"),
    ("Move the selection", "arrows"),
];

fn key_row(ui: &mut Ui, view: &PanelView<'_>, name: &str, key: &str) {
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(10.0);
            ui.label(RichText::new(key).size(SIZE_SMALL).color(view.theme.muted));
        });
    });
}

fn about_ui(ui: &mut Ui, view: &PanelView<'_>) {
    ui.set_width(420.0);
    ui.heading("Kamaelia Compose");
    let version = format!("version {}", env!("CARGO_PKG_VERSION"));
    ui.label(RichText::new(version).size(SIZE_SMALL).color(view.theme.muted));
    ui.add_space(8.0);
    ui.label(
        "Drag components onto the canvas, join their outboxes to inboxes, and press run. The graph is not a drawing of \
         a program: it is the running program.",
    );
    ui.add_space(6.0);
    muted(
        ui,
        "Based on Kamaelia and Axon, by Michael Sparks and the BBC. Apache License 2.0. The font is Inter, under the \
         SIL Open Font License 1.1.",
    );
}
