//! Foreign futures call their wakers on other threads; each component must be polled after every call of its own waker.

use loom::thread;

use crate::model;
use crate::notify::{Notify, Receiver};
use crate::sync::{Arc, AtomicUsize, Ordering};
use crate::woken_slots::{WakeTarget, WokenSlots};

const FIRST: WakeTarget = WakeTarget { slot: 0, generation: 1 };
const SECOND: WakeTarget = WakeTarget { slot: 1, generation: 2 };

/// Takes the woken components as the scheduler of the runtime does: before it sleeps, and after each notification.
fn take_until(woken: &WokenSlots, notified: &Receiver, mut is_done: impl FnMut(WakeTarget) -> bool) {
    loop {
        let mut done = false;
        for target in woken.take() {
            done |= is_done(target);
        }
        if done {
            return;
        }
        if !woken.has_any() {
            notified.recv();
        }
    }
}

#[test]
fn no_wake_is_lost() {
    model(|| {
        let (notify, notified) = Notify::new();
        let woken = Arc::new(WokenSlots::new(notify));
        let done = Arc::new(AtomicUsize::new(0));
        let (far_woken, far_done) = (woken.clone(), done.clone());
        let far = thread::spawn(move || {
            for _ in 0..2 {
                far_done.fetch_add(1, Ordering::Relaxed);
                far_woken.add(FIRST);
            }
        });
        take_until(&woken, &notified, |_| done.load(Ordering::Relaxed) == 2);
        far.join().unwrap();
    });
}

#[test]
fn wakes_of_two_components_are_both_seen() {
    model(|| {
        let (notify, notified) = Notify::new();
        // An unrelated notification is pending already.
        notify.notify();
        let woken = Arc::new(WokenSlots::new(notify));
        let far: Vec<_> = [FIRST, SECOND]
            .map(|target| {
                let woken = woken.clone();
                thread::spawn(move || woken.add(target))
            })
            .into();
        let mut seen = Vec::new();
        take_until(&woken, &notified, |target| {
            seen.push(target);
            seen.len() == 2
        });
        seen.sort();
        assert_eq!(seen, [FIRST, SECOND]);
        for thread in far {
            thread.join().unwrap();
        }
    });
}
