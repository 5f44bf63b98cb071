//! RestartTimers: records which crashed components will be restarted, and when (R10).
//!
//! Invariant: `due` and `by_slot` hold the same entries. Not here: the restart itself (see `graph::start`).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::clock::{TimerKey, Timers};
use crate::delivery::wake_state::WakeState;
use crate::ids::ComponentId;

/// Shortest and longest pause before a crashed component is restarted.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// The components awaiting a restart.
#[derive(Default)]
pub(crate) struct RestartTimers {
    due: BTreeMap<TimerKey, u32>,
    by_slot: BTreeMap<u32, TimerKey>,
}

impl RestartTimers {
    /// Restarts the component in `slot` after a pause that grows with the number of restarts so far.
    pub fn set(&mut self, timers: &mut Timers, slot: u32, now: Duration, restarts: u32) {
        let pause = BACK_OFF.0.saturating_mul(1 << restarts.min(10)).min(BACK_OFF.1);
        // The timer only has to end the scheduler's sleep, so its target is a dummy component.
        let target = Rc::new(WakeState::new(ComponentId(u64::MAX), u32::MAX));
        target.suspend();
        let key = timers.set(now.saturating_add(pause), target);
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

    /// Forgets all components. Returns their slots, in the order they were due.
    pub fn take_all(&mut self, timers: &mut Timers) -> Vec<u32> {
        self.by_slot.clear();
        let due = std::mem::take(&mut self.due);
        for key in due.keys() {
            timers.cancel(*key);
        }
        due.into_values().collect()
    }

    pub fn contains(&self, slot: u32) -> bool {
        self.by_slot.contains_key(&slot)
    }

    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduler::clock::LATEST;

    const NOW: Duration = Duration::from_secs(5);

    /// How long the component in slot 1 pauses after this many restarts.
    fn pause_after(restarts: u32) -> Duration {
        let (mut restart_timers, mut timers) = (RestartTimers::default(), Timers::default());
        restart_timers.set(&mut timers, 1, NOW, restarts);
        timers.next_due().unwrap_or_default().saturating_sub(NOW)
    }

    #[test]
    fn the_pause_doubles_up_to_a_limit() {
        let pauses = [0, 1, 2, 6, 7, 10, u32::MAX].map(|restarts| pause_after(restarts).as_millis());
        assert_eq!(pauses, [100, 200, 400, 6400, 10_000, 10_000, 10_000]);
    }

    #[test]
    fn components_are_taken_in_the_order_in_which_they_are_due() {
        let (mut restart_timers, mut timers) = (RestartTimers::default(), Timers::default());
        for (slot, restarts) in [(1, 2), (2, 0), (3, 1), (4, 0)] {
            restart_timers.set(&mut timers, slot, NOW, restarts);
        }
        let mut taken = |after| restart_timers.take_due(NOW + Duration::from_millis(after));
        assert_eq!((taken(99), taken(100), taken(100), taken(100)), (None, Some(2), Some(4), None));
        assert_eq!((taken(400), taken(400), taken(400)), (Some(3), Some(1), None));
        assert!(restart_timers.is_empty() && !restart_timers.contains(1));
    }

    #[test]
    fn a_forgotten_component_is_not_started_and_its_timer_is_gone() {
        let (mut restart_timers, mut timers) = (RestartTimers::default(), Timers::default());
        restart_timers.set(&mut timers, 1, NOW, 0);
        restart_timers.set(&mut timers, 2, NOW, 1);
        restart_timers.forget(&mut timers, 1);
        restart_timers.forget(&mut timers, 3);
        assert!(!restart_timers.contains(1) && restart_timers.contains(2));
        assert_eq!(timers.next_due(), Some(NOW + Duration::from_millis(200)));
        assert_eq!(restart_timers.take_due(LATEST), Some(2));
        assert_eq!(restart_timers.take_due(LATEST), None);
    }

    #[test]
    fn the_timer_ends_the_sleep_of_the_scheduler_and_wakes_no_component() {
        let (mut restart_timers, mut timers) = (RestartTimers::default(), Timers::default());
        restart_timers.set(&mut timers, 1, NOW, 0);
        let woken = timers.take_due(LATEST);
        assert!(woken.is_some_and(|target| target.is_suspended() && target.slot != 1));
    }

    #[test]
    fn a_crash_at_the_end_of_the_clock_is_still_followed_by_a_restart() {
        let (mut restart_timers, mut timers) = (RestartTimers::default(), Timers::default());
        restart_timers.set(&mut timers, 1, LATEST, 5);
        assert_eq!(restart_timers.take_due(LATEST), Some(1));
    }
}
