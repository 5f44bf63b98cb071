//! Idle: the scheduler's work when no component is ready. It waits for a timer or for outside work, moves a virtual
//! clock, or finds that the run has ended or stalled.

use std::time::{Duration, Instant};

use super::component_core::Core;
use super::ports::Activity;
use super::run_limit::{RunEnd, RunLimit};
use super::safe_point::Quiet;
use super::{Scheduler, User};
use crate::introspect::stall;
use crate::surface::Surface;

/// How long to wait for outside events before a virtual clock moves on, in real time. It matters only while a socket or
/// file may still answer.
const GRACE: Duration = Duration::from_millis(15);

/// How long a working far end may take before a virtual clock moves on without it, in real time. A far end that waits for
/// something outside must declare it (`OutsidePort::stay_open`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

impl Scheduler {
    /// Whether no component can have a turn in the next pass, and nothing waits for the safe point.
    pub(super) fn no_component_is_ready(&self) -> bool {
        !self.graph.has_ready_components()
            && self.context.requests.is_empty()
            && !self.intake.has_deferred()
            && !self.topology_has_changed()
            && !self.foreign.has_woken()
            && !self.context.ports.has_marked()
    }

    /// Paused: the clock stops, but changes take effect. That is safe even inside a turn, because a turn stops only
    /// where it waits.
    pub(super) fn rest(&mut self) {
        self.clock.stop();
        self.safe_point();
        self.publish_now();
        self.wait_for_intake(None);
    }

    /// Waits for a timer or for outside work. Returns the end of the run if there is nothing to wait for.
    pub(super) fn idle(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if self.dial.is_stepping() {
            return None;
        }
        self.clock.go();
        if self.context.is_replay {
            return self.idle_in_replay(limit);
        }
        if self.graph.all_have_ended() {
            if !limit.wait_for_commands || self.shutdown.has_begun() {
                self.join_all_threads();
                return Some(RunEnd::Ended);
            }
            self.wait(None);
            return None;
        }
        if let Some(left) = self.shutdown.time_left(Instant::now()) {
            let left = match self.context.ports.activity() {
                Activity::Closed | Activity::Idle => Duration::ZERO,
                // It may wait forever, but it may also still be passing on the last messages.
                Activity::Open => self.shutdown.quiet_time_left(self.context.traffic.pass(), Instant::now()).min(left),
                Activity::Busy => left,
            };
            if left.is_zero() {
                self.end_all_now();
            } else {
                self.wait(Some(left + Duration::from_millis(1)));
            }
            return None;
        }
        let next = self.context.timers.borrow().next_due();
        // From here on, a far end that becomes idle wakes the scheduler, which then checks again.
        self.context.ports.ready().await_idle();
        let outside = self.context.ports.activity();
        let nothing_will_arrive = next.is_none() && matches!(outside, Activity::Closed | Activity::Idle);
        if nothing_will_arrive && !limit.wait_for_commands && self.release_watchers() {
            return None;
        }
        if self.clock.is_virtual() {
            return self.idle_virtually(limit, next, outside);
        }
        if nothing_will_arrive && let Some(end) = self.note_stall(limit) {
            return Some(end);
        }
        let now = self.clock.read();
        let until = [next, limit.clock].into_iter().flatten().min();
        self.wait(until.map(|moment| moment.saturating_sub(now)));
        None
    }

    /// In a replay, only events of the recording change anything. The run stops at the end of the recording.
    fn idle_in_replay(&mut self, limit: RunLimit) -> Option<RunEnd> {
        // A handle may have started something after all components had ended.
        if self.graph.all_have_ended() && self.tape.is_empty() {
            return Some(RunEnd::Ended);
        }
        let pass = self.context.traffic.pass();
        let next = self.tape.next_pass();
        if next.is_none_or(|next| next > pass) && !limit.wait_for_commands && self.release_watchers() {
            return None;
        }
        match next {
            None => Some(RunEnd::LimitReached),
            Some(next) if next > pass => Some(RunEnd::Stalled(format!(
                "the recording does not match this run: its next event belongs to pass {next}, but no component is ready \
                 after pass {pass}; replay it with the project, seed and policy that it was recorded with"
            ))),
            Some(_) => None,
        }
    }

