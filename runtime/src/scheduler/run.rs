//! The loop round the passes: run control, the dial, idling, ending.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::idle::PATIENCE_AT_SHUTDOWN;
use super::{Scheduler, TurnEnd};
use crate::command::{Speed, StepSize};
use crate::introspect::record::Event;
use crate::introspect::snapshot::RunState;
use crate::message::Message;

/// When to stop running.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimit {
    /// Stop when the runtime's clock reaches this.
    pub clock: Option<Duration>,
    /// Stop when so many passes are done.
    pub passes: Option<u64>,
    /// Go on when every component has ended or nothing can move, because somebody may change something; until somebody
    /// asks for a shut-down.
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
        // In a replay the recording says when that was.
        let is_patient = self.kernel.is_replay;
        if !is_patient && self.shutting_down.is_some_and(|began| began.elapsed() > PATIENCE_AT_SHUTDOWN) {
            self.shutting_down = Some(Instant::now());
            self.kernel.record(Event::ShutDownNow);
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
            && !self.foreign.0.is_stirred()
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
            let wait = self.patience_of_lookers().map_or(wait, |patience| wait.min(patience));
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

    /// What the run as a whole is doing; without the words for a stall.
    pub(crate) fn run_state(&self) -> RunState {
        if self.live == 0 && self.revivals.is_empty() && !self.slots.is_empty() {
            RunState::Ended
        } else if self.paused {
            RunState::Paused
        } else if self.is_stalled {
            RunState::Stalled(Arc::default())
        } else {
            RunState::Running
        }
    }
}
