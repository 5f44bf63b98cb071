//! TurnWatch: shows other threads which component currently has the turn.
//!
//! The scheduler stores one number at the beginning of each turn and one at its end; it does not read a clock. A reader
//! therefore sees only how long it has observed the same turn, so it must check regularly. A component whose code loops
//! without `.await` keeps its turn, and everything else waits until it returns.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The half of the mark that counts turns.
const COUNT: u64 = u32::MAX as u64;

/// A component that has the turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnHolder {
    /// Its name.
    pub component: Arc<str>,
    /// How long the same turn has lasted, in real time, since a reader first saw it.
    pub held_for: Duration,
}

/// The state that a scheduler and the readers share.
pub(crate) struct TurnWatch {
    /// In the upper half the slot of the component plus one, or zero if none has the turn; in the lower half the count of
    /// turns, so that two turns in a row differ. Only the scheduler writes it.
    current: AtomicU64,
    /// The names of the components by slot.
    names: Mutex<Vec<Arc<str>>>,
    /// The turn that a reader saw last, and when it was first seen.
    seen: Mutex<(u64, Instant)>,
}

impl Default for TurnWatch {
    fn default() -> Self {
        Self { current: AtomicU64::new(0), names: Mutex::default(), seen: Mutex::new((0, Instant::now())) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TurnWatch {
    /// Notes that the component in this slot begins a turn, or the rest of one.
    #[inline]
    pub fn begin(&self, slot: u32) {
        let count = self.current.load(Ordering::Relaxed).wrapping_add(1) & COUNT;
        self.current.store((u64::from(slot) + 1) << 32 | count, Ordering::Relaxed);
    }

    /// Notes that no component has the turn.
    #[inline]
    pub fn end(&self) {
        self.current.store(self.current.load(Ordering::Relaxed) & COUNT, Ordering::Relaxed);
    }

    /// Sets the name of the component in a slot.
    pub fn set_name(&self, slot: u32, name: Arc<str>) {
        let mut names = lock(&self.names);
        let index = slot as usize;
        if names.len() <= index {
            names.resize(index + 1, "".into());
        }
        if let Some(known) = names.get_mut(index) {
            *known = name;
        }
    }

    /// The component that has the turn; `None` if the scheduler waits or looks for work.
    pub fn holder(&self) -> Option<TurnHolder> {
        let current = self.current.load(Ordering::Relaxed);
        let mut seen = lock(&self.seen);
        if seen.0 != current {
            *seen = (current, Instant::now());
        }
        let index = usize::try_from((current >> 32).checked_sub(1)?).ok()?;
        let component = lock(&self.names).get(index).cloned().unwrap_or_default();
        Some(TurnHolder { component, held_for: seen.1.elapsed() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_turn_starts_again_with_the_next_turn() {
        let watch = TurnWatch::default();
        watch.set_name(3, "loop".into());
        assert_eq!(watch.holder(), None);
        watch.begin(3);
        assert!(watch.holder().is_some_and(|holder| &*holder.component == "loop"));
        let since = |watch: &TurnWatch| watch.holder().and_then(|_| lock(&watch.seen).1.into());
        let first: Option<Instant> = since(&watch);
        assert_eq!(since(&watch), first, "the turn is the same");
        watch.begin(3);
        assert!(since(&watch) > first, "the next turn has begun");
        watch.end();
        assert_eq!(watch.holder(), None);
    }
}
