//! The loop round the passes: run control, the dial, idling, ending.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Scheduler, TurnEnd, User};
use crate::command::{Speed, StepSize};
use crate::component::port::Activity;
use crate::introspect::record::Event;
use crate::introspect::snapshot::RunState;
use crate::introspect::stall;
use crate::message::Message;
use crate::surface::Surface;

/// How long silence from outside must last before a virtual clock moves on, in real time. Only matters while a socket
/// or file may still answer.
const GRACE: Duration = Duration::from_millis(15);

/// How long a far end that is working may take before a virtual clock moves on without it, in real time. It should have
/// said that it waits for the world (`OutsidePort::stay_open`).
const BUSY_PATIENCE: Duration = Duration::from_secs(30);

/// How long components may take to end in order before they are told to end at once, in real time.
const PATIENCE_AT_SHUTDOWN: Duration = Duration::from_secs(2);

/// When to stop running.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimit {
    /// Stop when the runtime's clock reaches this.
    pub clock: Option<Duration>,
    /// Stop when so many passes are done.
    pub passes: Option<u64>,
    /// Go on when every component has ended or nothing can move, because somebody may change something.
    pub wait_for_commands: bool,
}

/// Why running stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every component has ended.
    Ended,
    /// Nothing can move; in words, who waits for whom.
    Stalled(String),
    /// The clock has reached the limit, or the passes have.
    LimitReached,
    /// Somebody asked for it.
    Quit,
}

impl Scheduler {
    /// Runs until something in `limit` or in the system says stop.
    pub fn run(&mut self, limit: RunLimit) -> RunEnd {
        loop {
            self.take_intake();
            if self.quit || self.shared.has_no_handles() && limit.wait_for_commands {
                return RunEnd::Quit;
            }
            if limit.clock.is_some_and(|limit| self.clock.read() >= limit) {
                return RunEnd::LimitReached;
            }
            if limit.passes.is_some_and(|limit| self.kernel.pass.get() >= limit) {
                return RunEnd::LimitReached;
            }
            if self.paused && self.step.is_none() {
                self.rest();
                continue;
            }
            self.work_a_while();
            self.publish_if_due(false);
            self.insist_on_shutdown();
            if self.quit {
                continue;
            }
            if self.mid_turn.is_none()
                && self.current.is_empty()
                && self.nobody_is_ready()
                && let Some(end) = self.idle(limit)
            {
                self.publish_now();
                return end;
            }
        }
    }

    /// Those who are still busy some time after they were asked to finish are told to end at once.
    fn insist_on_shutdown(&mut self) {
        if self.shutting_down.is_some_and(|began| began.elapsed() > PATIENCE_AT_SHUTDOWN) {
            self.shutting_down = Some(Instant::now());
            self.ask_all(&Message::Shutdown, false);
        }
    }

    /// Runs until nobody is ready, without waiting for anything; for stepping by hand. False if nobody was ready.
    pub fn run_ready(&mut self) -> bool {
        let mut worked = false;
        loop {
            self.take_intake();
            self.safe_point();
            if self.current.is_empty() && self.mid_turn.is_none() && !self.begin_pass() {
                return worked;
            }
            worked = true;
            while !self.current.is_empty() || self.mid_turn.is_some() {
                if self.next_turn() == TurnEnd::Held {
                    return worked;
                }
            }
        }
    }

    /// Carries out one step that a handle has asked for with `Advance`, and stays paused; for stepping by hand.
    pub fn run_step(&mut self) {
        self.take_intake();
        while self.step.is_some() {
            self.work_a_while();
        }
    }

    fn nobody_is_ready(&self) -> bool {
        self.continuing.is_empty()
            && self.kernel.woken.borrow().is_empty()
            && self.kernel.requests.borrow().is_empty()
            && self.deferred.is_empty()
            && !self.has_news_of_topology()
            && !self.foreign.is_stirred()
            && !self.kernel.ports_stirred.get()
    }

    /// Paused: the clock stands, changes are still carried out. Between two polls is safe even inside a turn, because
    /// a turn only stops where it waits.
    fn rest(&mut self) {
        self.clock.stop();
        self.safe_point();
        self.publish_now();
        if let Ok(intake) = self.receiver.recv() {
            self.take_one(intake);
        }
    }

