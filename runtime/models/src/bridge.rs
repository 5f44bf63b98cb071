//! A bridge between two schedulers: each near end is the far end of the other, and both schedulers may sleep.
//!
//! The loops behave as `Near` does with a peer: it marks the peer for each message it sends, reports the messages it
//! has taken, and ends the peer when it is dropped.

use loom::thread;

use crate::component::fault::Fault;
use crate::component::port_state::Shared;
use crate::model;
use crate::notify::{Notify, Receiver};
use crate::port::Queue;
use crate::ready_ports::ReadyPorts;
use crate::sync::Arc;

/// Largest number of messages in the queue.
const LIMIT: usize = 1;

/// Number of messages sent.
const MESSAGES: usize = 2;

const CUT_OFF: Fault = Fault("the other side ended in the middle of the stream");

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
        let shared = Arc::new(Shared::new(Arc::new(ReadyPorts::new(notify)), true));
        shared.open(1);
        (notified, shared)
    };
    let ((out_notified, out), (in_notified, into)) = (home(), home());
    let outward = Side { notified: out_notified, own: out.clone(), peer: into.clone(), queue: queue.clone() };
    (outward, Side { notified: in_notified, own: into, peer: out, queue })
}

impl Side {
    /// Sends all messages, waiting for space; false if the other side ends before that.
    fn send_all(&self) -> bool {
        let mut space = LIMIT;
        for message in 1..=MESSAGES {
            while space == 0 {
                let (ended, taken) = self.own.look();
                if ended {
                    return false;
                }
                space += taken;
                if space == 0 && !self.own.want_space() {
                    self.notified.recv();
                }
            }
            space -= 1;
            self.queue.push(message);
            self.peer.mark();
        }
        true
    }

    /// Receives until the stream has ended, at most `most` messages, and returns them.
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

    /// Drops the near end.
    fn drop_near(&self) {
        self.peer.end(Err(CUT_OFF));
    }
}

#[test]
fn all_messages_arrive_before_the_end() {
    model(|| {
        let (outward, inward) = bridge();
        let far = thread::spawn(move || {
            assert!(outward.send_all(), "the other side takes everything");
            outward.peer.end(Ok(()));
            outward.drop_near();
        });
        assert_eq!(inward.receive(usize::MAX), [1, 2]);
        let outcome = inward.own.take_outcome();
        assert_eq!(outcome, Some(Ok(())), "the first end counts");
        far.join().unwrap();
    });
}

#[test]
fn a_sender_that_waits_for_space_is_woken_when_the_other_side_ends() {
    model(|| {
        let (outward, inward) = bridge();
        let far = thread::spawn(move || {
            let arrived = inward.receive(0);
            inward.drop_near();
            arrived
        });
        assert!(!outward.send_all(), "there is space for one message only, and none is taken");
        assert_eq!(far.join().unwrap(), []);
    });
}
