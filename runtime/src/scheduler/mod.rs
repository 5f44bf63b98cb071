//! Scheduler: owns everything that runs. One thread, deterministic, no locks (R2).
//!
//! One pass gives one turn to every component that is ready, in order: first those that go on from the pass before, then
//! those that were woken, in the order of the wakes (SCHED-3, SCHED-4). Between passes is the safe point: there, and only
//! there, commands, requests, timers and everything from outside are looked at (R12).
//!
//! To read one pass: `safe_point`, then `begin_pass`, then `turn`. The loop round it is in `run`.

mod apply;
pub(crate) mod ask;
mod attach;
mod bridging;
pub(crate) mod clock;
pub mod config;
pub(crate) mod core;
mod ending;
mod finishing;
mod idle;
pub(crate) mod intake;
pub(crate) mod kernel;
pub(crate) mod leaving;
mod lifecycle;
mod names;
mod parts;
pub mod policy;
pub(crate) mod pulse;
pub(crate) mod quiet;
mod replay;
pub mod run;
pub(crate) mod slot;
mod stir;
#[cfg(test)]
mod tables_tests;

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use self::ask::Request;
use self::clock::{Clock, TimerKey};
use self::core::WaitNote;
use self::intake::{Deferred, ForeignWaker, INTAKE_LIMIT, Intake};
use self::kernel::{Kernel, Wiring};
use self::names::Names;
use self::policy::Lots;
use self::slot::{Life, SHUTDOWN_TURNS, Slot};
use self::stir::Stir;
use crate::command::{Speed, StepOutcome, StepSize};
use crate::component::fault_of_panic;
use crate::component::port::Activity;
use crate::handle::{RuntimeHandle, Shared};
use crate::ids::ComponentId;
use crate::introspect::record::Recorded;
use crate::mailbox::Ending;
use crate::params::Params;
use crate::postoffice::{Postoffice, Roster};
use crate::registry::Registry;

pub use self::clock::ClockKind;
pub use self::config::{Delivery, SchedulerConfig, User};
pub use self::kernel::{ConsoleFn, TraceFn};
pub use self::policy::Policy;
pub use self::run::{RunEnd, RunLimit};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TurnEnd {
    /// It stopped inside the turn, at a delivery that is not allowed yet.
    Held,
    Done,
}

/// Owns everything that runs.
pub struct Scheduler {
    pub(crate) kernel: Rc<Kernel>,
    registry: Registry,
    clock: Clock,
    /// When the pass began, on the wall clock.
    pub(crate) pass_began: Instant,
    /// Seed of everything that is chosen by chance; round robin chooses nothing.
    seed: u64,
    lots: Lots,
    /// What is still to be replayed.
    tape: VecDeque<Recorded>,
    tape_speed: Option<f64>,
    tape_began: Instant,
    pub(crate) slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    pub(crate) roster: Roster,
    pub(crate) postoffice: Postoffice,
    /// Components whose code has not ended.
    live: usize,
    /// Still to have a turn in this pass.
    current: VecDeque<u32>,
    /// To go on in the next pass.
    continuing: Vec<u32>,
    /// The component that was held inside its turn.
    mid_turn: Option<u32>,
    /// Crashed components by the moment they are started again.
    revivals: BTreeMap<TimerKey, u32>,
    receiver: Receiver<Intake>,
    foreign: Arc<ForeignWaker>,
    waker: Waker,
    names: Names,
    no_params: Rc<Params>,
    /// What waits for the next safe point.
    deferred: VecDeque<Deferred>,
    /// Components that wait for the topology to change.
    watchers: Vec<Request>,
    /// How many identities the scheduler has given out itself.
    next_own: u64,
    pub(crate) shared: Arc<Shared>,
    paused: bool,
    speed: Speed,
    credit: f64,
    credited_at: Instant,
    step: Option<StepSize>,
    shutting_down: Option<Instant>,
    quit: bool,
    /// Nothing can move; until the next command.
    is_stalled: bool,
    pub(crate) failed_steps: VecDeque<StepOutcome>,
    /// Crashes of components that are not there any more (FAIL-7): name and words.
    pub(crate) past_crashes: VecDeque<(Arc<str>, Arc<str>)>,
    pub(crate) last_batch: u64,
    user: User,
    /// Types that are told at their start that nobody will use them.
    unattended: &'static [&'static str],
    awaits_repair: bool,
    stops_at_failure: bool,
    pub(crate) looking: crate::introspect::publish::Looking,
}

