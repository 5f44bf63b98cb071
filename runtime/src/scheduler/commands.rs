//! Commands and requests: carried out when they arrive, or at the safe point (R12).

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Scheduler;
use super::graph::error::GraphError;
use super::intake::Entry;
use super::request::{Answer, Ask, Request};
use crate::command::{RuntimeCommand, Step, StepOutcome};
use crate::component::Fault;
use crate::component::spec::EVENTS;
use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::changes::TopologyView;
use crate::introspect::record::Event;
use crate::message::Message;
use crate::ready_ports::ReadyPorts;

impl Scheduler {
    /// Takes the commands that have arrived. Run control takes effect at once, even inside a pass; changes wait for the safe
    /// point.
    pub(super) fn take_intake(&mut self) {
        while let Some(entry) = self.intake.try_take() {
            self.take_entry(entry);
        }
    }

    /// Waits for a command or a notification, for at most this long. True if one arrived.
    pub(super) fn wait_for_intake(&mut self, at_most: Option<Duration>) -> bool {
        let arrived = self.intake.wait(at_most);
        let has_arrived = arrived.is_some();
        if let Some(entry) = arrived.flatten() {
            self.take_entry(entry);
        }
        has_arrived
    }

    fn take_entry(&mut self, entry: Entry) {
        let Entry::Command(command) = entry else { return self.intake.defer(entry) };
        match *command {
            RuntimeCommand::Pause => {
                self.dial.pause();
                self.note_activity();
            }
            RuntimeCommand::Resume => {
                self.dial.resume(Instant::now());
                self.note_activity();
            }
            RuntimeCommand::Advance(size) => {
                self.dial.advance(size);
                self.note_activity();
            }
            RuntimeCommand::SetSpeed(speed) => self.dial.set_speed(speed, Instant::now()),
            RuntimeCommand::Quit => self.shutdown.quit(),
            RuntimeCommand::Reconfigure { .. }
            | RuntimeCommand::PauseComponent(..)
            | RuntimeCommand::StopComponent(_)
            | RuntimeCommand::Inject { .. }
            | RuntimeCommand::SurfaceEvent { .. }
            | RuntimeCommand::Tap { .. }
            | RuntimeCommand::ShutDown => self.intake.defer(Entry::Command(command)),
        }
    }

    pub(super) fn apply_at_safe_point(&mut self, command: RuntimeCommand) {
        self.note_activity();
        self.is_stalled = false;
        self.record_command(&command);
        match command {
            RuntimeCommand::Reconfigure { batch, steps } => {
                self.apply_recorded(batch, steps, &mut |_| {});
            }
            RuntimeCommand::PauseComponent(id, pause) => self.graph.pause_component(id, pause),
            RuntimeCommand::StopComponent(id) => {
                if let Err(error) = self.stop_recorded(id) {
                    self.graph.note_failure(Some(id), &error.to_string());
                }
            }
            RuntimeCommand::Inject { inbox, message } => {
                self.graph.put(&inbox, &message);
            }
            RuntimeCommand::SurfaceEvent { id, event } => {
                self.graph.put(&BoxAddr::inbox(id, EVENTS.name), &event);
            }
            RuntimeCommand::Tap { linkage, on } => self.graph.tap(&linkage, on),
            RuntimeCommand::ShutDown => {
                self.shutdown.begin(Instant::now());
                self.graph.ask_all(&Message::ProducerFinished, true);
            }
            // These took effect when they arrived.
            RuntimeCommand::Pause
            | RuntimeCommand::Resume
            | RuntimeCommand::Advance(_)
            | RuntimeCommand::SetSpeed(_)
            | RuntimeCommand::Quit => {}
        }
    }

    /// Asks components that are still running some time after the shutdown began to end at once.
    pub(super) fn insist_on_shutdown(&mut self) {
        if !self.shutdown.has_begun() {
            return;
        }
        let now = Instant::now();
        // In a replay, the recording determines when this happens.
        if !self.context.is_replay && self.shutdown.time_left(now) == Some(Duration::ZERO) {
            self.shutdown.begin(now);
            self.end_all_now();
        }
    }

    /// Asks all components to end at once.
    pub(super) fn end_all_now(&mut self) {
        self.context.record(|| Event::ShutDownNow);
        self.graph.end_all_now();
    }

    /// Carries out the requests that components made since the last safe point.
    pub(super) fn grant_requests(&mut self) {
        if self.context.requests.is_empty() {
            return;
        }
        let mut for_topology = Vec::new();
        let mut has_changed = false;
        for mut request in self.context.requests.take() {
            if matches!(request.ask, Ask::Topology { .. }) {
                for_topology.push(request);
                continue;
            }
            let ask = std::mem::replace(&mut request.ask, Ask::Nothing);
            let may_change = ask.may_change_topology();
            let answer = self.graph.grant(request.owner.id, ask);
            has_changed |= may_change && answer.is_ok();
            self.answer(&request, answer);
        }
        self.graph.end_granting();
        // Nothing reads the revision while requests are carried out, so it is raised once for all of them.
        if has_changed {
            self.context.revision.increase();
        }
        self.show_topology(for_topology);
    }

    /// Answers requests for the topology, all with the same view. Watchers that have already seen it wait for the next
    /// change.
    fn show_topology(&mut self, requests: Vec<Request>) {
        let revision = self.context.revision.get();
        let mut view = None;
        for request in requests {
            if matches!(request.ask, Ask::Topology { seen } if seen == revision) {
                self.watchers.add(request);
                continue;
            }
            let view = view.get_or_insert_with(|| Arc::new(TopologyView::of(&self.snapshot())));
            self.answer(&request, Ok(Answer::Topology(revision, view.clone())));
        }
    }

