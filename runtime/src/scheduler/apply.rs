//! Commands → changes. Steps of a batch are only ever carried out at a safe point (R12).

use std::time::Instant;

use super::Scheduler;
use super::clock::TimerKey;
use super::intake::{Deferred, Intake};
use super::pulse::Pulse;
use crate::command::{RuntimeCommand, Speed, Step, StepOutcome};
use crate::component::Fault;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::introspect::record::Event;
use crate::mailbox::Admission;
use crate::message::Message;
use crate::topology::InboxLimit;

/// How many failed steps are remembered, and how many crashes.
pub(super) const FAILURES_KEPT: usize = 100;

impl Scheduler {
    /// Takes what has come in. Run control is obeyed at once, even inside a pass; changes wait for the safe point.
    pub(super) fn take_intake(&mut self) {
        while let Ok(intake) = self.receiver.try_recv() {
            self.take_one(intake);
        }
    }

    pub(super) fn take_one(&mut self, intake: Intake) {
        // A port that found the queue full relies on what was in it.
        self.kernel.ports_stirred.set(true);
        match intake {
            Intake::Stirred | Intake::Nudge => {}
            Intake::Job(job) => self.deferred.push_back(Deferred::Job(job)),
            Intake::Command(command) => match *command {
                RuntimeCommand::Pause => {
                    self.paused = true;
                    self.step = None;
                    self.looking.note_activity();
                }
                RuntimeCommand::Resume => {
                    self.paused = false;
                    self.step = None;
                    self.credited_at = Instant::now();
                    self.looking.note_activity();
                }
                RuntimeCommand::Advance(size) => {
                    self.paused = true;
                    self.step = Some(size);
                    self.looking.note_activity();
                }
                RuntimeCommand::SetSpeed(speed) => {
                    self.speed = match speed {
                        Speed::DeliveriesPerSecond(rate) if rate.is_finite() => {
                            Speed::DeliveriesPerSecond(rate.max(0.01))
                        }
                        _ => Speed::Full,
                    };
                    self.credit = 0.0;
                    self.credited_at = Instant::now();
                }
                RuntimeCommand::Quit => self.quit = true,
                other => self.deferred.push_back(Deferred::Command(other)),
            },
        }
    }

    /// A future that the runtime does not know has stirred: polls whoever waits for nothing it knows.
    pub(super) fn obey_foreign_wakes(&mut self) {
        if !self.foreign.0.take() {
            return;
        }
        for slot in self.slots.iter().flatten() {
            let pulse = &slot.core.pulse;
            let waits_for_nothing_known = pulse.waits.get() == slot.core.control.wake_bit;
            if slot.body.is_some() && waits_for_nothing_known && !pulse.queued.get() {
                self.kernel.record(Event::Wake(pulse.id));
                self.kernel.wake(pulse);
            }
        }
    }

    pub(super) fn obey_at_safe_point(&mut self, command: RuntimeCommand) {
        self.looking.note_activity();
        self.is_stalled = false;
        self.record_command(&command);
        match command {
            RuntimeCommand::Reconfigure { batch, steps } => {
                self.enter_steps(batch, steps);
            }
            RuntimeCommand::PauseComponent(id, pause) => self.pause_component(id, pause),
            RuntimeCommand::StopComponent(id) => {
                if let Err(words) = self.enter_stop(id) {
                    self.note_failure(Some(id), &words);
                }
            }
            RuntimeCommand::Inject { inbox, message } => {
                self.put(&inbox, message);
            }
            RuntimeCommand::SurfaceEvent { id, event } => {
                self.put(&BoxAddr::inbox(id, "_events"), event);
            }
            RuntimeCommand::Tap { linkage, on } => self.postoffice.tap(&self.roster, &linkage, on),
            RuntimeCommand::ShutDown => {
                self.shutting_down = Some(Instant::now());
                self.ask_all(&Message::ProducerFinished, true);
            }
            // Obeyed as they came in.
            RuntimeCommand::Pause
            | RuntimeCommand::Resume
            | RuntimeCommand::Advance(_)
            | RuntimeCommand::SetSpeed(_)
            | RuntimeCommand::Quit => {}
        }
    }

