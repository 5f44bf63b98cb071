//! RestartTimers: which crashed components will be started again, and when (R10).
//!
//! Invariant: `due` and `by_slot` hold the same entries. Not here: the restart itself (see `graph::start`).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::clock::{TimerKey, Timers};
use crate::delivery::wake_state::WakeState;
use crate::ids::ComponentId;

/// Shortest and longest pause before a crashed component is started again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// The components that wait to be started again.
#[derive(Default)]
pub(crate) struct RestartTimers {
    due: BTreeMap<TimerKey, u32>,
    by_slot: BTreeMap<u32, TimerKey>,
}

impl RestartTimers {
    /// Starts the component in `slot` again after a pause that grows with the number of restarts so far.
    pub fn set(&mut self, timers: &mut Timers, slot: u32, now: Duration, restarts: u32) {
        let pause = BACK_OFF.0.saturating_mul(1 << restarts.min(10)).min(BACK_OFF.1);
        // The timer only ends the scheduler's sleep at that time, so it wakes a component that does not exist.
        let target = Rc::new(WakeState::new(ComponentId(u64::MAX), u32::MAX));
        target.is_suspended.set(true);
        let key = timers.set(now + pause, target);
        self.due.insert(key, slot);
        self.by_slot.insert(slot, key);
    }

    /// Takes the slot of one component that is due.
    pub fn take_due(&mut self, now: Duration) -> Option<u32> {
        let (key, _) = self.due.first_key_value().filter(|(key, _)| key.due <= now)?;
        let key = *key;
        let slot = self.due.remove(&key)?;
        self.by_slot.remove(&slot);
        Some(slot)
    }

    /// Forgets a component that was removed.
    pub fn forget(&mut self, timers: &mut Timers, slot: u32) {
        if let Some(key) = self.by_slot.remove(&slot) {
            self.due.remove(&key);
            timers.cancel(key);
        }
    }

    pub fn contains(&self, slot: u32) -> bool {
        self.by_slot.contains_key(&slot)
    }

    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}
