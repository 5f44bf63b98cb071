//! Workspace: the open project, its history and the running system.
//!
//! Owned by `App`, on the window thread; only `dispatch` and the steps of a frame change it. Invariants: every change
//! to the document goes through the history; the running system was started from this document and follows it; opening
//! another project ends the run; the findings belong to the open project. Failures become notices.

pub mod findings;

use std::path::Path;
use std::time::{Duration, Instant};

use compose_runtime::command::{Speed, StepSize};
use compose_runtime::message::Message;
use compose_runtime::registry::Registry;

use self::findings::{Finding, Findings};
use crate::document::{Document, EditCommand, EditError, FrameId, History, NodeId, Port, Problem, Wire};
use crate::journal::{Journal, Recovery};
use crate::live::{Live, LiveView, Notice, Notices, RunSettings};
use crate::project::Project;
use crate::project::store::{self, StoreError};

/// The open project, its history and the running system.
pub struct Workspace {
    project: Project,
    history: History,
    live: Live,
    findings: Findings,
    notices: Notices,
    /// The link whose last messages are kept.
    tapped: Option<Wire>,
    /// Keeps unsaved edits on disk; `None` if there is no folder for it.
    journal: Option<Journal>,
    /// Why the journal cannot be written, as last reported to the user.
    journal_trouble: Option<String>,
    /// Unsaved work of windows that have closed, newest first.
    recoveries: Vec<Recovery>,
}

impl Workspace {
    /// Creates a workspace with an empty project.
    pub fn new(registry: Registry) -> Self {
        Self {
            project: Project::new(),
            history: History::new(),
            live: Live::new(registry),
            findings: Findings::default(),
            notices: Notices::default(),
            tapped: None,
            journal: None,
            journal_trouble: None,
            recoveries: Vec::new(),
        }
    }

    /// Keeps unsaved edits in this folder from now on, and finds the unsaved work of windows that have closed.
    /// `on_change` is called on another thread when the journal starts or stops failing, so that the user can be
    /// notified.
    pub fn protect(&mut self, folder: &Path, on_change: impl Fn() + Send + 'static) {
        self.recoveries = Recovery::find(folder);
        match Journal::start(folder, on_change) {
            Ok(journal) => self.journal = Some(journal),
            Err(error) => self.notify_error(&format!("unsaved changes are not protected against a crash: {error}")),
        }
    }

    /// The journal, which keeps unsaved edits on disk.
    pub fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    /// Unsaved work of windows that have closed, newest first.
    pub fn recoveries(&self) -> &[Recovery] {
        &self.recoveries
    }

    /// Opens unsaved work of a window that has closed, with its undo history. Ends the run and discards the state of
    /// the old project. Does nothing if there is no such work.
    pub fn recover(&mut self, index: usize) {
        if index >= self.recoveries.len() {
            return;
        }
        let recovery = self.recoveries.remove(index);
        let (project, history) = recovery.restore();
        self.open(project, Vec::new());
        self.history = history;
        if let Some(journal) = &mut self.journal {
            journal.adopt(recovery);
        }
    }

    /// Discards unsaved work of a window that has closed.
    pub fn discard_recovery(&mut self, index: usize) {
        if index < self.recoveries.len() {
            self.recoveries.remove(index).discard();
        }
    }

    /// The open project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The open document.
    pub fn document(&self) -> &Document {
        &self.project.document
    }

    /// The undo history, which also records whether there are unsaved changes.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The running system.
    pub fn live(&self) -> &LiveView {
        self.live.view()
    }

    /// The speed of the current and later runs.
    pub fn speed(&self) -> Speed {
        self.live.speed()
    }

    /// The known component types.
    pub fn registry(&self) -> &Registry {
        self.live.registry()
    }

    /// The problems of the project and the running system.
    pub fn findings(&self) -> &[Finding] {
        self.findings.shown()
    }

    /// The notices that are shown now.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Shows a notice that an action succeeded.
    pub fn notify_success(&mut self, text: &str) {
        self.notices.push(Notice::done(text));
    }

    /// Shows a notice that an action was refused or failed.
    pub fn notify_error(&mut self, text: &str) {
        self.notices.push(Notice::wrong(text));
    }

    /// Closes the notice with this text.
    pub fn close_notice(&mut self, text: &str) {
        self.notices.close(text);
    }

    /// Starts a frame: takes the newest snapshot, console lines and failures.
    pub fn begin_frame(&mut self) {
        self.notices.forget_old(Instant::now());
        if self.journal.as_ref().is_some_and(Journal::must_begin_again) {
            self.before_change();
        }
        self.notify_journal_trouble();
        for notice in self.live.begin_frame() {
            self.notices.push(notice);
        }
        self.findings.update(&self.project, self.live.registry(), self.live.view());
    }

    /// Ends a frame: updates the running system to match the document, and keeps the last messages of
    /// `selected_link`. Returns when to draw again even if nothing new happens.
    pub fn end_frame(&mut self, selected_link: Option<&Wire>) -> Option<Duration> {
        if !self.live().is_running() {
            return None;
        }
        self.live.sync(&self.project.document, &self.project.parameter_values());
        if self.tapped.as_ref() != selected_link {
            if let Some(old) = self.tapped.take() {
                self.live.tap(&old, false);
            }
            if let Some(wire) = selected_link {
                self.live.tap(wire, true);
            }
            self.tapped = selected_link.cloned();
        }
        self.live().redraw_after()
    }

    /// Opens a project. Ends the run and discards the state of the old project. `problems` are the problems of its
    /// file.
    pub fn open(&mut self, project: Project, problems: Vec<Problem>) {
        if let Some(journal) = &mut self.journal {
            journal.forget();
        }
        self.live.forget();
        self.tapped = None;
        self.history = History::new();
        if project.is_damaged() {
            self.history.mark_unsaved();
        }
        self.project = project;
        self.findings.restart(problems);
    }

