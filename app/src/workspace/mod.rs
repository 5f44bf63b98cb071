//! Workspace: the open project, its history and the running system, which belong together.
//!
//! Owned by the window; only `dispatch` changes it. Invariants: every change of the document goes through the history;
//! what runs was started from this document and follows it; another project ends the run, and the list of findings is
//! about the project that is open. What fails becomes a notice.

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
    /// The link whose messages are kept.
    tapped: Option<Wire>,
}

impl Workspace {
    /// An empty project; nothing runs.
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

    /// The project with its file.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What the user made.
    pub fn document(&self) -> &Document {
        &self.project.document
    }

    /// What can be undone, and whether there is anything to save.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The running system.
    pub fn live(&self) -> &LiveView {
        self.live.view()
    }

    /// The speed of the running system, and of the next run.
    pub fn speed(&self) -> Speed {
        self.live.speed()
    }

    /// The components there are.
    pub fn registry(&self) -> &Registry {
        self.live.registry()
    }

    /// What is wrong.
    pub fn findings(&self) -> &[Finding] {
        self.findings.shown()
    }

    /// Sentences that are shown for a few seconds.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Says that something was done.
    pub fn tell_done(&mut self, text: &str) {
        self.notices.push(Notice::done(text));
    }

    /// Says that something was refused or failed, and why.
    pub fn tell_wrong(&mut self, text: &str) {
        self.notices.push(Notice::wrong(text));
    }

    /// No longer shows the notice with this text.
    pub fn close_notice(&mut self, text: &str) {
        self.notices.close(text);
    }

    /// The first thing in a frame: takes in the newest snapshot, console lines and failures.
    pub fn begin_frame(&mut self) {
        self.notices.forget_old(Instant::now());
        for notice in self.live.begin_frame() {
            self.notices.push(notice);
        }
        self.findings.update(&self.project, self.live.registry(), self.live.view());
    }

    /// The last thing in a frame: makes the running system equal to the document, and keeps the messages of the link
    /// that is looked at. Gives when to look again although nothing new happens.
    pub fn end_frame(&mut self, looked_at: Option<&Wire>) -> Option<Duration> {
        if !self.live().is_running() {
            return None;
        }
        self.live.sync(&self.project.document, &self.project.parameter_values());
        if self.tapped.as_ref() != looked_at {
            if let Some(old) = self.tapped.take() {
                self.live.tap(&old, false);
            }
            if let Some(wire) = looked_at {
                self.live.tap(wire, true);
            }
            self.tapped = looked_at.cloned();
        }
        self.live().look_again_in()
    }

    /// Makes this the open project. Ends what runs, and forgets everything about the old one. `problems` are those of
    /// its file.
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

    /// Saves the project where it came from, or in this file. The old file is whole in any case. `false` if it failed.
    pub fn save(&mut self, path: Option<&Path>) -> bool {
        let saved = match path {
            Some(path) => store::save_as(&mut self.project, path),
            None => store::save(&mut self.project),
        };
        match saved {
            Ok(kept) => {
                self.history.mark_saved();
                // What was wrong with the old file is no longer there.
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

    /// The user said that changes may be lost.
    pub fn give_up_changes(&mut self) {
        self.history.mark_saved();
    }

    /// Changes the document. A refusal changes nothing. `false` if it was refused.
    pub fn edit(&mut self, edit: EditCommand) -> bool {
        let edited = self.history.edit(&mut self.project.document, edit);
        if let Err(error) = &edited {
            self.tell_wrong(&error.to_string());
        }
        edited.is_ok()
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        let undone = self.history.undo(&mut self.project.document);
        self.after_step("Undid", undone);
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self) {
        let redone = self.history.redo(&mut self.project.document);
        self.after_step("Redid", redone);
    }

    fn after_step(&mut self, word: &str, step: Result<Option<String>, EditError>) {
        match step {
            Ok(Some(label)) => self.tell_done(&format!("{word}: {label}")),
            Ok(None) => {}
            Err(error) => self.tell_wrong(&error.to_string()),
        }
    }

    /// An identity that no node and no frame of the document has had.
    pub fn fresh_id(&mut self) -> NodeId {
        self.project.document.fresh_id()
    }

    /// An identity for a frame that no node and no frame of the document has had.
    pub fn fresh_frame_id(&mut self) -> FrameId {
        self.project.document.fresh_frame_id()
    }

    /// Starts the document; a run that goes on is ended first. `on_news` is called on the scheduler thread when there is
    /// something new to see.
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

    /// Stops giving turns.
    pub fn pause(&mut self) {
        self.live.pause();
    }

    /// Goes on after a pause.
    pub fn resume(&mut self) {
        self.live.resume();
    }

    /// Moves on by one step, and is paused then.
    pub fn advance(&mut self, size: StepSize) {
        self.live.advance(size);
    }

    /// Asks every component to end; the second call ends the run at once.
    pub fn stop(&mut self) {
        self.live.stop();
    }

    /// Sets the speed, also of the next run.
    pub fn set_speed(&mut self, speed: Speed) {
        self.live.set_speed(speed);
    }

    /// Starts one component again, with empty state.
    pub fn restart_component(&mut self, id: NodeId) {
        self.live.restart_component(id);
    }

    /// Pauses (true) or wakes (false) one component.
    pub fn pause_component(&mut self, id: NodeId, is_paused: bool) {
        self.live.pause_component(id, is_paused);
    }

    /// Puts a message into an inbox by hand.
    pub fn send_message(&mut self, inbox: &Port, message: Message) {
        self.live.inject(inbox, message);
    }

    /// Tells a component what the user did on its surface.
    pub fn surface_event(&mut self, id: NodeId, event: Message) {
        self.live.surface_event(id, event);
    }

    /// Empties the console.
    pub fn clear_console(&mut self) {
        self.live.clear_console();
    }
}

#[cfg(test)]
mod tests;
