//! Scheduler: owns everything that runs. One thread, deterministic, no locks (R2).
//!
//! One pass gives one turn to every ready component, in order: first those that continue from the previous pass, then
//! those that were woken, in the order they were woken (SCHED-3, SCHED-4). The safe point is between two
//! passes: commands, requests, timers and everything from outside enter only there (R12). While a run is paused or a
//! delivery waits in slow motion, there are also safe points inside a pass; the held turn waits at an `.await`.
//!
//! This file holds one pass and the loop around it; read it from `run` downwards: `run`, `work`, `safe_point`,
//! `next_turn`, `turn`. The rest is elsewhere: components and links in `graph`, the order of turns in `turns`, pause and
//! speed in `dial` and `pace`, recordings in `recorder` and `tape`, ports in `ports`, commands in `commands`. `idle` decides
//! what happens when no component is ready.
//!
//! Everything in this folder is owned by one `Scheduler` and touched only on its thread. Other threads send commands
//! through the queue of `intake`, report events through `ReadyPorts`, call wakers, and read snapshots.

pub(crate) mod child;
pub(crate) mod clock;
mod commands;
pub(crate) mod component_core;
pub mod config;
pub(crate) mod context;
mod dial;
mod failures;
mod foreign;
pub(crate) mod graph;
mod idle;
pub(crate) mod intake;
mod output;
mod pace;
pub mod policy;
pub(crate) mod ports;
mod publishing;
mod recorder;
mod replay;
pub(crate) mod request;
mod restart_timers;
mod run_limit;
pub(crate) mod safe_point;
mod shutdown;
pub(crate) mod slot;
mod snapshot;
mod table;
mod tape;
#[cfg(test)]
mod tests;
mod threads;
mod turns;
mod watchers;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use self::clock::{Clock, LATEST};
use self::component_core::WaitNote;
use self::context::{Revision, RunContext};
use self::dial::{Allowed, Dial};
use self::foreign::ForeignWakes;
use self::graph::{Graph, GraphConfig};
use self::intake::{Entry, Intake};
use self::output::Output;
use self::ports::Ports;
use self::recorder::Recorder;
use self::request::Requests;
use self::shutdown::Shutdown;
use self::slot::{Life, SHUTDOWN_TURNS};
use self::tape::Tape;
use self::threads::LeavingThreads;
use self::watchers::Watchers;
use crate::component::Fault;
use crate::contain::contain;
use crate::delivery::run_queue::RunQueue;
use crate::delivery::traffic::Traffic;
use crate::delivery::wake_state::EndRequest;
use crate::handle::{RuntimeHandle, Shared};
use crate::introspect::publish::Publisher;
use crate::notify::Notify;
use crate::woken_slots::WakeTarget;

pub use self::clock::ClockKind;
pub use self::config::{SchedulerConfig, User};
pub use self::graph::error::GraphError;
pub use self::output::{ConsoleFn, note_on_stderr};
pub use self::policy::Policy;
pub use self::run_limit::{RunEnd, RunLimit};
pub use crate::delivery::traffic::{Delivery, TraceFn};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TurnEnd {
    /// The code stopped inside the turn, at a delivery that is not allowed yet.
    Held,
    Done,
}

/// Owns everything that runs.
pub struct Scheduler {
    pub(crate) graph: Graph,
    context: Rc<RunContext>,
    clock: Clock,
    /// When the current pass began, on the wall clock.
    pass_began: Instant,
    dial: Dial,
    /// The part of a recording that has not been replayed yet.
    tape: Tape,
    shutdown: Shutdown,
    intake: Intake,
    foreign: ForeignWakes,
    watchers: Watchers,
    shared: Arc<Shared>,
    /// Nothing can proceed until the next command.
    is_stalled: bool,
    user: User,
    publisher: Publisher,
}

