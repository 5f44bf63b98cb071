//! A foreign future calls its waker on another thread; its component must be polled after every such call.

use loom::thread;

use crate::model;
use crate::notify::{Notify, Receiver};
use crate::sync::{Arc, AtomicUsize, Ordering};
use crate::wake_flag::WakeFlag;

/// Checks `flag` as the scheduler of the runtime does: before it sleeps, and after each notification.
fn check_until(flag: &WakeFlag, notified: &Receiver, mut is_done: impl FnMut() -> bool) {
    loop {
        if flag.take() && is_done() {
            return;
        }
        if !flag.is_set() {
            notified.recv();
        }
    }
}

#[test]
fn no_wake_is_lost() {
    model(|| {
        let (notify, notified) = Notify::new();
        let flag = Arc::new(WakeFlag::new(notify));
        let done = Arc::new(AtomicUsize::new(0));
        let (far_flag, far_done) = (flag.clone(), done.clone());
        let far = thread::spawn(move || {
            for _ in 0..2 {
                far_done.fetch_add(1, Ordering::Relaxed);
                far_flag.set();
            }
        });
        check_until(&flag, &notified, || done.load(Ordering::Relaxed) == 2);
        far.join().unwrap();
    });
}

#[test]
fn a_pending_notification_does_not_hide_a_wake() {
    model(|| {
        let (notify, notified) = Notify::new();
        // An unrelated notification is pending already.
        notify.notify();
        let flag = Arc::new(WakeFlag::new(notify));
        let done = Arc::new(AtomicUsize::new(0));
        let far: Vec<_> = (0..2)
            .map(|_| {
                let (flag, done) = (flag.clone(), done.clone());
                thread::spawn(move || {
                    done.fetch_add(1, Ordering::Relaxed);
                    flag.set();
                })
            })
            .collect();
        check_until(&flag, &notified, || done.load(Ordering::Relaxed) == 2);
        for thread in far {
            thread.join().unwrap();
        }
    });
}
