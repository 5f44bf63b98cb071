//! The bridge: keeps the running system in line with the document.
//!
//! `Live` is owned by the window and used on its thread, once per frame: `begin_frame` takes the newest snapshot,
//! `sync` plans the changes and sends them. Nothing here blocks: if the queue is full, commands are kept and sent in
//! the next frame, in order. Starting, undo and live edits all use `plan`.

pub mod console;
mod failures;
mod held_turn;
mod link_history;
pub mod notice;
pub mod plan;
pub mod rates;
pub mod topology_of;
pub mod view;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use compose_runtime::builder::{ClockKind, RuntimeBuilder};
use compose_runtime::command::{RuntimeCommand, Speed, Step, StepSize};
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::RunState;
use compose_runtime::message::Message;
use compose_runtime::registry::Registry;
use compose_runtime::surface::Surface;
use compose_runtime::topology::Topology;
use compose_runtime::turn_watch::TurnHolder;

use self::failures::Failures;
use self::plan::plan;
use self::topology_of::topology_of;
use crate::document::{Document, NodeId, ParameterValues, Port, Wire};

pub use console::{Console, ConsoleLine};
pub use held_turn::HeldTurn;
pub use notice::{Notice, Notices};
pub use view::LiveView;

/// How many commands are kept while the queue is full. Further commands are dropped, with a notice.
const MOST_WAITING: usize = 1000;

/// How long components may take to shut down before the system is ended.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The settings of a run.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// The base folder of relative paths in settings.
    pub base_folder: PathBuf,
    /// The values of the project parameters.
    pub values: ParameterValues,
    /// The clock of the components.
    pub clock: ClockKind,
    /// Whether the run starts paused, so that the user can step from the first delivery.
    pub is_paused: bool,
}

/// Why a run cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The scheduler thread could not be started.
    #[error("the scheduler thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// The running system, if any, and its last requested topology.
pub struct Live {
    registry: Registry,
    handle: Option<RuntimeHandle>,
    asked: Topology,
    /// The document revision and parameters of the topology in `asked`.
    asked_of: Option<(u64, ParameterValues)>,
    next_batch: u64,
    waiting: VecDeque<RuntimeCommand>,
    lost_commands: usize,
    failures: Failures,
    stopping_since: Option<Instant>,
    /// The check for a component that keeps its turn, and its last result.
    watch: Option<HeldTurn>,
    held: Arc<Mutex<Option<TurnHolder>>>,
    /// Notices for the next frame.
    pending_notices: Vec<Notice>,
    speed: Speed,
    began: Instant,
    view: LiveView,
}