impl Scheduler {
    /// A scheduler with nothing in it, on the calling thread.
    pub fn new(config: SchedulerConfig) -> Self {
        let (sender, receiver) = crossbeam_channel::bounded(INTAKE_LIMIT);
        let shared = Arc::new(Shared::new(sender.clone()));
        let foreign = Arc::new(ForeignWaker(Stir::new(sender.clone())));
        let traced = config.trace.is_some();
        let is_replay = config.replay.is_some();
        let wiring = Wiring {
            base_folder: config.base_folder,
            console: config.console,
            note: config.note,
            trace: config.trace,
            record: config.record,
            is_replay,
        };
        let kernel = Kernel::new(sender, wiring);
        Self {
            kernel,
            registry: config.registry,
            clock: Clock::new(if is_replay { ClockKind::Virtual } else { config.clock }),
            pass_began: Instant::now(),
            lots: Lots::new(config.policy, config.seed),
            tape: config.replay.unwrap_or_default().into(),
            tape_speed: config.replay_speed,
            tape_began: Instant::now(),
            seed: config.seed,
            slots: Vec::new(),
            free: Vec::new(),
            roster: Roster::new(),
            postoffice: Postoffice::new(traced),
            live: 0,
            current: VecDeque::new(),
            continuing: Vec::new(),
            mid_turn: None,
            revivals: BTreeMap::new(),
            receiver,
            waker: Waker::from(foreign.clone()),
            foreign,
            names: Names::default(),
            no_params: Rc::default(),
            deferred: VecDeque::new(),
            watchers: Vec::new(),
            next_own: 0,
            shared,
            paused: false,
            speed: Speed::Full,
            credit: 0.0,
            credited_at: Instant::now(),
            step: None,
            shutting_down: None,
            quit: false,
            is_stalled: false,
            failed_steps: VecDeque::new(),
            past_crashes: VecDeque::new(),
            last_batch: 0,
            user: config.user,
            unattended: config.unattended,
            awaits_repair: config.awaits_repair,
            stops_at_failure: config.stop_at_failure,
            looking: crate::introspect::publish::Looking::new(config.snapshot_interval, config.on_snapshot),
        }
    }

    /// A way in for other threads.
    pub fn handle(&self) -> RuntimeHandle {
        RuntimeHandle::new(self.shared.clone())
    }

    /// The seed of this run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The runtime's clock.
    pub fn now(&self) -> Duration {
        self.kernel.now().max(self.clock.read())
    }

    fn place_of(&self, id: ComponentId) -> Option<u32> {
        self.roster.get(&id).map(|core| core.pulse.slot)
    }

    fn slot(&self, place: u32) -> Option<&Slot> {
        self.slots.get(place as usize)?.as_ref()
    }

    fn slot_mut(&mut self, place: u32) -> Option<&mut Slot> {
        self.slots.get_mut(place as usize)?.as_mut()
    }

    /// The moment between two passes: everything that wants to change something does it here, in order.
    fn safe_point(&mut self) {
        // Before the commands: those may come in now or at a later safe point after the same pass, and a recording does not
        // tell the two apart.
        self.grant_all();
        if self.kernel.is_replay {
            self.replay_commands();
        }
        while let Some(deferred) = self.deferred.pop_front() {
            match deferred {
                Deferred::Command(command) => self.obey_at_safe_point(command),
                Deferred::Job(job) => job(self),
            }
        }
        self.obey_foreign_wakes();
        self.serve_watchers();
        self.join_done();
        if self.kernel.is_replay {
            self.replay_rest();
        } else if self.kernel.ports_stirred.replace(false) {
            self.drain_ports();
        }
        let now = self.read_clock();
        self.kernel.set_now(now);
        loop {
            let due = self.kernel.timers.borrow_mut().take_due(now);
            let Some(pulse) = due else { break };
            self.kernel.wake(&pulse);
        }
        while let Some((&key, &place)) = self.revivals.first_key_value() {
            if key.due > now {
                break;
            }
            self.revivals.remove(&key);
            if let Some((id, desc)) = self.slot(place).map(|slot| (slot.core.pulse.id, slot.desc()))
                && let Err(words) = self.restart(id, desc)
            {
                self.note_failure(Some(id), &words);
            }
        }
    }

