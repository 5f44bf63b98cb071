//! A future that the runtime does not know calls its waker on another thread: its component is always polled after that.

use loom::thread;

use crate::model;
use crate::notify::{Notify, Receiver};
use crate::sync::{Arc, AtomicUsize, Ordering};
use crate::wake_flag::WakeFlag;

/// A scheduler that looks at `flag` as the runtime's does: before it sleeps, and whenever it was notified.
fn look_until(flag: &WakeFlag, notified: &Receiver, mut is_done: impl FnMut() -> bool) {
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
        look_until(&flag, &notified, || done.load(Ordering::Relaxed) == 2);
        far.join().unwrap();
    });
}

#[test]
fn a_pending_notification_loses_no_wake() {
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
        look_until(&flag, &notified, || done.load(Ordering::Relaxed) == 2);
        for thread in far {
            thread.join().unwrap();
        }
    });
}
