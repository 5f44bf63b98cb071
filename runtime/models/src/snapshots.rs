//! An observer asks for a snapshot while the system changes and falls asleep; one of the two must notice the other.

use loom::thread;

use crate::interest::Interest;
use crate::model;
use crate::notify::Notify;
use crate::sync::{Arc, AtomicUsize, Ordering};

#[test]
fn an_observer_that_asks_while_something_changes_gets_a_snapshot() {
    model(|| {
        let (notify, notified) = Notify::new();
        let interest = Arc::new(Interest::new());
        let far_interest = interest.clone();
        let reader = thread::spawn(move || {
            if far_interest.ask() {
                notify.notify();
            }
        });
        interest.note_change();
        // The scheduler sleeps until there is an observer. If neither noticed the other, it would sleep for ever.
        while !interest.is_wanted() {
            notified.recv();
        }
        interest.note_published();
        reader.join().unwrap();
    });
}

#[test]
fn only_one_of_two_observers_notifies_the_scheduler() {
    model(|| {
        let (notify, notified) = Notify::new();
        let interest = Arc::new(Interest::new());
        let notifications = Arc::new(AtomicUsize::new(0));
        interest.note_change();
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let (notify, interest, count) = (notify.clone(), interest.clone(), notifications.clone());
                thread::spawn(move || {
                    if interest.ask() {
                        count.fetch_add(1, Ordering::Relaxed);
                        notify.notify();
                    }
                })
            })
            .collect();
        notified.recv();
        assert!(interest.is_wanted());
        for reader in readers {
            reader.join().unwrap();
        }
        assert_eq!(notifications.load(Ordering::Relaxed), 1);
    });
}