    /// One pass, one step, or as much as the dial allows.
    fn work_a_while(&mut self) {
        match (self.step, self.speed) {
            (Some(size), _) => self.work_one_step(size),
            (None, Speed::Full) => {
                self.clock.go();
                self.kernel.allowance.set(u64::MAX);
                self.work_one_pass();
            }
            (None, Speed::DeliveriesPerSecond(rate)) => self.work_at(rate),
        }
    }

    fn work_one_pass(&mut self) {
        if self.current.is_empty() && self.mid_turn.is_none() {
            self.safe_point();
            self.begin_pass();
        }
        while !self.current.is_empty() || self.mid_turn.is_some() {
            if self.next_turn() == TurnEnd::Held {
                return;
            }
            if !self.receiver.is_empty() {
                self.take_intake();
                if self.paused || self.quit {
                    return;
                }
            }
        }
    }

    /// One step while paused. With everybody asleep, the step goes to the next timer first.
    fn work_one_step(&mut self, size: StepSize) {
        self.clock.stop();
        if self.current.is_empty() && self.mid_turn.is_none() {
            self.safe_point();
            if !self.begin_pass() {
                let due = self.kernel.timers.borrow().next_due();
                if let Some(due) = due {
                    self.kernel.set_now(due);
                    self.clock.set(due);
                    self.safe_point();
                    self.begin_pass();
                }
            }
            if self.current.is_empty() {
                // Nothing can be stepped now.
                self.step = None;
                return;
            }
        }
        match size {
            StepSize::Delivery => {
                self.kernel.allowance.set(1);
                while !self.current.is_empty() || self.mid_turn.is_some() {
                    if self.next_turn() == TurnEnd::Held || self.kernel.allowance.get() == 0 {
                        self.step = None;
                        return;
                    }
                }
                // Nothing was delivered in this pass: the step goes on in the next.
            }
            StepSize::Turn => {
                self.kernel.allowance.set(u64::MAX);
                self.next_turn();
                self.step = None;
            }
            StepSize::Pass => {
                self.kernel.allowance.set(u64::MAX);
                self.work_one_pass();
                self.step = None;
            }
        }
    }

    /// Slow motion: deliveries are allowed one by one, and the clock stands while a delivery waits for its turn, so
    /// that their order is the same at every speed (R11).
    fn work_at(&mut self, rate: f64) {
        let elapsed = self.credited_at.elapsed().as_secs_f64();
        self.credited_at = Instant::now();
        self.credit = (self.credit + elapsed * rate).min((rate / 20.0).max(1.0));
        let allowed = self.credit.floor();
        if allowed < 1.0 && self.mid_turn.is_some() {
            self.clock.stop();
            self.publish_if_due(true);
            let wait = Duration::from_secs_f64(((1.0 - self.credit) / rate).clamp(0.000_1, 1.0));
            let wait = self.looking.patience().map_or(wait, |patience| wait.min(patience));
            // Changes are carried out while a delivery waits: a slow class must not wait for its teacher.
            self.safe_point();
            if let Ok(intake) = self.receiver.recv_timeout(wait) {
                self.take_one(intake);
            }
            return;
        }
        self.clock.go();
        self.kernel.allowance.set(allowed.max(0.0) as u64);
        self.work_one_pass();
        self.credit -= allowed - self.kernel.allowance.get() as f64;
    }

    /// Nobody is ready: wait for a timer or for outside, or find out that there is nothing to wait for.
    fn idle(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if self.step.is_some() {
            return None;
        }
        self.clock.go();
        if self.kernel.is_replay {
            return self.idle_in_replay(limit);
        }
        if self.live == 0 && self.revivals.is_empty() {
            if !limit.wait_for_commands {
                self.join_all();
                return Some(RunEnd::Ended);
            }
            self.wait(None);
            return None;
        }
        if let Some(began) = self.shutting_down {
            let outside = self.outside_activity();
            if matches!(outside, Activity::Closed | Activity::Idle) || began.elapsed() > PATIENCE_AT_SHUTDOWN {
                self.kernel.record(Event::ShutDownNow);
                self.ask_all(&Message::Shutdown, false);
                return None;
            }
            self.wait(Some(PATIENCE_AT_SHUTDOWN.saturating_sub(began.elapsed()) + Duration::from_millis(1)));
            return None;
        }
        let next = self.kernel.timers.borrow().next_due();
        // From here on, a far end that becomes idle says so, and this is looked at again.
        self.kernel.waits_for_idle.store(true, Ordering::SeqCst);
        let outside = self.outside_activity();
        let nothing_will_come = next.is_none() && matches!(outside, Activity::Closed | Activity::Idle);
        if nothing_will_come && !limit.wait_for_commands && self.release_watchers() {
            return None;
        }
        if self.clock.is_virtual() {
            return self.idle_virtually(limit, next, outside);
        }
        if next.is_none()
            && matches!(outside, Activity::Closed | Activity::Idle)
            && let Some(end) = self.note_stall(limit)
        {
            return Some(end);
        }
        let now = self.clock.read();
        let until = [next, limit.clock].into_iter().flatten().min();
        self.wait(until.map(|moment| moment.saturating_sub(now)));
        None
    }

