//! ForeignWakes: futures that the runtime does not know may wake their component from any thread.
//!
//! All components share one waker, because the runtime's own waits wake components directly. After a call to the waker, every
//! component that waits only for unknown futures is polled.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::{Wake, Waker};

use crate::notify::Notify;
use crate::wake_flag::WakeFlag;

/// The shared waker, and the components that may depend on it.
pub(crate) struct ForeignWakes {
    flag: Arc<Flag>,
    waker: Waker,
    /// Slots of components that waited only for unknown futures after their last turn.
    waiters: BTreeSet<u32>,
}

struct Flag(WakeFlag);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.set();
    }
}

impl ForeignWakes {
    pub fn new(notify: Notify) -> Self {
        let flag = Arc::new(Flag(WakeFlag::new(notify)));
        Self { waker: Waker::from(flag.clone()), flag, waiters: BTreeSet::new() }
    }

    /// The waker for all components.
    pub fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Notes that a component ended its turn waiting only for futures that the runtime does not know.
    pub fn add_waiter(&mut self, slot: u32) {
        self.waiters.insert(slot);
    }

    /// Whether the waker was called since the last [`ForeignWakes::take_waiters`].
    pub fn has_woken(&self) -> bool {
        self.flag.0.is_set()
    }

    /// Takes the components to poll, in order of slot, if the waker was called since the last time.
    pub fn take_waiters(&mut self) -> BTreeSet<u32> {
        if self.flag.0.take() { std::mem::take(&mut self.waiters) } else { BTreeSet::new() }
    }
}
