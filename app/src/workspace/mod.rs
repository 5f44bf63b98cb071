//! Workspace: the open project, its history and the running system.
//!
//! Owned by `App`, on the window thread; only `dispatch` and the steps of a frame change it. Invariants: every change of
//! the document goes through the history; the running system was started from this document and follows it; opening
//! another project ends the run; the findings belong to the open project. Failures become notices.

pub mod findings;

use std::path::Path;
use std::time::{Duration, Instant};

use compose_runtime::command::{Speed, StepSize};
use compose_runtime::message::Message;
use compose_runtime::registry::Registry;

use self::findings::{Finding, Findings};
use crate::document::{Document, EditCommand, EditError, FrameId, History, NodeId, Port, Problem, Wire};
use crate::live::{Live, LiveView, Notice, Notices, RunSettings};
use crate::project::{Project, store};

/// The open project, its history and the running system.
pub struct Workspace {
    project: Project,
    history: History,
    live: Live,
    findings: Findings,
    notices: Notices,
    /// The link whose last messages are kept.
    tapped: Option<Wire>,
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

    /// The undo history, which also knows whether there are unsaved changes.
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
    pub fn tell_done(&mut self, text: &str) {
        self.notices.push(Notice::done(text));
    }

    /// Shows a notice that an action was refused or failed.
    pub fn tell_wrong(&mut self, text: &str) {
        self.notices.push(Notice::wrong(text));
    }

    /// Closes the notice with this text.
    pub fn close_notice(&mut self, text: &str) {
        self.notices.close(text);
    }

    /// Starts a frame: takes the newest snapshot, console lines and failures.
    pub fn begin_frame(&mut self) {
        self.notices.forget_old(Instant::now());
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
        self.live.forget();
        self.tapped = None;
        self.history = History::new();
        if project.is_damaged() {
            self.history.mark_unsaved();
        }
        self.project = project;
        self.findings.restart(problems);
    }

    /// Saves the project to its file, or to `path`. Returns `false`, with a notice, if this fails; the old file is then
    /// unchanged.
    pub fn save(&mut self, path: Option<&Path>) -> bool {
        let saved = match path {
            Some(path) => store::save_as(&mut self.project, path),
            None => store::save(&mut self.project),
        };
        match saved {
            Ok(kept) => {
                self.history.mark_saved();
                // The new file does not have the problems of the old one.
                self.findings.restart(Vec::new());
                if let Some(path) = self.project.path() {
                    let kept = kept.map(|kept| format!("; the damaged file is kept as {}", kept.display()));
                    let text = format!("Saved {}{}", path.display(), kept.unwrap_or_default());
                    self.tell_done(&text);
                }
                true
            }
            Err(error) => {
                self.tell_wrong(&error.to_string());
                false
            }
        }
    }

    /// Marks the changes as saved, because the user agreed to lose them.
    pub fn give_up_changes(&mut self) {
        self.history.mark_saved();
    }

    /// Changes the document. Returns `false`, with a notice, if the edit is refused; the document is then unchanged.
    pub fn edit(&mut self, edit: EditCommand) -> bool {
        let edited = self.history.edit(&mut self.project.document, edit);
        if let Err(error) = &edited {
            self.tell_wrong(&error.to_string());
        }
        edited.is_ok()
    }

    /// Undoes the last edit.
    pub fn undo(&mut self) {
        let undone = self.history.undo(&mut self.project.document);
        self.after_step("Undid", undone);
    }

    /// Redoes the edit that was undone last.
    pub fn redo(&mut self) {
        let redone = self.history.redo(&mut self.project.document);
        self.after_step("Redid", redone);
    }

    fn after_step(&mut self, verb: &str, step: Result<Option<String>, EditError>) {
        match step {
            Ok(Some(label)) => self.tell_done(&format!("{verb}: {label}")),
            Ok(None) => {}
            Err(error) => self.tell_wrong(&error.to_string()),
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

    /// Runs the document. A current run is ended first. `on_news` is called on the scheduler thread when there is a new
    /// snapshot.
    pub fn run(&mut self, is_paused: bool, on_news: impl Fn() + Send + 'static) {
        self.tapped = None;
        let base_folder = self.project.base_folder();
        let settings = RunSettings {
            base_folder: std::path::absolute(&base_folder).unwrap_or(base_folder),
            values: self.project.parameter_values(),
            is_paused,
            ..RunSettings::default()
        };
        if let Err(error) = self.live.run(&self.project.document, settings, on_news) {
            self.tell_wrong(&error.to_string());
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

    /// Sets the speed, also of later runs.
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