    /// Only the tape moves a replay; at its end, the run is where the recording was.
    fn idle_in_replay(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if self.live == 0 && self.revivals.is_empty() {
            return Some(RunEnd::Ended);
        }
        let pass = self.kernel.pass.get();
        if self.tape.front().is_none_or(|next| next.pass > pass) && !limit.wait_for_commands && self.release_watchers()
        {
            return None;
        }
        match self.tape.front() {
            None => Some(RunEnd::LimitReached),
            Some(next) if next.pass > pass => Some(RunEnd::Stalled(format!(
                "the recording does not fit: its next event is for pass {}, and nobody is ready after pass {pass}; \
                 replay it with the project, seed and policy it was made with",
                next.pass
            ))),
            Some(_) => None,
        }
    }

    /// A virtual clock jumps, but not past an answer from outside that is on its way.
    fn idle_virtually(&mut self, limit: RunLimit, next: Option<Duration>, outside: Activity) -> Option<RunEnd> {
        match outside {
            Activity::Busy => {
                if self.wait(Some(BUSY_PATIENCE)) {
                    return None;
                }
            }
            Activity::Open => {
                if self.wait(Some(GRACE)) {
                    return None;
                }
            }
            Activity::Idle | Activity::Closed => {
                if next.is_none()
                    && let Some(end) = self.note_stall(limit)
                {
                    return Some(end);
                }
            }
        }
        match (next, limit.clock) {
            (Some(due), Some(limit)) if due > limit => self.clock.jump_to(limit),
            (Some(due), _) => self.clock.jump_to(due),
            (None, Some(limit)) => self.clock.jump_to(limit),
            (None, None) => {
                self.wait(None);
            }
        }
        None
    }

    /// Nothing inside can move and nothing outside will change that. Says so, or ends the run with it.
    fn note_stall(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if self.somebody_waits_for_the_user() {
            return None;
        }
        if self.slots.iter().flatten().any(|slot| slot.paused_by_hand) {
            return None;
        }
        let words = stall::explain(&self.snapshot());
        if !limit.wait_for_commands {
            return Some(RunEnd::Stalled(words));
        }
        if self.stalled.is_none() {
            self.stalled = Some(words.into());
            self.looking.note_activity();
        }
        None
    }

    fn somebody_waits_for_the_user(&self) -> bool {
        let can_act = |core: &super::core::Core| match self.user {
            User::Absent => false,
            User::AtConsole => matches!(core.surface.borrow().as_deref(), Some(Surface::Prompt { .. })),
            User::AtWindow => true,
        };
        self.slots.iter().flatten().any(|slot| {
            let core = &slot.core;
            slot.body.is_some()
                && can_act(core)
                && core
                    .inboxes
                    .borrow()
                    .iter()
                    .any(|inbox| &*inbox.name == "_events" && core.pulse.waits.get() & inbox.wake_bit != 0)
        })
    }

    /// Waits for something from outside, at most so long. True if something came.
    fn wait(&mut self, at_most: Option<Duration>) -> bool {
        self.publish_if_due(true);
        let at_most = [at_most, self.looking.patience(), self.patience_with_threads()].into_iter().flatten().min();
        let came = match at_most {
            Some(span) => self.receiver.recv_timeout(span).ok(),
            None => self.receiver.recv().ok(),
        };
        self.join_done();
        let some = came.is_some();
        if let Some(intake) = came {
            self.take_one(intake);
        }
        some
    }

    /// What the run as a whole is doing.
    pub(crate) fn run_state(&self) -> RunState {
        if self.live == 0 && self.revivals.is_empty() && !self.slots.is_empty() {
            RunState::Ended
        } else if self.paused {
            RunState::Paused
        } else if let Some(words) = &self.stalled {
            RunState::Stalled(words.clone())
        } else {
            RunState::Running
        }
    }
}
