//! Handles are dropped while a scheduler falls asleep; dropping the last one must wake the scheduler, which then ends.

use loom::thread;

use crate::holders::Holders;
use crate::model;
use crate::notify::{Notify, Receiver};
use crate::sync::Arc;

/// Checks the handles as the scheduler of the runtime does: before it sleeps, and after each notification.
fn run(holders: &Holders, notified: &Receiver) {
    while !holders.are_none() {
        notified.recv();
    }
}

/// A scheduler with one handle.
fn held() -> (Notify, Receiver, Arc<Holders>) {
    let (notify, notified) = Notify::new();
    let holders = Arc::new(Holders::new(notify.clone()));
    holders.enter();
    (notify, notified, holders)
}

#[test]
fn dropping_the_last_handle_ends_a_sleeping_scheduler() {
    model(|| {
        let (_, notified, holders) = held();
        // A clone that another thread drops.
        holders.enter();
        let far: Vec<_> = (0..2)
            .map(|_| {
                let holders = holders.clone();
                thread::spawn(move || holders.leave())
            })
            .collect();
        run(&holders, &notified);
        for thread in far {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_pending_notification_does_not_hide_the_drop_of_the_last_handle() {
    model(|| {
        let (notify, notified, holders) = held();
        // An unrelated notification is pending already.
        notify.notify();
        let far_holders = holders.clone();
        let far = thread::spawn(move || far_holders.leave());
        run(&holders, &notified);
        far.join().unwrap();
    });
}

#[test]
fn cloning_a_handle_while_another_is_dropped_keeps_the_scheduler_running() {
    model(|| {
        let (_, notified, holders) = held();
        holders.enter();
        let (far_holders, other_holders) = (holders.clone(), holders.clone());
        let far = thread::spawn(move || {
            far_holders.enter();
            far_holders.leave();
            assert!(!far_holders.are_none(), "the clone still exists");
            far_holders.leave();
        });
        let other = thread::spawn(move || other_holders.leave());
        run(&holders, &notified);
        far.join().unwrap();
        other.join().unwrap();
    });
}
