//! The dialog that offers unsaved work of windows that have closed, for example in a crash or a power cut.

use egui::{RichText, ScrollArea, Ui, vec2};

use super::PanelView;
use crate::command::{CommandQueue, FileCommand};
use crate::journal::Recovery;
use crate::journal::moment::{ago, now_ms};
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::muted;

/// The unsaved work of one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryRow {
    /// The title of the project.
    title: String,
    /// The file of the project; `None` if it was never saved.
    file: Option<String>,
    /// How many edits were not saved.
    edits: usize,
    /// When the last one was made, in milliseconds since 1970.
    last_ms: u64,
}

impl RecoveryRow {
    /// Describes unsaved work.
    pub fn of(recovery: &Recovery) -> Self {
        let (project, _) = recovery.restore();
        Self {
            title: project.title(),
            file: project.path().map(|path| path.display().to_string()),
            edits: recovery.contents().unsaved_edits(),
            last_ms: recovery.contents().last_ms(),
        }
    }

    fn summary(&self, now_ms: u64) -> String {
        let plural = if self.edits == 1 { "" } else { "s" };
        format!("{} unsaved edit{plural}, the last one {}", self.edits, ago(self.last_ms, now_ms))
    }
}

/// The state of the dialog.
#[derive(Debug)]
pub struct RecoverDialog {
    rows: Vec<RecoveryRow>,
    /// The row whose work is about to be discarded.
    discarding: Option<usize>,
}

impl RecoverDialog {
    /// Offers these rows.
    pub fn new(rows: Vec<RecoveryRow>) -> Self {
        Self { rows, discarding: None }
    }
}

/// Draws the dialog. Returns whether it is finished.
pub fn recover_ui(ui: &mut Ui, view: &PanelView<'_>, dialog: &mut RecoverDialog, commands: &mut CommandQueue) -> bool {
    ui.set_width(480.0);
    ui.heading("Unsaved work was kept");
    ui.add_space(4.0);
    muted(ui, "The window was closed before these changes were saved. They can be restored with their undo history.");
    ui.add_space(10.0);
    let now = now_ms();
    let mut is_finished = false;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (index, row) in dialog.rows.iter().enumerate() {
            ui.horizontal(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(280.0);
                    ui.label(RichText::new(&row.title).font(tokens::font_strong(SIZE_BODY)));
                    muted(ui, row.summary(now));
                    let file = row.file.as_deref().unwrap_or("Never saved to a file");
                    let file = RichText::new(file).size(SIZE_SMALL).color(view.theme.muted);
                    ui.add(egui::Label::new(file).truncate());
                });
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let size = vec2(84.0, 26.0);
                    let is_discarding = dialog.discarding == Some(index);
                    if is_discarding {
                        let discard = egui::Button::new(RichText::new("Discard").color(view.theme.bad)).min_size(size);
                        if ui.add(discard).clicked() {
                            commands.push(FileCommand::DiscardRecovery(index));
                            is_finished = true;
                        }
                        if ui.add(egui::Button::new("Keep").min_size(size)).clicked() {
                            dialog.discarding = None;
                        }
                    } else {
                        let restore = RichText::new("Restore").font(tokens::font_strong(SIZE_BODY));
                        let restore = ui.add(egui::Button::new(restore).min_size(size));
                        if index == 0 && !ui.memory(|memory| memory.focused().is_some()) {
                            restore.request_focus();
                        }
                        if restore.clicked() {
                            commands.push(FileCommand::Recover(index));
                            is_finished = true;
                        }
                        if ui.add(egui::Button::new("Discard…").min_size(size)).clicked() {
                            dialog.discarding = Some(index);
                        }
                    }
                });
            });
            ui.add_space(6.0);
            ui.separator();
            ui.add_space(6.0);
        }
    });
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let later = ui.add(egui::Button::new("Decide later").min_size(vec2(84.0, 26.0)));
        later.on_hover_text("The work stays where it is. File, Recover unsaved work… shows this list again.").clicked()
    })
    .inner
        || is_finished
}