    fn drain_ports(&mut self) {
        let mut ports = std::mem::take(&mut *self.kernel.ports.borrow_mut());
        ports.retain(|port| match port.upgrade() {
            Some(port) => {
                port.drain();
                true
            }
            None => false,
        });
        self.kernel.ports.borrow_mut().append(&mut ports);
    }

    /// What the busiest outside port is doing.
    fn outside_activity(&self) -> Activity {
        let ports = self.kernel.ports.borrow();
        ports.iter().filter_map(|port| port.upgrade()).map(|port| port.activity()).max().unwrap_or(Activity::Closed)
    }

    /// Makes up the list of turns for the next pass. False if nobody is ready.
    fn begin_pass(&mut self) -> bool {
        self.current.extend(self.continuing.drain(..));
        self.current.extend(self.kernel.woken.borrow_mut().drain(..));
        if self.current.is_empty() {
            return false;
        }
        self.is_stalled = false;
        self.continuing = self.lots.arrange(&mut self.current);
        self.kernel.pass.set(self.kernel.pass.get() + 1);
        true
    }

    /// Gives the next component its turn, or the rest of it.
    fn next_turn(&mut self) -> TurnEnd {
        let Some(place) = self.mid_turn.or_else(|| self.current.pop_front()) else { return TurnEnd::Done };
        let resumed = self.mid_turn.take().is_some();
        let end = self.turn(place, resumed);
        if end == TurnEnd::Held {
            self.mid_turn = Some(place);
        }
        end
    }

    fn turn(&mut self, place: u32, resumed: bool) -> TurnEnd {
        let kernel = self.kernel.clone();
        let budget = if resumed { 0 } else { self.lots.budget() };
        let Some(slot) = self.slots.get_mut(place as usize).and_then(Option::as_mut) else { return TurnEnd::Done };
        let core = slot.core.clone();
        core.pulse.queued.set(false);
        if slot.life != Life::Going || (slot.paused_by_hand && !resumed) {
            core.pulse.wake_noted.set(true);
            return TurnEnd::Done;
        }
        let asked = core.asked();
        if asked != Ending::No && core.is_pure_source.get() {
            self.end(place, Ok(()));
            return TurnEnd::Done;
        }
        core.pulse.waits.set(core.control.wake_bit);
        core.yielded.set(false);
        *core.note.borrow_mut() = WaitNote::Inboxes;
        if !resumed {
            core.pulse.grant(budget, kernel.allowance.get() != u64::MAX);
            slot.turns += 1;
            slot.ran_since_snapshot = true;
            if asked == Ending::Shutdown && !core.is_composite {
                slot.shutdown_turns += 1;
                if slot.shutdown_turns > SHUTDOWN_TURNS {
                    self.end(place, Ok(()));
                    return TurnEnd::Done;
                }
            }
        }
        let Some(body) = slot.body.as_mut() else { return TurnEnd::Done };
        // One turn in sixteen is timed: looking must be cheap (R13).
        let timed = slot.turns.is_multiple_of(16).then(Instant::now);
        let mut context = Context::from_waker(&self.waker);
        let polled = catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(&mut context)));
        if let Some(began) = timed {
            slot.busy += began.elapsed() * 16;
        }
        self.looking.note_activity();
        match polled {
            Ok(Poll::Ready(outcome)) => self.end(place, outcome),
            Err(panic) => self.end(place, Err(fault_of_panic(panic))),
            Ok(Poll::Pending) => {
                if kernel.held.replace(false) {
                    return TurnEnd::Held;
                }
                let must_go_on = core.yielded.get() || (core.asked() == Ending::Shutdown && !core.is_composite);
                if must_go_on && !core.pulse.queued.replace(true) {
                    self.continuing.push(place);
                }
            }
        }
        kernel.held.set(false);
        TurnEnd::Done
    }
}
