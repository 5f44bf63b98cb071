//! Route: one way from an outbox to a final inbox, and the samples that observers see of it.
//!
//! Owned by its outbox, touched only on the scheduler thread. Not here: which routes an outbox has (see `outbox`), and
//! which boxes are linked (see `postoffice`).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use smallvec::SmallVec;

use super::inbox::{FastDelivery, Inbox};
use super::run_queue::RunQueue;
use super::traffic::Traffic;
use crate::ids::LinkageId;
use crate::introspect::snapshot::{DeliverySample, SAMPLES_PER_SNAPSHOT, TAP_LIMIT};
use crate::message::Message;

/// One way out of an outbox: a chain of linkages that ends in a final inbox.
pub(crate) struct Route {
    /// The linkages of the chain, first to last.
    pub path: SmallVec<[LinkageId; 1]>,
    pub sink: Rc<Inbox>,
    pub delivered: Cell<u64>,
    /// The next delivery is sampled: for the next snapshot, for a tap, or for the trace.
    watched: Cell<bool>,
    /// How many more deliveries to sample before the next snapshot.
    samples_left: Cell<u8>,
    tapped: Cell<bool>,
    /// Names of source and sink for the trace; `None` when not tracing.
    names: RefCell<Option<(Arc<str>, Arc<str>)>>,
    pub samples: RefCell<Vec<DeliverySample>>,
    pub last: RefCell<Option<DeliverySample>>,
    pub tap: RefCell<VecDeque<DeliverySample>>,
    source_ended: Cell<bool>,
    detached: Cell<bool>,
}

impl Route {
    /// Makes a route and counts it among the sources of its sink. If the source has already ended, this may end the stream of
    /// the sink.
    pub fn attach(
        run_queue: &RunQueue,
        path: SmallVec<[LinkageId; 1]>,
        sink: Rc<Inbox>,
        source_ended: bool,
    ) -> Rc<Self> {
        let count = if source_ended { &sink.finished_sources } else { &sink.live_sources };
        count.set(count.get() + 1);
        sink.wake_at_end(run_queue);
        Rc::new(Self {
            path,
            sink,
            delivered: Cell::new(0),
            watched: Cell::new(true),
            samples_left: Cell::new(SAMPLES_PER_SNAPSHOT as u8),
            tapped: Cell::new(false),
            names: RefCell::new(None),
            samples: RefCell::new(Vec::new()),
            last: RefCell::new(None),
            tap: RefCell::new(VecDeque::new()),
            source_ended: Cell::new(source_ended),
            detached: Cell::new(false),
        })
    }

    /// Takes the route out of the count of its sink's sources. A removed route does not count as finished, but if all others
    /// have finished, its removal ends the stream of the sink.
    pub fn detach(&self, run_queue: &RunQueue) {
        if self.detached.replace(true) {
            return;
        }
        let count = if self.source_ended.get() { &self.sink.finished_sources } else { &self.sink.live_sources };
        count.set(count.get().saturating_sub(1));
        self.sink.wake_at_end(run_queue);
    }

    /// Notes that the source has ended (true) or started again (false).
    pub fn set_source_ended(&self, run_queue: &RunQueue, ended: bool) {
        if self.detached.get() || self.source_ended.replace(ended) == ended {
            return;
        }
        let (less, more) = if ended {
            (&self.sink.live_sources, &self.sink.finished_sources)
        } else {
            (&self.sink.finished_sources, &self.sink.live_sources)
        };
        less.set(less.get().saturating_sub(1));
        more.set(more.get() + 1);
        if ended {
            // Even if other sources continue: the owner may wait for the end of any of them.
            self.sink.wake_owner(run_queue);
        }
    }

    fn update_watched(&self) {
        self.watched.set(self.samples_left.get() > 0 || self.tapped.get() || self.names.borrow().is_some());
    }

    /// Begins a new interval of samples.
    pub fn renew_samples(&self) {
        self.samples.borrow_mut().clear();
        self.samples_left.set(SAMPLES_PER_SNAPSHOT as u8);
        self.update_watched();
    }

    pub fn is_tapped(&self) -> bool {
        self.tapped.get()
    }

    /// Starts keeping the last messages, or stops and discards them.
    pub fn set_tapped(&self, tapped: bool) {
        self.tapped.set(tapped);
        if !tapped {
            self.tap.borrow_mut().clear();
        }
        self.update_watched();
    }

    /// Traces every delivery from now on, under these names of source and sink.
    pub fn set_traced(&self, names: (Arc<str>, Arc<str>)) {
        *self.names.borrow_mut() = Some(names);
        self.update_watched();
    }

    /// The common case of a delivery: nothing is sampled and there is space. Otherwise leaves the message in `message`. Does
    /// not wake the receiver.
    #[inline]
    pub fn deliver_fast(&self, message: &mut Option<Message>) -> FastDelivery {
        if self.watched.get() {
            return FastDelivery::Refused;
        }
        let delivery = self.sink.accept_fast(message);
        if delivery != FastDelivery::Refused {
            self.delivered.set(self.delivered.get() + 1);
        }
        delivery
    }

    /// Moves one message into the sink, and samples it if needed. The message was admitted, or may exceed the limit on purpose.
    pub fn deliver(&self, run_queue: &RunQueue, traffic: &Traffic, message: Message, may_exceed: bool) {
        let delivered = self.delivered.get() + 1;
        self.delivered.set(delivered);
        if self.watched.get() {
            self.sample(traffic, delivered, &message);
        }
        self.sink.accept(run_queue, message, may_exceed);
    }

    #[cold]
    fn sample(&self, traffic: &Traffic, sequence: u64, message: &Message) {
        if let Some(names) = &*self.names.borrow() {
            traffic.trace(names, sequence, message);
        }
        let sample = DeliverySample { sequence, at: traffic.now(), pass: traffic.pass(), message: message.clone() };
        if self.tapped.get() {
            let mut tap = self.tap.borrow_mut();
            if tap.len() == TAP_LIMIT {
                tap.pop_front();
            }
            tap.push_back(sample.clone());
        }
        let left = self.samples_left.get();
        if left > 0 {
            self.samples_left.set(left - 1);
            self.samples.borrow_mut().push(sample.clone());
            *self.last.borrow_mut() = Some(sample);
            self.update_watched();
        }
    }
}
