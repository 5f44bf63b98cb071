//! Pace: single steps and slow motion, which stop a run inside a pass or a turn (R11).

use std::time::Instant;

use super::{Scheduler, TurnEnd};
use crate::command::StepSize;

impl Scheduler {
    /// One step while paused. If no component is ready, the step first moves the clock to the next timer.
    pub(super) fn work_one_step(&mut self, size: StepSize) {
        self.clock.stop();
        if self.graph.pass_is_over() {
            self.safe_point();
            if !self.begin_pass() {
                let due = self.context.timers.borrow().next_due();
                if let Some(due) = due {
                    self.context.traffic.set_now(due);
                    self.clock.set(due);
                    self.safe_point();
                    self.begin_pass();
                }
            }
            if self.graph.pass_is_over() {
                // There is nothing to step.
                self.dial.finish_step();
                return;
            }
        }
        match size {
            StepSize::Delivery => {
                self.context.traffic.allow(1);
                while !self.graph.pass_is_over() {
                    if self.next_turn() == TurnEnd::Held || self.context.traffic.allowance() == 0 {
                        self.dial.finish_step();
                        return;
                    }
                }
                // There was no delivery in this pass, so the step continues in the next.
            }
            StepSize::Turn => {
                self.context.traffic.allow_all();
                self.next_turn();
                self.dial.finish_step();
            }
            StepSize::Pass => {
                self.context.traffic.allow_all();
                self.work_one_pass();
                self.dial.finish_step();
            }
        }
    }

    /// Slow motion: deliveries are allowed one by one, and the clock stops while a delivery waits, so that their order is
    /// the same at every speed (R11).
    pub(super) fn work_at(&mut self, rate: f64) {
        let allowed = self.dial.earn(rate, Instant::now());
        if allowed == 0 && self.graph.has_held_turn() {
            self.clock.stop();
            self.publish_if_due(true);
            let wait = self.dial.until_next(rate);
            let wait = self.snapshot_timeout().map_or(wait, |timeout| wait.min(timeout));
            // Changes take effect while a delivery waits, even at the slowest speed.
            self.safe_point();
            self.wait_for_intake(Some(wait));
            return;
        }
        self.clock.go();
        self.context.traffic.allow(allowed);
        self.work_one_pass();
        self.dial.spend(allowed - self.context.traffic.allowance());
    }
}
