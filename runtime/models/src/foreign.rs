//! A future that the runtime does not know stirs on another thread: its component is polled after that, always.

use loom::thread;

use crate::model;
use crate::scheduler::intake::{Entrance, Intake};
use crate::scheduler::stir::Stir;
use crate::sync::{Arc, AtomicUsize, Ordering};

/// A scheduler that looks at `stir` as the runtime's does: before it sleeps, and whenever something has come in.
fn look_until(stir: &Stir, intake: &Entrance, mut is_done: impl FnMut() -> bool) {
    loop {
        if stir.take() && is_done() {
            return;
        }
        if !stir.is_stirred() {
            intake.recv();
        }
    }
}

#[test]
fn no_stir_is_lost() {
    model(|| {
        let intake = Entrance::new(1);
        let stir = Arc::new(Stir::new(intake.clone()));
        let done = Arc::new(AtomicUsize::new(0));
        let (far_stir, far_done) = (stir.clone(), done.clone());
        let far = thread::spawn(move || {
            for _ in 0..2 {
                far_done.fetch_add(1, Ordering::Relaxed);
                far_stir.stir();
            }
        });
        look_until(&stir, &intake, || done.load(Ordering::Relaxed) == 2);
        far.join().unwrap();
    });
}

#[test]
fn a_full_queue_loses_none_either() {
    model(|| {
        let intake = Entrance::new(1);
        // Somebody else's message: whatever is taken out makes the scheduler look.
        intake.try_send(Intake::Nudge).unwrap();
        let stir = Arc::new(Stir::new(intake.clone()));
        let done = Arc::new(AtomicUsize::new(0));
        let far: Vec<_> = (0..2)
            .map(|_| {
                let (stir, done) = (stir.clone(), done.clone());
                thread::spawn(move || {
                    done.fetch_add(1, Ordering::Relaxed);
                    stir.stir();
                })
            })
            .collect();
        look_until(&stir, &intake, || done.load(Ordering::Relaxed) == 2);
        for thread in far {
            thread.join().unwrap();
        }
    });
}
