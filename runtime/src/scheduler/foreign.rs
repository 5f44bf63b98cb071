//! ForeignWakes: foreign futures, which are not part of the runtime, may wake their component from any thread.
//!
//! The runtime's own waits wake components directly, so most components never keep a waker. Therefore all turns share
//! one waker, which is aimed at the component whose turn it is. When a future keeps a copy, the waker stays aimed at
//! that component, and the next component gets a new one. A waker therefore wakes only its own component, and
//! components that keep no waker cost nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::task::{Wake, Waker};

use crate::notify::Notify;
use crate::woken_slots::{WakeTarget, WokenSlots};

/// How many references [`ForeignWakes`] itself has to the waker of the current turn.
const OWN_REFERENCES: usize = 2;

/// The waker for the current turn, and the components whose wakers were called.
pub(crate) struct ForeignWakes {
    woken: Arc<WokenSlots>,
    aimed: Arc<AimedWaker>,
    /// The same waker as `aimed`.
    waker: Waker,
}

/// A waker for one component.
struct AimedWaker {
    slot: AtomicU32,
    generation: AtomicU32,
    woken: Arc<WokenSlots>,
}

impl AimedWaker {
    fn target(&self) -> WakeTarget {
        WakeTarget { slot: self.slot.load(Ordering::Relaxed), generation: self.generation.load(Ordering::Relaxed) }
    }

    fn aim(&self, target: WakeTarget) {
        self.slot.store(target.slot, Ordering::Relaxed);
        self.generation.store(target.generation, Ordering::Relaxed);
    }
}

impl Wake for AimedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.add(self.target());
    }
}

impl ForeignWakes {
    pub fn new(notify: Notify) -> Self {
        let woken = Arc::new(WokenSlots::new(notify));
        let aimed =
            Arc::new(AimedWaker { slot: AtomicU32::new(0), generation: AtomicU32::new(0), woken: woken.clone() });
        Self { waker: Waker::from(aimed.clone()), aimed, woken }
    }

    /// The waker for a turn of this component.
    #[inline]
    pub fn waker_for(&mut self, target: WakeTarget) -> &Waker {
        if Arc::strong_count(&self.aimed) > OWN_REFERENCES {
            self.replace(target);
        }
        // If another thread has just dropped the last copy, it has also read the target for the last time.
        fence(Ordering::Acquire);
        self.aimed.aim(target);
        &self.waker
    }

    /// Leaves the waker to the futures that have kept a copy, unless they belong to the same component.
    #[cold]
    fn replace(&mut self, target: WakeTarget) {
        if self.aimed.target() != target {
            self.aimed = Arc::new(AimedWaker {
                slot: AtomicU32::new(target.slot),
                generation: AtomicU32::new(target.generation),
                woken: self.woken.clone(),
            });
            self.waker = Waker::from(self.aimed.clone());
        }
    }

    /// Whether a waker was called since the last [`ForeignWakes::take_woken`].
    pub fn has_woken(&self) -> bool {
        self.woken.has_any()
    }

    /// Takes the components whose wakers were called, in order of slot. A component may have been removed since then.
    pub fn take_woken(&self) -> BTreeSet<WakeTarget> {
        self.woken.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(slot: u32, generation: u32) -> WakeTarget {
        WakeTarget { slot, generation }
    }

    fn woken(wakes: &ForeignWakes) -> Vec<WakeTarget> {
        wakes.take_woken().into_iter().collect()
    }

    #[test]
    fn a_kept_waker_wakes_the_component_that_kept_it() {
        let mut wakes = ForeignWakes::new(Notify::new().0);
        let first = wakes.waker_for(target(1, 7)).clone();
        wakes.waker_for(target(2, 8));
        let third = wakes.waker_for(target(3, 9)).clone();
        assert!(!wakes.has_woken());
        third.wake_by_ref();
        third.wake();
        assert!(wakes.has_woken());
        assert_eq!(woken(&wakes), [target(3, 9)]);
        first.wake();
        assert_eq!(woken(&wakes), [target(1, 7)]);
        assert!(!wakes.has_woken());
    }

    #[test]
    fn a_waker_is_replaced_only_if_another_component_keeps_it() {
        let mut wakes = ForeignWakes::new(Notify::new().0);
        let kept = wakes.waker_for(target(1, 1)).clone();
        assert!(wakes.waker_for(target(1, 1)).will_wake(&kept), "the same component gets the same waker");
        assert!(!wakes.waker_for(target(1, 2)).will_wake(&kept), "another component has the slot now");
        let second = wakes.waker_for(target(2, 3)).clone();
        drop(second.clone());
        drop(second);
        let before = Arc::as_ptr(&wakes.aimed);
        wakes.waker_for(target(3, 4));
        assert_eq!(Arc::as_ptr(&wakes.aimed), before, "a waker of which no copy is left is used again");
    }
}
