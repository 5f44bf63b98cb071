//! Outbox and Route: delivery along resolved links, and the samples that observers see of it.
//!
//! Owned by its component, touched only on the scheduler thread. An outbox stores nothing (BOX-9). Not here: storage (see
//! `inbox`), and who is linked to whom (see `postoffice`).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

use smallvec::SmallVec;

use super::box_name::BoxName;
use super::boxes::Named;
use super::inbox::{Admission, FastDelivery, Inbox};
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
    /// Makes a route and counts it among the sources of its sink.
    pub fn attach(path: SmallVec<[LinkageId; 1]>, sink: Rc<Inbox>, source_ended: bool) -> Rc<Self> {
        let count = if source_ended { &sink.finished_sources } else { &sink.live_sources };
        count.set(count.get() + 1);
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

    /// Takes the route out of the count of its sink's sources. A removed route does not count as finished.
    pub fn detach(&self) {
        if self.detached.replace(true) {
            return;
        }
        let count = if self.source_ended.get() { &self.sink.finished_sources } else { &self.sink.live_sources };
        count.set(count.get().saturating_sub(1));
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
        if ended && self.sink.owner.waits.get() & self.sink.wake_bit != 0 {
            run_queue.wake(&self.sink.owner);
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

    /// Starts to keep the last messages, or stops and forgets them.
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

    /// Moves one admitted message into the sink, and samples it if needed.
    pub fn deliver(&self, run_queue: &RunQueue, traffic: &Traffic, message: Message) {
        let delivered = self.delivered.get() + 1;
        self.delivered.set(delivered);
        if self.watched.get() {
            self.sample(traffic, delivered, &message);
        }
        self.sink.accept(run_queue, message, false);
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

/// The routes out of one outbox: nearly always one.
#[derive(Default)]
pub(crate) enum Routes {
    #[default]
    None,
    One(Rc<Route>),
    #[allow(clippy::box_collection)] // One pointer and not three words, in every outbox.
    Many(Box<Vec<Rc<Route>>>),
}

impl Deref for Routes {
    type Target = [Rc<Route>];

    fn deref(&self) -> &[Rc<Route>] {
        match self {
            Self::None => &[],
            Self::One(route) => slice::from_ref(route),
            Self::Many(routes) => routes,
        }
    }
}

impl From<Vec<Rc<Route>>> for Routes {
    fn from(mut routes: Vec<Rc<Route>>) -> Self {
        match (routes.len(), routes.pop()) {
            (_, None) => Self::None,
            (1, Some(route)) => Self::One(route),
            (_, Some(last)) => {
                routes.push(last);
                Self::Many(Box::new(routes))
            }
        }
    }
}

/// Where a component sends messages from.
pub(crate) struct Outbox {
    pub name: BoxName,
    pub is_signal: bool,
    pub is_finished: Cell<bool>,
    routes: Routes,
    /// Messages sent, less those that the only route counts, if there is exactly one; wraps below zero.
    sent_beside: Cell<u64>,
    pub discarded: Cell<u64>,
}

impl Named for Outbox {
    type Direct = Route;

    fn name(&self) -> &BoxName {
        &self.name
    }

    fn direct(&self) -> Option<Rc<Route>> {
        match &self.routes {
            Routes::One(route) if !self.is_signal => Some(route.clone()),
            _ => None,
        }
    }
}

impl Outbox {
    pub fn new(name: BoxName) -> Self {
        Self {
            is_signal: &*name == "signal",
            name,
            is_finished: Cell::new(false),
            routes: Routes::None,
            sent_beside: Cell::new(0),
            discarded: Cell::new(0),
        }
    }

    /// The routes out of it.
    pub fn routes(&self) -> &[Rc<Route>] {
        &self.routes
    }

    /// Replaces the routes out of it.
    pub fn set_routes(&mut self, routes: Vec<Rc<Route>>) {
        let sent = self.sent();
        self.routes = routes.into();
        self.sent_beside.set(sent.wrapping_sub(self.sent_by_route()));
    }

    /// Messages sent, including discarded ones.
    pub fn sent(&self) -> u64 {
        self.sent_beside.get().wrapping_add(self.sent_by_route())
    }

    fn sent_by_route(&self) -> u64 {
        match &self.routes {
            Routes::One(route) => route.delivered.get(),
            Routes::None | Routes::Many(_) => 0,
        }
    }

    fn count_beside(&self) {
        self.sent_beside.set(self.sent_beside.get().wrapping_add(1));
    }

    /// Counts a message that was sent without a link.
    pub fn discard(&self) {
        self.count_beside();
        self.discarded.set(self.discarded.get() + 1);
    }

    /// The first inbox that does not accept a message now, if any (R8: a fanned-out message waits until all accept it).
    pub fn obstacle(&self) -> Option<(Rc<Inbox>, Admission)> {
        self.routes.iter().find_map(|route| match route.sink.admission() {
            Admission::Accepted => None,
            other => Some((route.sink.clone(), other)),
        })
    }

    /// Delivers along every link; all sinks must accept. Without a link the message is discarded and counted (BOX-9).
    pub fn deliver(&self, run_queue: &RunQueue, traffic: &Traffic, message: Message) {
        match &*self.routes {
            [] => self.discard(),
            [only] => {
                traffic.count();
                only.deliver(run_queue, traffic, message);
            }
            [rest @ .., last] => {
                traffic.count();
                self.count_beside();
                for route in rest {
                    route.deliver(run_queue, traffic, message.clone());
                }
                last.deliver(run_queue, traffic, message);
            }
        }
    }
}