impl Scheduler {
    /// A scheduler without components, on the calling thread.
    pub fn new(config: SchedulerConfig) -> Self {
        let (notify, notified) = Notify::new();
        let (entrance, intake) = Intake::new(notified);
        let now = Instant::now();
        let is_replay = config.replay.is_some();
        let is_traced = config.trace.is_some();
        let context = Rc::new(RunContext {
            run_queue: RunQueue::default(),
            traffic: Traffic::new(config.trace),
            timers: RefCell::default(),
            tracker: RefCell::default(),
            templates: RefCell::default(),
            requests: Requests::default(),
            ports: Ports::new(notify.clone()),
            threads: LeavingThreads::default(),
            output: Output::new(config.console, config.note),
            turn_watch: Arc::default(),
            recorder: Recorder::new(config.record),
            is_replay,
            seed: config.seed,
            base_folder: config.base_folder,
            revision: Revision::default(),
        });
        let turn_watch = context.turn_watch.clone();
        let graph = GraphConfig {
            registry: config.registry,
            policy: config.policy,
            seed: config.seed,
            is_traced,
            unattended: config.unattended,
            awaits_repair: config.awaits_repair,
            stops_at_failure: config.stop_at_failure,
        };
        Self {
            graph: Graph::new(context.clone(), graph),
            context,
            clock: Clock::new(if is_replay { ClockKind::Virtual } else { config.clock }),
            pass_began: now,
            dial: Dial::new(now),
            tape: Tape::new(config.replay.unwrap_or_default(), config.replay_speed, now),
            shutdown: Shutdown::default(),
            intake,
            foreign: ForeignWakes::new(notify.clone()),
            watchers: Watchers::default(),
            shared: Arc::new(Shared::new(entrance, notify, turn_watch)),
            is_stalled: false,
            user: config.user,
            publisher: Publisher::new(config.snapshot_interval, config.on_snapshot, now),
        }
    }

    /// A handle for other threads.
    pub fn handle(&self) -> RuntimeHandle {
        RuntimeHandle::new(self.shared.clone())
    }

    /// The seed of this run.
    pub fn seed(&self) -> u64 {
        self.context.seed
    }

    /// The runtime's clock.
    pub fn now(&self) -> Duration {
        self.context.traffic.now().max(self.clock.read())
    }

    /// Runs until `limit`, a command or the end of the system stops it.
    pub fn run(&mut self, limit: RunLimit) -> RunEnd {
        let limit = RunLimit { clock: limit.clock.map(|clock| clock.min(LATEST)), ..limit };
        loop {
            self.take_intake();
            if self.shutdown.is_quit() || self.shared.has_no_handles() && limit.wait_for_commands {
                return RunEnd::Quit;
            }
            if limit.is_reached(&self.clock, self.context.traffic.pass()) {
                return RunEnd::LimitReached;
            }
            if self.dial.allowed() == Allowed::Nothing {
                self.rest();
                continue;
            }
            self.work();
            self.publish_if_due(false);
            self.insist_on_shutdown();
            if self.shutdown.is_quit() {
                continue;
            }
            if self.graph.pass_is_over()
                && self.no_component_is_ready()
                && let Some(end) = self.idle(limit)
            {
                self.publish_now();
                return end;
            }
        }
    }

    /// Runs until no component is ready, without waiting for anything; for stepping by hand. False if no component was
    /// ready.
    pub fn run_ready(&mut self) -> bool {
        let mut worked = false;
        self.context.traffic.allow_all();
        loop {
            self.take_intake();
            self.safe_point();
            if self.graph.pass_is_over() && !self.begin_pass() {
                return worked;
            }
            worked = true;
            while !self.graph.pass_is_over() {
                if self.next_turn() == TurnEnd::Held {
                    return worked;
                }
            }
        }
    }

    /// Carries out one step that a handle has asked for with `Advance`, and stays paused; for stepping by hand.
    pub fn run_step(&mut self) {
        self.take_intake();
        while self.dial.is_stepping() {
            self.work();
        }
    }

    /// Works as much as the dial allows: one pass, one step, or a number of deliveries.
    fn work(&mut self) {
        match self.dial.allowed() {
            Allowed::Nothing => {}
            Allowed::Step(size) => self.work_one_step(size),
            Allowed::Everything => {
                self.clock.go();
                self.context.traffic.allow_all();
                self.work_one_pass();
            }
            Allowed::Rate(rate) => self.work_at(rate),
        }
    }

    fn work_one_pass(&mut self) {
        if self.graph.pass_is_over() {
            self.safe_point();
            self.begin_pass();
        }
        while !self.graph.pass_is_over() {
            if self.next_turn() == TurnEnd::Held {
                return;
            }
            if !self.intake.is_empty() {
                self.take_intake();
                if self.dial.allowed() == Allowed::Nothing || self.shutdown.is_quit() {
                    return;
                }
            }
        }
    }