    fn answer(&self, request: &Request, answer: Result<Answer, Fault>) {
        request.reply.replace(Some(answer));
        self.context.run_queue.wake(&request.owner);
    }

    /// Whether a watcher has not seen the current topology.
    pub(super) fn topology_has_changed(&self) -> bool {
        self.watchers.has_news(self.context.revision.get())
    }

    /// Sends the topology to its watchers, if it has changed.
    pub(super) fn serve_watchers(&mut self) {
        if self.topology_has_changed() {
            let watchers = self.watchers.take();
            self.show_topology(watchers);
        }
    }

    /// Releases the watchers, because the topology will not change again. False if there were none.
    pub(super) fn release_watchers(&mut self) -> bool {
        let watchers = self.watchers.take();
        for request in &watchers {
            self.answer(request, Ok(Answer::Over));
        }
        !watchers.is_empty()
    }

    /// Wakes the components whose wakers were called by foreign futures.
    pub(super) fn wake_from_foreign_futures(&mut self) {
        for target in self.foreign.take_woken() {
            let Some(wake_state) = self.graph.running(target) else { continue };
            if !wake_state.is_queued() {
                self.context.record(|| Event::Wake(wake_state.id));
                self.context.run_queue.wake(wake_state);
            }
        }
    }

    /// Joins threads that have returned, and reports those that are overdue.
    pub(super) fn join_threads(&mut self) {
        if self.context.threads.is_empty() {
            return;
        }
        for name in self.context.threads.join_done(Instant::now()) {
            let text = format!("the thread of {name} was asked to stop and has not returned");
            self.graph.note_failure(None, &text);
        }
    }

    /// Applies steps in order, now. Call it between turns.
    pub fn reconfigure(&mut self, batch: u64, steps: Vec<Step>) -> Vec<StepOutcome> {
        self.graph.apply_all(batch, steps, &mut |_| {})
    }

    /// Applies all steps in order, now. Call it between turns.
    ///
    /// # Errors
    /// A step was refused; the error is that of the first refused step. The other steps took effect.
    pub fn apply(&mut self, steps: Vec<Step>) -> Result<(), GraphError> {
        let mut first = None;
        self.graph.apply_all(0, steps, &mut |error| first = first.take().or(Some(error)));
        first.map_or(Ok(()), Err)
    }

    /// Puts a message into an inbox, or into the inboxes to which it is linked onward, beyond the limit if necessary
    /// (BOX-19). False if no inbox received it. Call it between turns.
    pub fn put(&mut self, inbox: &BoxAddr, message: Message) -> bool {
        self.graph.put(inbox, &message)
    }

    /// The same as [`Scheduler::put`], but returns the message if an inbox does not accept it.
    ///
    /// # Errors
    /// An inbox does not accept the message, or the inbox does not exist; returns the message.
    pub fn try_put(&mut self, inbox: &BoxAddr, message: Message) -> Result<(), Message> {
        self.graph.try_put(inbox, message)
    }

    /// Removes all services and values from the tracker (CAT-8).
    pub fn zap_tracker(&mut self) {
        self.context.tracker.borrow_mut().zap();
    }

    /// Takes all messages out of an inbox, oldest first. Call it between turns.
    pub fn take_all(&mut self, inbox: &BoxAddr) -> Vec<Message> {
        self.graph.take_all(inbox)
    }

    /// How many messages wait in an inbox.
    pub fn depth(&self, inbox: &BoxAddr) -> usize {
        self.graph.depth(inbox)
    }

    /// Where the far ends of bridges to this scheduler report.
    pub(crate) fn ready_ports(&self) -> Arc<ReadyPorts> {
        self.context.ports.ready().clone()
    }

    /// Sends console lines and notes to the handles instead of the functions of the configuration.
    pub(crate) fn print_to_handles(&mut self) {
        let (lines, notes) = (self.shared.clone(), self.shared.clone());
        self.context.output.redirect(
            Box::new(move |component, line| lines.print(component, line)),
            Box::new(move |component, text| notes.print(component, text)),
        );
    }

    /// Records a command that changes the behaviour of the system.
    fn record_command(&self, command: &RuntimeCommand) {
        match command {
            RuntimeCommand::Inject { inbox, message } => {
                self.context.record(|| Event::Inject(inbox.clone(), message.clone()));
            }
            RuntimeCommand::SurfaceEvent { id, event } => self.context.record(|| Event::Surface(*id, event.clone())),
            RuntimeCommand::PauseComponent(id, pause) => self.context.record(|| Event::PauseComponent(*id, *pause)),
            RuntimeCommand::ShutDown => self.context.record(|| Event::ShutDown),
            // These are recorded where they take effect, or do not change the behaviour of the system.
            RuntimeCommand::Reconfigure { .. }
            | RuntimeCommand::StopComponent(_)
            | RuntimeCommand::Tap { .. }
            | RuntimeCommand::Pause
            | RuntimeCommand::Resume
            | RuntimeCommand::Advance(_)
            | RuntimeCommand::SetSpeed(_)
            | RuntimeCommand::Quit => {}
        }
    }

    /// Applies steps and records them.
    pub(super) fn apply_recorded(
        &mut self,
        batch: u64,
        steps: Vec<Step>,
        refused: &mut dyn FnMut(GraphError),
    ) -> Vec<StepOutcome> {
        self.context.record(|| Event::Steps(steps.clone()));
        self.graph.apply_all(batch, steps, refused)
    }

    /// Stops a component and records it.
    pub(super) fn stop_recorded(&mut self, id: ComponentId) -> Result<(), GraphError> {
        self.context.record(|| Event::Stop(id));
        self.graph.stop(id)
    }
}
