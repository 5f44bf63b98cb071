//! Handles are dropped while a scheduler falls asleep: it hears of the last, and ends.

use loom::thread;

use crate::holders::Holders;
use crate::model;
use crate::scheduler::intake::{Entrance, Intake};
use crate::sync::Arc;

/// A scheduler that looks at its handles as the runtime's does: before it sleeps, and whenever something has come in.
fn run(holders: &Holders, intake: &Entrance) {
    while !holders.are_none() {
        intake.recv();
    }
}

/// A scheduler with one handle and an intake of this length.
fn held(limit: usize) -> (Entrance, Arc<Holders>) {
    let intake = Entrance::new(limit);
    let holders = Arc::new(Holders::new(intake.clone()));
    holders.enter();
    (intake, holders)
}

#[test]
fn the_last_handle_ends_a_scheduler_that_sleeps() {
    model(|| {
        let (intake, holders) = held(1);
        // A clone, dropped by somebody else.
        holders.enter();
        let far: Vec<_> = (0..2)
            .map(|_| {
                let holders = holders.clone();
                thread::spawn(move || holders.leave())
            })
            .collect();
        run(&holders, &intake);
        for thread in far {
            thread.join().unwrap();
        }
    });
}

#[test]
fn one_whose_queue_is_full_sees_that_it_has_none() {
    model(|| {
        let (intake, holders) = held(1);
        // Somebody else's message: whatever is taken out makes the scheduler look.
        intake.try_send(Intake::Nudge).unwrap();
        let far_holders = holders.clone();
        let far = thread::spawn(move || far_holders.leave());
        run(&holders, &intake);
        far.join().unwrap();
    });
}

#[test]
fn a_handle_that_is_cloned_while_another_is_dropped_keeps_it_running() {
    model(|| {
        let (intake, holders) = held(1);
        holders.enter();
        let (far_holders, other_holders) = (holders.clone(), holders.clone());
        let far = thread::spawn(move || {
            far_holders.enter();
            far_holders.leave();
            assert!(!far_holders.are_none(), "the clone is there");
            far_holders.leave();
        });
        let other = thread::spawn(move || other_holders.leave());
        run(&holders, &intake);
        far.join().unwrap();
        other.join().unwrap();
    });
}