    /// The moment between two passes: everything that changes the run from outside a turn enters here, in order.
    fn safe_point(&mut self) {
        // Before the commands: a command may enter now or at a later safe point after the same pass, and a recording does
        // not distinguish the two.
        self.grant_requests();
        if self.context.is_replay {
            self.replay_commands();
        }
        while let Some(entry) = self.intake.next_deferred() {
            match entry {
                Entry::Command(command) => self.apply_at_safe_point(*command),
                Entry::Call(call) => call(self),
            }
        }
        self.wake_from_foreign_futures();
        self.serve_watchers();
        self.join_threads();
        if self.context.is_replay {
            self.replay_rest();
        } else if self.context.ports.has_marked() {
            self.context.ports.drain();
        }
        let now = self.read_clock();
        self.context.traffic.set_now(now);
        loop {
            let due = self.context.timers.borrow_mut().take_due(now);
            let Some(wake_state) = due else { break };
            self.context.run_queue.wake(&wake_state);
        }
        self.graph.revive_due(now);
    }

    /// Collects the turns of the next pass. False if no component is ready.
    fn begin_pass(&mut self) -> bool {
        if !self.graph.begin_pass() {
            return false;
        }
        self.is_stalled = false;
        self.context.traffic.begin_pass();
        true
    }

    /// Gives the next component its turn, or the rest of it.
    fn next_turn(&mut self) -> TurnEnd {
        let Some((slot, resumed)) = self.graph.next_turn() else { return TurnEnd::Done };
        let end = self.turn(slot, resumed);
        if end == TurnEnd::Held {
            self.graph.hold_turn(slot);
        }
        end
    }

    fn turn(&mut self, index: u32, resumed: bool) -> TurnEnd {
        let budget = if resumed { 0 } else { self.graph.budget() };
        let Some(slot) = self.graph.slot_mut(index) else { return TurnEnd::Done };
        let core = slot.core.clone();
        let wake_state = &core.boxes.wake_state;
        if !resumed {
            // A component that was woken while it was held is queued for its next turn already.
            wake_state.leave_queue();
        }
        if slot.life != Life::Going || (slot.is_paused() && !resumed) {
            wake_state.remember_wake();
            return TurnEnd::Done;
        }
        let end_request = core.end_request();
        if end_request != EndRequest::None && core.is_pure_source.get() {
            self.graph.end(index, Ok(()));
            return TurnEnd::Done;
        }
        wake_state.begin_turn(core.boxes.control.wake_bit);
        core.yielded.set(false);
        core.waits_for.replace(WaitNote::Inboxes);
        if !resumed {
            wake_state.grant(budget, self.context.traffic.is_limited());
            slot.turns += 1;
            slot.ran_since_snapshot = true;
            if end_request == EndRequest::Shutdown && !core.is_composite {
                slot.shutdown_turns += 1;
                if slot.shutdown_turns > SHUTDOWN_TURNS {
                    self.graph.end(index, Ok(()));
                    return TurnEnd::Done;
                }
            }
        }
        let Some(body) = slot.body.get_mut() else { return TurnEnd::Done };
        self.context.turn_watch.begin(index);
        // Only one turn in sixteen is timed, because observation must be cheap (R13).
        let timed = slot.turns.is_multiple_of(16).then(Instant::now);
        let target = WakeTarget { slot: index, generation: core.generation };
        let mut task = Context::from_waker(self.foreign.waker_for(target));
        let polled = contain(|| body.as_mut().poll(&mut task));
        self.context.turn_watch.end();
        if let Some(began) = timed {
            slot.busy += began.elapsed() * 16;
        }
        self.publisher.note_activity(self.pass_began);
        match polled {
            Ok(Poll::Ready(outcome)) => self.graph.end(index, outcome),
            Err(caught) => self.graph.end(index, Err(Fault::of_panic(caught))),
            Ok(Poll::Pending) => {
                if self.context.traffic.take_held() {
                    return TurnEnd::Held;
                }
                let is_shut_down = core.end_request() == EndRequest::Shutdown && !core.is_composite;
                let must_continue = core.yielded.get() || is_shut_down;
                if must_continue {
                    self.graph.continue_after_turn(wake_state);
                }
            }
        }
        // The code has ended or panicked after a delivery that used up the allowance: no turn remains to be resumed.
        self.context.traffic.take_held();
        TurnEnd::Done
    }
}