    /// Puts a shutdown message on `control` of every component; `first_only`: of those that nothing feeds, so that the
    /// end follows the data.
    pub(super) fn ask_all(&mut self, message: &Message, first_only: bool) {
        let asked = self.roster.iter().filter(|(_, core)| !(first_only && self.is_fed_by_anybody(core)));
        let asked: Vec<ComponentId> = asked.map(|(id, _)| *id).collect();
        for id in asked {
            self.put(&BoxAddr::inbox(id, "control"), message.clone());
        }
    }

    /// Applies steps in order, now. Must be called between turns.
    pub fn reconfigure(&mut self, batch: u64, steps: Vec<Step>) -> Vec<StepOutcome> {
        self.apply_all(batch, steps, |_| {})
    }

    /// The same; `see` is shown what was refused, as it is.
    pub(crate) fn apply_all(&mut self, batch: u64, steps: Vec<Step>, mut see: impl FnMut(Fault)) -> Vec<StepOutcome> {
        let mut outcomes = Vec::with_capacity(steps.len());
        for (place, step) in steps.into_iter().enumerate() {
            let component = component_of(&step);
            let fault = self.apply(step).err();
            let error = fault.as_ref().map(Fault::shared_words);
            let outcome = StepOutcome { batch, step: place, component, error };
            if let Some(fault) = fault {
                self.keep_failure(outcome.clone());
                see(fault);
            }
            outcomes.push(outcome);
        }
        self.last_batch = batch;
        outcomes
    }

    /// Puts a message into an inbox, or where that is linked on to, beyond the limit if need be (BOX-19); false if it
    /// ends up nowhere. Call between turns.
    pub fn put(&mut self, inbox: &BoxAddr, message: Message) -> bool {
        let sinks = self.postoffice.final_sinks(&self.roster, inbox);
        for sink in &sinks {
            sink.accept(&self.kernel, message.clone(), true);
        }
        !sinks.is_empty()
    }

    /// The same as [`Scheduler::put`], but gives the message back when a limit stands against it.
    ///
    /// # Errors
    /// A limit stands against it, or it would end up nowhere; with the message.
    pub fn try_put(&mut self, inbox: &BoxAddr, message: Message) -> Result<(), Message> {
        let sinks = self.postoffice.final_sinks(&self.roster, inbox);
        if sinks.is_empty() || sinks.iter().any(|sink| sink.admission() != Admission::Room) {
            return Err(message);
        }
        for sink in &sinks {
            sink.accept(&self.kernel, message.clone(), false);
        }
        Ok(())
    }

    /// Empties the tracker: all services and values (CAT-8).
    pub fn zap_tracker(&mut self) {
        self.kernel.tracker.borrow_mut().zap();
    }

    /// Takes everything out of an inbox, oldest first. Call between turns.
    pub fn take_all(&mut self, inbox: &BoxAddr) -> Vec<Message> {
        let Some(inbox) = self.roster.get(&inbox.component).and_then(|core| core.inbox(&inbox.name)) else {
            return Vec::new();
        };
        std::iter::from_fn(|| inbox.take(&self.kernel)).collect()
    }

    /// How many messages wait in an inbox.
    pub fn depth(&self, inbox: &BoxAddr) -> usize {
        self.roster.get(&inbox.component).and_then(|core| core.inbox(&inbox.name)).map_or(0, |inbox| inbox.depth())
    }

    /// Sends console lines to the handles instead of the function of the configuration.
    pub(crate) fn print_to_handles(&mut self) {
        let shared = self.shared.clone();
        *self.kernel.console.borrow_mut() = Box::new(move |component, line| shared.print(component, line));
        let shared = self.shared.clone();
        *self.kernel.note.borrow_mut() = Box::new(move |component, words| shared.print(component, words));
    }

