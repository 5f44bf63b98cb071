//! Nobody is ready: wait for a timer or for outside, jump, or find out that there is nothing to wait for.

use std::time::Duration;

use super::run::{RunEnd, RunLimit};
use super::{Scheduler, User};
use crate::component::port::Activity;
use crate::component::port_state::wait_for_idle;
use crate::introspect::record::Event;
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
pub(super) const PATIENCE_AT_SHUTDOWN: Duration = Duration::from_secs(2);

impl Scheduler {
    /// Nobody is ready: wait for a timer or for outside, or find out that there is nothing to wait for.
    pub(super) fn idle(&mut self, limit: RunLimit) -> Option<RunEnd> {
        if self.step.is_some() {
            return None;
        }
        self.clock.go();
        if self.kernel.is_replay {
            return self.idle_in_replay(limit);
        }
        if self.live == 0 && self.revivals.is_empty() {
            if !limit.wait_for_commands || self.shutting_down.is_some() {
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
        wait_for_idle(&self.kernel.waits_for_idle);
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
        // Somebody may have started something after all had ended.
        if self.live == 0 && self.revivals.is_empty() && self.tape.is_empty() {
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
        if limit.wait_for_commands && self.is_stalled || self.somebody_waits_for_the_user() {
            return None;
        }
        if self.somebody_is_paused() {
            return None;
        }
        if !limit.wait_for_commands {
            return Some(RunEnd::Stalled(stall::explain(&self.snapshot())));
        }
        // Snapshots say who waits for whom. Nobody may want one, and of a million components that is a lot of words.
        if !std::mem::replace(&mut self.is_stalled, true) {
            self.looking.note_activity();
        }
        None
    }

    pub(super) fn somebody_is_paused(&self) -> bool {
        self.slots.iter().flatten().any(|slot| slot.paused_by_hand)
    }

    pub(super) fn somebody_waits_for_the_user(&self) -> bool {
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
        let at_most = [at_most, self.patience_of_lookers(), self.patience_with_threads()].into_iter().flatten().min();
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
}
