//! Replay: events of a recording enter at the safe point after the same pass as in the recorded run, and nothing else enters.

use std::time::{Duration, Instant};

use super::Scheduler;
use super::graph::error::GraphError;
use super::safe_point::{Quiet, SafePoint};
use crate::command::{RuntimeCommand, Step, StepOutcome};
use crate::handle::wiring::{HandleError, Wiring};
use crate::ids::ComponentId;
use crate::introspect::record::Event;

/// While recording, a real clock moves in steps of this length while a component is ready. Otherwise every pass would record
/// an event.
const CLOCK_STEP: Duration = Duration::from_millis(1);

impl SafePoint for Scheduler {
    fn enter_steps(&mut self, batch: u64, steps: Vec<Step>, refused: &mut dyn FnMut(GraphError)) -> Vec<StepOutcome> {
        self.apply_recorded(batch, steps, refused)
    }

    fn enter_stop(&mut self, id: ComponentId) -> Result<(), GraphError> {
        self.stop_recorded(id)
    }

    fn enter_attach(
        &mut self,
        target: ComponentId,
        inboxes: Vec<String>,
        outboxes: Vec<String>,
    ) -> Result<Wiring, HandleError> {
        let wiring = self.graph.attach(target, &inboxes, &outboxes);
        self.context.record(|| Event::Attach(target, inboxes, outboxes));
        wiring
    }

    fn quiet(&self) -> Option<Quiet> {
        self.quiet_state()
    }
}

impl Scheduler {
    /// The time for the next pass.
    pub(super) fn read_clock(&mut self) -> Duration {
        let before = self.context.traffic.now();
        self.pass_began = Instant::now();
        let now = self.clock.read_at(self.pass_began).max(before);
        if !self.context.recorder.is_recording() || now == before {
            return now;
        }
        let is_ready = self.graph.has_ready_components();
        if !self.context.is_replay && is_ready && now.saturating_sub(before) < CLOCK_STEP {
            return before;
        }
        self.context.record(|| Event::Clock(now));
        now
    }

    /// Replays the commands of this safe point, which entered before all other events.
    pub(super) fn replay_commands(&mut self) {
        let is_command = |event: &Event| !matches!(event, Event::Clock(_) | Event::Port(..));
        while let Some(event) = self.tape.next(self.context.traffic.pass(), is_command) {
            self.enter(event);
        }
    }

    /// Replays all other events of this safe point.
    pub(super) fn replay_rest(&mut self) {
        self.context.ports.forget_marks();
        while let Some(event) = self.tape.next(self.context.traffic.pass(), |_| true) {
            self.enter(event);
        }
    }

    fn enter(&mut self, event: Event) {
        match event {
            Event::Clock(moment) => {
                self.keep_pace(moment);
                self.clock.jump_to(moment);
            }
            Event::Port(number, event) => self.context.ports.replay(number, &event),
            Event::Inject(inbox, message) => self.apply_at_safe_point(RuntimeCommand::Inject { inbox, message }),
            Event::Surface(id, event) => self.apply_at_safe_point(RuntimeCommand::SurfaceEvent { id, event }),
            Event::Steps(steps) => {
                self.apply_recorded(0, steps, &mut |_| {});
            }
            // If it was refused in the recorded run, it is refused again.
            Event::Stop(id) => drop(self.stop_recorded(id)),
            Event::Attach(target, inboxes, outboxes) => drop(self.enter_attach(target, inboxes, outboxes)),
            Event::PauseComponent(id, pause) => self.apply_at_safe_point(RuntimeCommand::PauseComponent(id, pause)),
            Event::ShutDown => self.apply_at_safe_point(RuntimeCommand::ShutDown),
            Event::ShutDownNow => self.end_all_now(),
            Event::Wake(id) => {
                if let Some(core) = self.graph.core(id) {
                    self.context.run_queue.wake(&core.boxes.wake_state);
                }
            }
        }
    }

    /// Waits until a replay with a speed limit reaches this moment. Commands take effect meanwhile.
    fn keep_pace(&mut self, moment: Duration) {
        loop {
            let left = self.tape.until(moment, Instant::now());
            if left.is_zero() || self.shutdown.is_quit() {
                return;
            }
            self.wait_for_intake(Some(left));
        }
    }
}