    fn apply(&mut self, step: Step) -> Result<(), Fault> {
        self.kernel.note_topology();
        match step {
            Step::Start { id, desc } => self.start(id, desc).map_err(Fault::new),
            Step::Stop { id } => self.remove(id).map_err(Fault::new),
            Step::Restart { id, desc } => self.restart(id, desc).map_err(Fault::new),
            Step::Configure { id, params } => self.configure(id, params).map_err(Fault::new),
            Step::Describe { id, desc } => {
                let Some(core) = self.roster.get(&id).cloned() else { return Err(not_running(id)) };
                *core.name.borrow_mut() = desc.name.clone();
                for (name, limit) in &desc.limits {
                    self.limit(id, name, *limit)?;
                }
                self.move_member(core.pulse.slot, desc.parent);
                if let Some(slot) = self.slot_mut(core.pulse.slot) {
                    slot.restart = desc.restart;
                    slot.want_limits(desc.limits);
                }
                self.postoffice.renamed(&self.roster);
                Ok(())
            }
            Step::Link { linkage } => {
                self.postoffice.link(&self.roster, linkage, None).map(|_| ()).map_err(Fault::caused_by)
            }
            Step::Unlink { linkage } => {
                self.postoffice.unlink(&self.roster, &linkage);
                Ok(())
            }
            Step::Limit { inbox, limit } => self.limit(inbox.component, &inbox.name, limit),
            Step::SetTemplate { name, template } => {
                let mut templates = self.kernel.templates.borrow_mut();
                match template {
                    Some(template) => templates.insert(name, template),
                    None => templates.remove(&name),
                };
                Ok(())
            }
        }
    }

    fn limit(&mut self, id: ComponentId, name: &str, limit: InboxLimit) -> Result<(), Fault> {
        let core = self.roster.get(&id).ok_or_else(|| not_running(id))?;
        let inbox = core.inbox(name).ok_or_else(|| core.missing(Direction::Inbox, name))?;
        inbox.set_limit(&self.kernel, limit);
        Ok(())
    }

    pub(super) fn pause_component(&mut self, id: ComponentId, pause: bool) {
        let Some(core) = self.roster.get(&id).cloned() else { return };
        let Some(slot) = self.slot_mut(core.pulse.slot) else { return };
        if slot.life != super::slot::Life::Going || slot.paused_by_hand == pause {
            return;
        }
        slot.paused_by_hand = pause;
        core.pulse.asleep_by_force.set(pause);
        if pause {
            // Whatever queue it is in, its turn will find it paused and remember the wake (MP-9, MP-10).
            core.pulse.wake_noted.set(false);
        } else if core.pulse.wake_noted.replace(false) || core.yielded.get() {
            self.kernel.wake(&core.pulse);
        }
    }

    pub(super) fn note_failure(&mut self, component: Option<ComponentId>, words: &str) {
        let batch = self.last_batch;
        self.keep_failure(StepOutcome { batch, step: 0, component, error: Some(words.into()) });
    }

    fn keep_failure(&mut self, outcome: StepOutcome) {
        if self.failed_steps.len() == FAILURES_KEPT {
            self.failed_steps.pop_front();
        }
        self.failed_steps.push_back(outcome);
    }

    /// Starts a crashed component again at this moment.
    pub(super) fn set_revival(&mut self, place: u32, due: std::time::Duration) {
        // The timer only has to make the clock stop there; the table says what happens.
        let nobody = std::rc::Rc::new(Pulse::new(ComponentId(u64::MAX), u32::MAX));
        nobody.asleep_by_force.set(true);
        let key: TimerKey = self.kernel.timers.borrow_mut().set(due, nobody);
        self.revivals.insert(key, place);
    }
}

fn not_running(id: ComponentId) -> Fault {
    Fault::new(format!("{id} is not running"))
}

fn component_of(step: &Step) -> Option<ComponentId> {
    match step {
        Step::Start { id, .. }
        | Step::Stop { id }
        | Step::Restart { id, .. }
        | Step::Configure { id, .. }
        | Step::Describe { id, .. } => Some(*id),
        Step::Link { linkage } | Step::Unlink { linkage } => Some(linkage.from.component),
        Step::Limit { inbox, .. } => Some(inbox.component),
        Step::SetTemplate { .. } => None,
    }
}
