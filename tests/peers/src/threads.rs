//! The chain built from threads and bounded crossbeam channels.

use std::thread;
use std::time::Instant;

use crossbeam::channel::bounded;

use crate::chain::{CAPACITY, STAGES};

/// Sends `count` integers through the chain. Returns the seconds it took.
pub fn pipeline(count: u64) -> f64 {
    let begun = Instant::now();
    let (first, mut previous) = bounded::<i64>(CAPACITY);
    let mut workers = vec![spawn(move || (0..count).all(|number| first.send(number.cast_signed()).is_ok()))];
    for _ in 0..STAGES - 2 {
        let (sender, receiver) = bounded::<i64>(CAPACITY);
        let input = std::mem::replace(&mut previous, receiver);
        workers.push(spawn(move || input.iter().all(|number| sender.send(number).is_ok())));
    }
    assert_eq!(previous.iter().count() as u64, count, "no message is lost");
    assert!(workers.into_iter().all(|worker| worker.join().unwrap()), "every message was sent");
    begun.elapsed().as_secs_f64()
}

/// Starts a thread whose result shows whether all messages were sent.
pub fn spawn(work: impl FnOnce() -> bool + Send + 'static) -> thread::JoinHandle<bool> {
    thread::Builder::new().name("bench-stage".to_owned()).spawn(work).expect("a thread starts")
}
