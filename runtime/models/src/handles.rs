//! Handles are dropped while a scheduler falls asleep: it hears of the last, and ends.

use loom::thread;

use crate::holders::Holders;
use crate::model;
use crate::notify::{Notify, Receiver};
use crate::sync::Arc;

/// A scheduler that looks at its handles as the runtime's does: before it sleeps, and whenever it was notified.
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
fn the_last_handle_ends_a_scheduler_that_sleeps() {
    model(|| {
        let (_, notified, holders) = held();
        // A clone, dropped by somebody else.
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
fn a_pending_notification_does_not_hide_the_end_of_the_last_handle() {
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
fn a_handle_that_is_cloned_while_another_is_dropped_keeps_it_running() {
    model(|| {
        let (_, notified, holders) = held();
        holders.enter();
        let (far_holders, other_holders) = (holders.clone(), holders.clone());
        let far = thread::spawn(move || {
            far_holders.enter();
            far_holders.leave();
            assert!(!far_holders.are_none(), "the clone is there");
            far_holders.leave();
        });
        let other = thread::spawn(move || other_holders.leave());
        run(&holders, &notified);
        far.join().unwrap();
        other.join().unwrap();
    });
}
