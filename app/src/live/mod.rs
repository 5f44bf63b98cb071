//! The bridge: keeps the running system equal to the document.
//!
//! `Live` is owned by the window and used once a frame on its thread: `begin_frame` takes the newest snapshot, `sync`
//! plans and sends what has changed. Nothing here waits: a command that the full queue refuses is kept and sent in the next
//! frame, in order. There is one path into the runtime: `plan`; run, undo while running and hot edits are the same code.

pub mod console;
mod failures;
pub mod notice;
pub mod plan;
pub mod rates;
mod seen;
pub mod topology_of;
pub mod view;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose_runtime::builder::{ClockKind, RuntimeBuilder};
use compose_runtime::command::{RuntimeCommand, Speed, Step, StepSize};
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::RunState;
use compose_runtime::message::Message;
use compose_runtime::registry::Registry;
use compose_runtime::surface::Surface;
use compose_runtime::topology::Topology;

use self::failures::Failures;
use self::plan::plan;
use self::topology_of::topology_of;
use crate::document::{Document, NodeId, ParameterValues, Port, Wire};

pub use console::{Console, ConsoleLine};
pub use notice::{Notice, Notices};
pub use view::LiveView;

/// How many commands wait for room in the queue; more are dropped with a notice.
const MOST_WAITING: usize = 1000;

/// How long components may take to end before the system is ended without asking them.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a run is begun.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// Folder that relative paths in settings start from.
    pub base_folder: PathBuf,
    /// Values of the project's parameters.
    pub values: ParameterValues,
    /// Which clock the components see.
    pub clock: ClockKind,
    /// Whether it begins paused, for stepping from the very first delivery.
    pub is_paused: bool,
}

/// Why nothing can be run.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The thread could not be started.
    #[error("the scheduler thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// The running system, or none, and what was last asked of it.
pub struct Live {
    registry: Registry,
    handle: Option<RuntimeHandle>,
    asked: Topology,
    /// Revision and parameters of the document that was asked for last.
    asked_of: Option<(u64, ParameterValues)>,
    next_batch: u64,
    waiting: VecDeque<RuntimeCommand>,
    lost_commands: usize,
    failures: Failures,
    stopping_since: Option<Instant>,
    speed: Speed,
    began: Instant,
    view: LiveView,
}