impl Live {
    /// Creates the bridge without a running system.
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
            watch: None,
            held: Arc::default(),
            pending_notices: Vec::new(),
            speed: Speed::Full,
            began: Instant::now(),
            view: LiveView::default(),
        }
    }

    /// The view of the running system.
    pub fn view(&self) -> &LiveView {
        &self.view
    }

    /// The known component types.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Runs the document. A system that is already running is ended first. `on_change` is called on another
    /// thread when there is a new snapshot, or when a component keeps its turn.
    pub fn run(
        &mut self,
        document: &Document,
        settings: RunSettings,
        on_change: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), LiveError> {
        self.end();
        let on_change = Arc::new(on_change);
        let on_snapshot = on_change.clone();
        let handle = RuntimeBuilder::new(self.registry.clone())
            .clock(settings.clock)
            .base_folder(settings.base_folder)
            .awaits_repair()
            .on_snapshot(move || on_snapshot())
            .spawn()?;
        self.held = Arc::default();
        let (held, mut seconds) = (self.held.clone(), 0);
        let noted = move |holder: Option<TurnHolder>| {
            let now = holder.as_ref().map_or(0, |holder| holder.held_for.as_secs());
            *held.lock().unwrap_or_else(PoisonError::into_inner) = holder;
            if std::mem::replace(&mut seconds, now) != now {
                on_change();
            }
        };
        self.watch = Some(HeldTurn::watch(handle.clone(), noted)?);
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

    /// Takes the newest snapshot and console lines. Called at the start of each frame. Returns notices of new failures.
    pub fn begin_frame(&mut self) -> Vec<Notice> {
        let mut notices = std::mem::take(&mut self.pending_notices);
        let Some(handle) = &self.handle else { return notices };
        self.view.held.clone_from(&self.held.lock().unwrap_or_else(PoisonError::into_inner));
        let snapshot = handle.snapshot();
        let (lines, lost) = handle.take_console();
        self.view.console.add(lines, lost);
        self.view.take(snapshot.clone(), self.began.elapsed());
        notices.extend(self.failures.new_notices(&snapshot.failed_steps, &mut self.asked));
        if std::mem::take(&mut self.lost_commands) > 0 {
            notices.push(Notice::wrong("the running system does not accept commands; stop it and run it again"));
        }
        if let Some(since) = self.stopping_since
            && (snapshot.run == RunState::Ended || snapshot.components.is_empty() || since.elapsed() > TIMEOUT)
        {
            self.end();
        }
        self.flush();
        notices
    }

    /// Updates the running system to match the document. Called at the end of each frame. Does nothing if neither the
    /// document nor the parameters have changed. If the queue is full, the next frame retries.
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

    /// Pauses the system.
    pub fn pause(&mut self) {
        self.view.is_paused = self.handle.is_some();
        self.send(RuntimeCommand::Pause);
    }

    /// Resumes the paused system.
    pub fn resume(&mut self) {
        self.view.is_paused = false;
        self.send(RuntimeCommand::Resume);
    }

    /// Advances the system by one step and leaves it paused.
    pub fn advance(&mut self, size: StepSize) {
        self.view.is_paused = self.handle.is_some();
        self.send(RuntimeCommand::Advance(size));
    }

    /// Asks all components to shut down. The second call ends the system immediately.
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
        // Slow motion would also slow down the shutdown.
        self.send(RuntimeCommand::SetSpeed(Speed::Full));
        self.send(RuntimeCommand::ShutDown);
        self.stopping_since = Some(Instant::now());
    }

    /// Sets the speed of the current and later runs.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        self.send(RuntimeCommand::SetSpeed(speed));
    }

    /// The speed setting.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Injects a message into an inbox.
    pub fn inject(&mut self, inbox: &Port, message: Message) {
        self.send(RuntimeCommand::Inject { inbox: inbox.address(), message });
    }

    /// Sends a user event on a component's surface to the component. A line typed at a prompt also appears on the
    /// console.
    pub fn surface_event(&mut self, id: NodeId, event: Message) {
        if let (Some(view), Message::Text(line)) = (self.view.component(id), &event)
            && let Some(Surface::Prompt { .. }) = view.surface.as_deref()
        {
            let name = Arc::clone(&view.name);
            self.view.console.add_typed(&name, line);
        }
        self.send(RuntimeCommand::SurfaceEvent { id: id.into(), event });
    }

    /// Starts or stops recording the messages of a wire.
    pub fn tap(&mut self, wire: &Wire, on: bool) {
        self.send(RuntimeCommand::Tap { linkage: wire.linkage(), on });
    }

    /// Pauses or resumes one component.
    pub fn pause_component(&mut self, id: NodeId, pause: bool) {
        self.send(RuntimeCommand::PauseComponent(id.into(), pause));
    }

    /// Restarts a component, for example after a crash. Its links and queued messages stay.
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

    /// Ends the system immediately, without shutting down the components. The last values stay visible. A component
    /// that keeps its turn also keeps its thread until it returns; a notice reports this.
    pub fn end(&mut self) {
        self.watch = None;
        if let Some(handle) = self.handle.take() {
            if let Some(holder) = self.view.held.take() {
                self.pending_notices.push(Notice::wrong(&format!(
                    "the run was abandoned, because {} has not returned from its turn; its thread keeps running until \
                     it does",
                    holder.component
                )));
            }
            // If the queue is full, dropping the handle also ends the system.
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

    /// Ends the system immediately and clears its view, because another project is opened.
    pub fn forget(&mut self) {
        self.end();
        self.view = LiveView::default();
    }

    /// Clears the console.
    pub fn clear_console(&mut self) {
        self.view.console.clear();
    }

    /// Sends a batch; `false` if the queue is full.
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
