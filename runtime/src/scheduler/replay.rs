//! Recording and replaying at the safe point: what entered then enters again, nothing else does.

use std::time::{Duration, Instant};

use super::Scheduler;
use crate::command::{RuntimeCommand, Step, StepOutcome};
use crate::component::Fault;
use crate::handle::component::{HandleError, Wiring};
use crate::ids::ComponentId;
use crate::introspect::record::{Event, Recorded};
use crate::message::Message;

/// While recording, a real clock moves in steps of this, unless all sleep; else every pass would be an event.
const CLOCK_STEP: Duration = Duration::from_millis(1);

impl Scheduler {
    /// The moment for the next pass.
    pub(super) fn read_clock(&mut self) -> Duration {
        let before = self.kernel.now();
        self.pass_began = Instant::now();
        let now = self.clock.read_at(self.pass_began).max(before);
        if !self.kernel.is_recording() || now == before {
            return now;
        }
        let somebody_is_ready = !self.continuing.is_empty() || !self.kernel.woken.borrow().is_empty();
        if !self.kernel.is_replay && somebody_is_ready && now.saturating_sub(before) < CLOCK_STEP {
            return before;
        }
        self.kernel.record(Event::Clock(now));
        now
    }

    /// Writes down a command that changes what the system does; others leave no trace in a run.
    pub(super) fn record_command(&self, command: &RuntimeCommand) {
        if !self.kernel.is_recording() {
            return;
        }
        let event = match command {
            RuntimeCommand::Inject { inbox, message } => Event::Inject(inbox.clone(), message.clone()),
            RuntimeCommand::SurfaceEvent { id, event } => Event::Surface(*id, event.clone()),
            RuntimeCommand::PauseComponent(id, pause) => Event::PauseComponent(*id, *pause),
            RuntimeCommand::ShutDown => Event::ShutDown,
            _ => return,
        };
        self.kernel.record(event);
    }

    /// Carries out steps that another thread asked for.
    pub(crate) fn enter_steps(&mut self, batch: u64, steps: Vec<Step>) -> Vec<StepOutcome> {
        self.enter_steps_and_see(batch, steps, |_| {})
    }

    /// The same; `see` is shown what was refused, as it is.
    pub(crate) fn enter_steps_and_see(
        &mut self,
        batch: u64,
        steps: Vec<Step>,
        see: impl FnMut(Fault),
    ) -> Vec<StepOutcome> {
        if self.kernel.is_recording() {
            self.kernel.record(Event::Steps(steps.clone()));
        }
        self.apply_all(batch, steps, see)
    }

    /// Stops a component that another thread wants stopped.
    pub(crate) fn enter_stop(&mut self, id: ComponentId) -> Result<(), String> {
        self.kernel.record(Event::Stop(id));
        self.stop(id)
    }

    /// Makes the port of a handle that another thread wants.
    pub(crate) fn enter_attach(
        &mut self,
        target: ComponentId,
        inboxes: Vec<String>,
        outboxes: Vec<String>,
    ) -> Result<Wiring, HandleError> {
        let wiring = self.attach(target, &inboxes, &outboxes);
        self.kernel.record(Event::Attach(target, inboxes, outboxes));
        wiring
    }

    fn next_on_tape(&mut self, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let next = self.tape.front()?;
        if next.pass > self.kernel.pass.get() || !wanted(&next.event) {
            return None;
        }
        self.tape.pop_front().map(|Recorded { event, .. }| event)
    }

    /// Lets the commands of this safe point enter, which came before everything else.
    pub(super) fn replay_commands(&mut self) {
        let is_command = |event: &Event| !matches!(event, Event::Clock(_) | Event::Port(..));
        while let Some(event) = self.next_on_tape(is_command) {
            self.enter(event);
        }
    }

    /// Lets everything else of this safe point enter.
    pub(super) fn replay_rest(&mut self) {
        self.kernel.ports_stirred.set(false);
        while let Some(event) = self.next_on_tape(|_| true) {
            self.enter(event);
        }
    }

    fn enter(&mut self, event: Event) {
        match event {
            Event::Clock(moment) => {
                self.keep_pace(moment);
                self.clock.jump_to(moment);
            }
            Event::Port(number, event) => {
                let ports = std::mem::take(&mut *self.kernel.ports.borrow_mut());
                for port in ports.iter().filter_map(std::rc::Weak::upgrade) {
                    if port.number() == number {
                        port.replay(&event);
                    }
                }
                self.kernel.ports.borrow_mut().splice(0..0, ports);
            }
            Event::Inject(inbox, message) => self.obey_at_safe_point(RuntimeCommand::Inject { inbox, message }),
            Event::Surface(id, event) => self.obey_at_safe_point(RuntimeCommand::SurfaceEvent { id, event }),
            Event::Steps(steps) => {
                self.enter_steps(0, steps);
            }
            // What was refused then is refused again.
            Event::Stop(id) => drop(self.enter_stop(id)),
            Event::Attach(target, inboxes, outboxes) => drop(self.enter_attach(target, inboxes, outboxes)),
            Event::PauseComponent(id, pause) => self.obey_at_safe_point(RuntimeCommand::PauseComponent(id, pause)),
            Event::ShutDown => self.obey_at_safe_point(RuntimeCommand::ShutDown),
            Event::ShutDownNow => {
                self.kernel.record(Event::ShutDownNow);
                self.ask_all(&Message::Shutdown, false);
            }
            Event::Wake(id) => {
                if let Some(core) = self.roster.get(&id) {
                    self.kernel.wake(&core.pulse);
                }
            }
        }
    }

    /// Waits until a replay at a given speed may show this moment. Commands from outside cut it short.
    fn keep_pace(&mut self, moment: Duration) {
        let Some(speed) = self.tape_speed.filter(|speed| *speed > 0.0) else { return };
        let due = moment.div_f64(speed);
        loop {
            let left = due.saturating_sub(self.tape_began.elapsed());
            if left.is_zero() || self.quit {
                return;
            }
            if let Ok(intake) = self.receiver.recv_timeout(left) {
                self.take_one(intake);
            }
        }
    }
}