impl Live {
    /// Nothing runs yet.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            handle: None,
            asked: Topology::default(),
            asked_of: None,
            next_batch: 0,
            waiting: VecDeque::new(),
            lost_commands: 0,
            failures: Failures::default(),
            stopping_since: None,
            speed: Speed::Full,
            began: Instant::now(),
            view: LiveView::default(),
        }
    }

    /// What may be shown.
    pub fn view(&self) -> &LiveView {
        &self.view
    }

    /// The types of component that can be started.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Starts the document; a system that runs already is ended first. `on_news` is called on the scheduler thread when
    /// there is something new to see.
    pub fn run(
        &mut self,
        document: &Document,
        settings: RunSettings,
        on_news: impl Fn() + Send + 'static,
    ) -> Result<(), LiveError> {
        self.end();
        let handle = RuntimeBuilder::new(self.registry.clone())
            .clock(settings.clock)
            .base_folder(settings.base_folder)
            .awaits_repair()
            .on_snapshot(on_news)
            .spawn()?;
        self.handle = Some(handle);
        self.view.begin();
        self.began = Instant::now();
        if settings.is_paused {
            self.pause();
        }
        self.set_speed(self.speed);
        self.sync(document, &settings.values);
        Ok(())
    }

    /// Takes in the newest snapshot and console lines; the first thing in a frame. Gives what went wrong since.
    pub fn begin_frame(&mut self) -> Vec<Notice> {
        let Some(handle) = &self.handle else { return Vec::new() };
        let snapshot = handle.snapshot();
        let (lines, lost) = handle.take_console();
        self.view.console.add(lines, lost);
        self.view.take(snapshot.clone(), self.began.elapsed());
        let mut notices = self.failures.news(&snapshot.failed_steps, &mut self.asked);
        if std::mem::take(&mut self.lost_commands) > 0 {
            notices.push(Notice::wrong("the running system takes no commands; stop it and run it again"));
        }
        if let Some(since) = self.stopping_since
            && (snapshot.run == RunState::Ended || snapshot.components.is_empty() || since.elapsed() > PATIENCE)
        {
            self.end();
        }
        self.flush();
        notices
    }

    /// Makes the running system equal to the document; the last thing in a frame. Does nothing if neither the document
    /// nor the parameters have changed since, or if the queue is full: then the next frame tries again.
    pub fn sync(&mut self, document: &Document, values: &ParameterValues) {
        if self.handle.is_none() || self.stopping_since.is_some() || !self.waiting.is_empty() {
            return;
        }
        let is_same = self
            .asked_of
            .as_ref()
            .is_some_and(|(revision, asked_values)| *revision == document.revision() && asked_values == values);
        if is_same {
            return;
        }
        let wanted = topology_of(document, &self.registry, values);
        let steps = plan(&self.asked, &wanted, &self.registry);
        if steps.is_empty() || self.send_batch(steps) {
            self.asked = wanted;
            self.asked_of = Some((document.revision(), values.clone()));
        }
    }

    /// Stops giving turns.
    pub fn pause(&mut self) {
        self.view.is_paused = self.handle.is_some();
        self.send(RuntimeCommand::Pause);
    }

    /// Goes on where it stopped.
    pub fn resume(&mut self) {
        self.view.is_paused = false;
        self.send(RuntimeCommand::Resume);
    }

    /// Moves on by one step, and is paused then.
    pub fn advance(&mut self, size: StepSize) {
        self.view.is_paused = self.handle.is_some();
        self.send(RuntimeCommand::Advance(size));
    }

    /// Asks every component to end; the second call ends the system at once.
    pub fn stop(&mut self) {
        if self.handle.is_none() {
            return;
        }
        if self.stopping_since.is_some() {
            self.end();
            return;
        }
        if self.view.is_paused {
            self.resume();
        }
        // Slow motion would slow the ending down, too.
        self.send(RuntimeCommand::SetSpeed(Speed::Full));
        self.send(RuntimeCommand::ShutDown);
        self.stopping_since = Some(Instant::now());
    }

    /// Turns the dial; kept for the next run.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        self.send(RuntimeCommand::SetSpeed(speed));
    }

    /// Where the dial stands.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Puts a message into an inbox by hand.
    pub fn inject(&mut self, inbox: &Port, message: Message) {
        self.send(RuntimeCommand::Inject { inbox: inbox.address(), message });
    }

    /// Tells a component what the user did on its surface. A line that was typed for it is also shown on the console.
    pub fn surface_event(&mut self, id: NodeId, event: Message) {
        if let (Some(view), Message::Text(line)) = (self.view.component(id), &event)
            && let Some(Surface::Prompt { .. }) = view.surface.as_deref()
        {
            let name = Arc::clone(&view.name);
            self.view.console.add_typed(&name, line);
        }
        self.send(RuntimeCommand::SurfaceEvent { id: id.into(), event });
    }

    /// Keeps copies of the last messages of a wire, or stops doing so.
    pub fn tap(&mut self, wire: &Wire, on: bool) {
        self.send(RuntimeCommand::Tap { linkage: wire.linkage(), on });
    }

    /// Pauses or wakes one component.
    pub fn pause_component(&mut self, id: NodeId, pause: bool) {
        self.send(RuntimeCommand::PauseComponent(id.into(), pause));
    }

    /// Starts a component again as it was asked for, for example after a crash; links and waiting messages stay.
    pub fn restart_component(&mut self, id: NodeId) {
        if let Some(desc) = self.asked.components.get(&id.into()).cloned() {
            let steps = vec![Step::Restart { id: id.into(), desc }];
            if self.waiting.is_empty() && self.send_batch(steps.clone()) {
                return;
            }
            self.next_batch += 1;
            self.failures.sent(self.next_batch, steps.clone());
            self.send(RuntimeCommand::Reconfigure { batch: self.next_batch, steps });
        }
    }

    /// Ends the system at once, without asking the components; the last values stay visible.
    pub fn end(&mut self) {
        if let Some(handle) = self.handle.take() {
            // The dropped handle ends it as well, if the queue is full.
            let _ = handle.try_send(RuntimeCommand::Quit);
            let (lines, lost) = handle.take_console();
            self.view.console.add(lines, lost);
        }
        self.asked = Topology::default();
        self.asked_of = None;
        self.waiting.clear();
        self.failures = Failures::default();
        self.stopping_since = None;
        self.view.end();
    }

    /// Ends the system at once and forgets what it showed: another project is opened.
    pub fn forget(&mut self) {
        self.end();
        self.view = LiveView::default();
    }

    /// Empties the console.
    pub fn clear_console(&mut self) {
        self.view.console.clear();
    }

    /// Sends a batch now, or says that there is no room.
    fn send_batch(&mut self, steps: Vec<Step>) -> bool {
        let Some(handle) = &self.handle else { return false };
        let batch = self.next_batch + 1;
        if handle.try_send(RuntimeCommand::Reconfigure { batch, steps: steps.clone() }).is_err() {
            return false;
        }
        self.next_batch = batch;
        self.failures.sent(batch, steps);
        true
    }

    fn send(&mut self, command: RuntimeCommand) {
        if self.handle.is_none() {
            return;
        }
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back(command);
        } else {
            self.lost_commands += 1;
        }
        self.flush();
    }

    fn flush(&mut self) {
        let Some(handle) = &self.handle else { return };
        while let Some(command) = self.waiting.pop_front() {
            if let Err(refused) = handle.try_send(command) {
                self.waiting.push_front(refused.0);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
