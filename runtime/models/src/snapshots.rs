//! Somebody wants to look while the system changes and falls asleep: one of the two sees to it that a snapshot is built.

use loom::thread;

use crate::interest::Interest;
use crate::model;
use crate::scheduler::intake::{Entrance, Intake};
use crate::sync::Arc;

#[test]
fn whoever_asks_while_something_changes_is_shown_it() {
    model(|| {
        let intake = Entrance::new(1);
        let interest = Arc::new(Interest::new());
        let (far_intake, far_interest) = (intake.clone(), interest.clone());
        let reader = thread::spawn(move || {
            if far_interest.ask() {
                // A full queue means that it is awake.
                let _ = far_intake.try_send(Intake::Nudge);
            }
        });
        interest.note_change();
        // Asleep until somebody wants to look; for ever if neither saw the other.
        while !interest.is_wanted() {
            intake.recv();
        }
        interest.note_published();
        reader.join().unwrap();
    });
}

#[test]
fn of_two_who_ask_one_nudges() {
    model(|| {
        let intake = Entrance::new(1);
        let interest = Arc::new(Interest::new());
        interest.note_change();
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let (intake, interest) = (intake.clone(), interest.clone());
                thread::spawn(move || {
                    if interest.ask() {
                        intake.try_send(Intake::Nudge).unwrap();
                    }
                })
            })
            .collect();
        assert_eq!(intake.recv(), Intake::Nudge);
        assert!(interest.is_wanted());
        for reader in readers {
            reader.join().unwrap();
        }
    });
}