    /// Saves the project to its file, or to `path`, which may replace a file that another program has changed. If this
    /// fails, the old file is unchanged.
    pub fn save(&mut self, path: Option<&Path>) -> Result<(), StoreError> {
        let saved = match path {
            Some(path) => store::save_as(&mut self.project, path),
            None => store::save(&mut self.project),
        };
        let kept = saved?;
        self.history.mark_saved();
        if let (Some(journal), Some(path), Some(fingerprint)) =
            (&mut self.journal, self.project.path(), self.project.fingerprint())
        {
            journal.saved(path, fingerprint);
        }
        // The new file does not have the problems of the old one.
        self.findings.restart(Vec::new());
        if let Some(path) = self.project.path() {
            let kept = kept.map(|kept| format!("; the damaged file is kept as {}", kept.display()));
            let text = format!("Saved {}{}", path.display(), kept.unwrap_or_default());
            self.notify_success(&text);
        }
        Ok(())
    }

    /// Removes the journal, because the window is closing and there is nothing to keep, or the user discarded the
    /// changes.
    pub fn close(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.forget();
        }
    }

    /// Changes the document. Returns `false`, with a notice, if the edit is refused; the document is then unchanged.
    pub fn edit(&mut self, edit: EditCommand) -> bool {
        let copy = self.journal.is_some().then(|| edit.clone());
        self.before_change();
        if let Err(error) = self.history.edit(&mut self.project.document, edit) {
            self.notify_error(&error.to_string());
            return false;
        }
        if let (Some(journal), Some(edit)) = (&mut self.journal, copy)
            && !edit.is_nothing()
        {
            journal.edited(edit);
        }
        true
    }

    /// Undoes the last edit.
    pub fn undo(&mut self) {
        self.before_change();
        let undone = self.history.undo(&mut self.project.document);
        if let (Some(journal), Ok(Some(_))) = (&mut self.journal, &undone) {
            journal.undone();
        }
        self.after_step("Undid", undone);
    }

    /// Redoes the edit that was undone last.
    pub fn redo(&mut self) {
        self.before_change();
        let redone = self.history.redo(&mut self.project.document);
        if let (Some(journal), Ok(Some(_))) = (&mut self.journal, &redone) {
            journal.redone();
        }
        self.after_step("Redid", redone);
    }

    fn before_change(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.before_change(&self.project, self.history.is_unsaved());
        }
    }

    fn notify_journal_trouble(&mut self) {
        let trouble = self.journal.as_ref().and_then(Journal::trouble);
        if trouble == self.journal_trouble {
            return;
        }
        match &trouble {
            Some(error) => self.notify_error(&format!(
                "unsaved changes cannot be protected against a crash at the moment: {error}; save the project soon"
            )),
            None => self.notify_success("unsaved changes are protected against a crash again"),
        }
        self.journal_trouble = trouble;
    }

    fn after_step(&mut self, verb: &str, step: Result<Option<String>, EditError>) {
        match step {
            Ok(Some(label)) => self.notify_success(&format!("{verb}: {label}")),
            Ok(None) => {}
            Err(error) => self.notify_error(&error.to_string()),
        }
    }

    /// A new id for a node.
    pub fn fresh_id(&mut self) -> NodeId {
        self.project.document.fresh_id()
    }

    /// A new id for a frame.
    pub fn fresh_frame_id(&mut self) -> FrameId {
        self.project.document.fresh_frame_id()
    }

    /// Runs the document. A current run is ended first. `on_change` is called on another thread when there is a new
    /// snapshot, or when a component keeps its turn.
    pub fn run(&mut self, is_paused: bool, on_change: impl Fn() + Send + Sync + 'static) {
        self.tapped = None;
        let base_folder = self.project.base_folder();
        let settings = RunSettings {
            base_folder: std::path::absolute(&base_folder).unwrap_or(base_folder),
            values: self.project.parameter_values(),
            is_paused,
            ..RunSettings::default()
        };
        if let Err(error) = self.live.run(&self.project.document, settings, on_change) {
            self.notify_error(&error.to_string());
        }
    }

    /// Pauses the system.
    pub fn pause(&mut self) {
        self.live.pause();
    }

    /// Resumes the paused system.
    pub fn resume(&mut self) {
        self.live.resume();
    }

    /// Advances the system by one step and leaves it paused.
    pub fn advance(&mut self, size: StepSize) {
        self.live.advance(size);
    }

    /// Asks all components to shut down. The second call ends the run immediately.
    pub fn stop(&mut self) {
        self.live.stop();
    }

    /// Sets the speed of the current and later runs.
    pub fn set_speed(&mut self, speed: Speed) {
        self.live.set_speed(speed);
    }

    /// Restarts one component with empty state.
    pub fn restart_component(&mut self, id: NodeId) {
        self.live.restart_component(id);
    }

    /// Pauses (true) or resumes (false) one component.
    pub fn pause_component(&mut self, id: NodeId, is_paused: bool) {
        self.live.pause_component(id, is_paused);
    }

    /// Injects a message into an inbox.
    pub fn send_message(&mut self, inbox: &Port, message: Message) {
        self.live.inject(inbox, message);
    }

    /// Sends a user event on a component's surface to the component.
    pub fn surface_event(&mut self, id: NodeId, event: Message) {
        self.live.surface_event(id, event);
    }

    /// Clears the console.
    pub fn clear_console(&mut self) {
        self.live.clear_console();
    }
}

#[cfg(test)]
mod tests;