    /// A virtual clock jumps, but not past an answer from outside that is on its way.
    fn idle_virtually(&mut self, limit: RunLimit, next: Option<Duration>, outside: Activity) -> Option<RunEnd> {
        let timeout = match outside {
            Activity::Busy => Some(BUSY_TIMEOUT),
            Activity::Open => Some(GRACE),
            Activity::Idle | Activity::Closed => None,
        };
        if let Some(timeout) = timeout {
            let until_limit = limit.lag.map_or(Duration::MAX, |lag| lag.saturating_sub(self.clock.lag()));
            if self.wait(Some(timeout.min(until_limit))) || until_limit < timeout {
                return None;
            }
        } else if next.is_none()
            && let Some(end) = self.note_stall(limit)
        {
            return Some(end);
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

    /// No component can continue, and nothing outside will change that: notes the stall, or ends the run.
    fn note_stall(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if limit.wait_for_commands && self.is_stalled || self.is_waiting_for_user() || self.graph.has_paused() {
            return None;
        }
        if !limit.wait_for_commands {
            return Some(RunEnd::Stalled(stall::explain(&self.snapshot())));
        }
        // The explanation is part of the next snapshot. It is not made here, because there may be no observer that
        // needs it, and it is long for a large system.
        if !std::mem::replace(&mut self.is_stalled, true) {
            self.note_activity();
        }
        None
    }

    /// Whether a component waits for an action that the user can take.
    fn is_waiting_for_user(&self) -> bool {
        let can_act = |core: &Core| match self.user {
            User::Absent => false,
            User::AtConsole => matches!(core.surface.borrow().as_deref(), Some(Surface::Prompt { .. })),
            User::AtWindow => true,
        };
        let awaits_events = |core: &Core| {
            core.boxes.inbox(Core::EVENTS).is_some_and(|events| core.boxes.wake_state.waits_for(events.wake_bit))
        };
        self.user != User::Absent
            && self
                .graph
                .slots_with_events()
                .any(|slot| slot.body.is_some() && can_act(&slot.core) && awaits_events(&slot.core))
    }

    /// The state now, if no component here can continue except through a bridge. Call it at a safe point.
    ///
    /// A scheduler with an open bridge never reports a stall itself, because the other schedulers may send messages. The
    /// cluster decides whether they can (see `cluster::stall`).
    pub(super) fn quiet_state(&self) -> Option<Quiet> {
        let is_ready = !self.graph.pass_is_over()
            || self.graph.has_ready_components()
            || !self.context.requests.is_empty()
            || self.topology_has_changed()
            || self.foreign.has_woken();
        let is_due = self.context.timers.borrow().next_due().is_some() || self.graph.has_restarts();
        let depends_on_user = self.dial.is_paused() || self.is_waiting_for_user() || self.graph.has_paused();
        // An empty bridge does not count.
        let may_arrive = || {
            self.context.ports.any(|port| match port.activity() {
                Activity::Busy => true,
                Activity::Open => !port.is_bridge(),
                Activity::Idle | Activity::Closed => false,
            })
        };
        if is_ready || is_due || depends_on_user || may_arrive() {
            return None;
        }
        Some(Quiet { pass: self.context.traffic.pass(), lives: self.graph.has_live(), snapshot: self.snapshot() })
    }

    /// Waits for a command or a notification, for at most this long. True if one arrived.
    fn wait(&mut self, at_most: Option<Duration>) -> bool {
        self.publish_if_due(true);
        let limits = [at_most, self.snapshot_timeout(), self.context.threads.timeout(Instant::now())];
        let has_arrived = self.wait_for_intake(limits.into_iter().flatten().min());
        self.join_threads();
        has_arrived
    }

    /// At the end of a run, waits for the threads that have not returned, each for a limited time.
    fn join_all_threads(&mut self) {
        self.join_threads();
        while let Some(timeout) = self.context.threads.timeout(Instant::now()) {
            // The run has ended, so commands that arrive now no longer affect it.
            self.wait_for_intake(Some(timeout));
            self.join_threads();
        }
    }
}
