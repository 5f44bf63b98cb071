//! The desktop's own file dialog, through its portal, where there is one.
//!
//! It is asked on a thread of its own (`compose-file-dialog`), at most one at a time; the answer comes back through a
//! queue of one place that `poll` looks into every frame. A portal that gives up at once counts as none: then the
//! dialog of the application opens instead.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam::channel::{Receiver, TryRecvError, bounded};
use egui::Context;

use crate::panels::dialogs::{Dialog, DialogState};
use crate::panels::file_dialog::{FileAim, FileDialog};

/// An answer without a file that comes faster than a person can give it means that there is no portal.
const TOO_FAST: Duration = Duration::from_millis(400);

/// The file dialog of the desktop, if it has one.
pub struct DesktopDialog {
    is_offered: bool,
    asked: Option<Asked>,
}

impl DesktopDialog {
    /// Every file dialog is that of the application.
    pub fn none() -> Self {
        Self { is_offered: false, asked: None }
    }

    /// The dialog of this desktop, if it has one.
    pub fn of_this_desktop() -> Self {
        Self { is_offered: is_there(), asked: None }
    }

    /// Hands an open file dialog over to the desktop if it has its own, and takes the answer.
    pub fn step(&mut self, dialogs: &mut DialogState, ctx: &Context) {
        let is_for_a_file = matches!(dialogs.open, Dialog::Open(_) | Dialog::Save(..) | Dialog::Param(..));
        if self.is_offered && self.asked.is_none() && is_for_a_file {
            let answer = ask(std::mem::take(&mut dialogs.open), ctx);
            self.take_answer(dialogs, answer);
        }
        if let Some(asked) = self.asked.take() {
            self.take_answer(dialogs, poll(asked));
        }
    }

    fn take_answer(&mut self, dialogs: &mut DialogState, answer: Answer) {
        match answer {
            Answer::GivenUp => {}
            Answer::Waiting(asked) => self.asked = Some(asked),
            Answer::OpenOwn(dialog) => {
                self.is_offered = false;
                dialogs.open = dialog;
            }
            Answer::Chosen(dialog, path) => dialogs.decision = dialog.decision(path),
        }
    }
}

/// A dialog of the desktop that is open.
struct Asked {
    dialog: Dialog,
    since: Instant,
    answer: Receiver<Option<PathBuf>>,
}

/// What came of it so far.
enum Answer {
    /// Nothing yet.
    Waiting(Asked),
    /// This file, for this purpose.
    Chosen(Dialog, PathBuf),
    /// The user wants none.
    GivenUp,
    /// There is no such dialog here: open this one.
    OpenOwn(Dialog),
}

/// Whether this desktop offers dialogs of its own.
fn is_there() -> bool {
    let has_bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    let has_desktop = std::env::var_os("XDG_CURRENT_DESKTOP").is_some_and(|name| !name.is_empty());
    let portals = Path::new("/usr/share/xdg-desktop-portal/portals");
    cfg!(target_os = "linux")
        && has_bus
        && has_desktop
        && portals.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

/// Asks with the desktop's dialog; gives the dialog back if that cannot be.
fn ask(dialog: Dialog, ctx: &Context) -> Answer {
    let Some(file) = file_dialog_of(&dialog) else { return Answer::OpenOwn(dialog) };
    let (title, aim, name) = (file.title.clone(), file.aim, file.name.clone());
    let (folder, extensions) = (file.wants_folder.clone(), file.extensions.clone());
    let (sender, answer) = bounded(1);
    let ctx = ctx.clone();
    let thread = std::thread::Builder::new().name("compose-file-dialog".to_owned()).spawn(move || {
        let mut ask = rfd::FileDialog::new().set_title(title);
        if let Some(folder) = folder {
            ask = ask.set_directory(folder);
        }
        if !extensions.is_empty() {
            ask = ask.add_filter(extensions.join(", "), &extensions);
        }
        let chosen = match aim {
            FileAim::Read => ask.pick_file(),
            FileAim::Write => ask.set_file_name(name).save_file(),
        };
        // Nobody waits any more if the window was closed meanwhile.
        let _ = sender.send(chosen);
        ctx.request_repaint();
    });
    match thread {
        Ok(_) => Answer::Waiting(Asked { dialog, since: Instant::now(), answer }),
        Err(_) => Answer::OpenOwn(dialog),
    }
}

/// Looks for the answer.
fn poll(asked: Asked) -> Answer {
    match asked.answer.try_recv() {
        Err(TryRecvError::Empty) => Answer::Waiting(asked),
        Ok(Some(path)) => Answer::Chosen(asked.dialog, path),
        Ok(None) if asked.since.elapsed() < TOO_FAST => Answer::OpenOwn(asked.dialog),
        Err(TryRecvError::Disconnected) => Answer::OpenOwn(asked.dialog),
        Ok(None) => Answer::GivenUp,
    }
}

fn file_dialog_of(dialog: &Dialog) -> Option<&FileDialog> {
    match dialog {
        Dialog::Open(file) | Dialog::Save(file, _) | Dialog::Param(file, _) => Some(file),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked `ago`, and answered with this if at all.
    fn asked(answer: Result<Option<PathBuf>, ()>, ago: Duration) -> Asked {
        let (sender, receiver) = bounded(1);
        if let Ok(answer) = answer {
            let _ = sender.send(answer);
        }
        let since = Instant::now().checked_sub(ago).unwrap_or_else(Instant::now);
        Asked { dialog: Dialog::About, since, answer: receiver }
    }

    #[test]
    fn an_answer_that_comes_too_fast_means_that_there_is_no_portal() {
        let (now, later) = (Duration::ZERO, Duration::from_secs(2));
        assert!(matches!(poll(asked(Ok(None), now)), Answer::OpenOwn(_)));
        assert!(matches!(poll(asked(Ok(None), later)), Answer::GivenUp));
        assert!(matches!(poll(asked(Ok(Some("/x".into())), now)), Answer::Chosen(_, path) if path == Path::new("/x")));
        assert!(matches!(poll(asked(Err(()), later)), Answer::OpenOwn(_)));
    }
}
