//! A bridge between two schedulers: each near end is the other's far end, and both of them sleep.
//!
//! The loops do what `Near` does with a peer: it marks the peer with every message, takes from the peer's room what it
//! has brought in, and ends the peer when it goes.

use loom::thread;

use crate::component::port_state::Shared;
use crate::model;
use crate::notify::{Notify, Receiver};
use crate::port::Queue;
use crate::ready_ports::ReadyPorts;
use crate::sync::{Arc, PoisonError};

/// How many messages are on their way at most.
const LIMIT: usize = 1;

/// How many are sent.
const MESSAGES: usize = 2;

const CUT_OFF: &str = "the other side ended in the middle of the stream";

/// One scheduler with its side of the bridge.
struct Side {
    notified: Receiver,
    own: Arc<Shared>,
    peer: Arc<Shared>,
    queue: Arc<Queue>,
}

fn bridge() -> (Side, Side) {
    let queue = Arc::new(Queue::default());
    let home = || {
        let (notify, notified) = Notify::new();
        let shared = Arc::new(Shared::new(Arc::new(ReadyPorts::new(notify))));
        shared.open(1);
        (notified, shared)
    };
    let ((out_notified, out), (in_notified, into)) = (home(), home());
    let outward = Side { notified: out_notified, own: out.clone(), peer: into.clone(), queue: queue.clone() };
    (outward, Side { notified: in_notified, own: into, peer: out, queue })
}

impl Side {
    /// Sends all, waiting for room; false if the other side has ended before.
    fn send_all(&self) -> bool {
        let mut room = LIMIT;
        for message in 1..=MESSAGES {
            while room == 0 {
                let (ended, taken) = self.own.look();
                if ended {
                    return false;
                }
                room += taken;
                if room == 0 && !self.own.want_room() {
                    self.notified.recv();
                }
            }
            room -= 1;
            self.queue.push(message);
            self.peer.mark();
        }
        true
    }

    /// Receives until the stream has ended, or so many; gives them.
    fn receive(&self, most: usize) -> Vec<usize> {
        let mut arrived = Vec::new();
        loop {
            let (ended, _) = self.own.look();
            let before = arrived.len();
            while arrived.len() < most
                && let Some(message) = self.queue.try_pop()
            {
                arrived.push(message);
            }
            if arrived.len() > before {
                self.peer.take(arrived.len() - before);
            }
            if ended || arrived.len() == most {
                return arrived;
            }
            self.notified.recv();
        }
    }

    /// The near end is dropped.
    fn drop_near(&self) {
        self.peer.end(Err(CUT_OFF));
    }
}

#[test]
fn everything_goes_over_and_the_end_comes_behind_it() {
    model(|| {
        let (outward, inward) = bridge();
        let far = thread::spawn(move || {
            assert!(outward.send_all(), "the other side takes everything");
            outward.peer.end(Ok(()));
            outward.drop_near();
        });
        assert_eq!(inward.receive(usize::MAX), [1, 2]);
        let outcome = inward.own.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        assert_eq!(outcome, Some(Ok(())), "the first end counts");
        far.join().unwrap();
    });
}

#[test]
fn one_that_waits_for_room_hears_that_the_other_side_has_gone() {
    model(|| {
        let (outward, inward) = bridge();
        let far = thread::spawn(move || {
            let arrived = inward.receive(0);
            inward.drop_near();
            arrived
        });
        assert!(!outward.send_all(), "there is room for one, and nobody makes more");
        assert_eq!(far.join().unwrap(), []);
    });
}
