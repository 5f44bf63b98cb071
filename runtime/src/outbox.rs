//! Outbox and Route: delivery along links that are resolved already, and what an onlooker sees of it.
//!
//! Owned by the components' cores, touched only on the scheduler thread. An outbox stores nothing (BOX-9). Not here:
//! storage (see `mailbox`), and who is linked to whom (see `postoffice`).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::box_name::BoxName;
use crate::boxes::Named;
use crate::ids::LinkageId;
use crate::introspect::snapshot::{DeliverySample, SAMPLES_PER_SNAPSHOT, TAP_LIMIT};
use crate::mailbox::{Admission, Inbox, Plain};
use crate::message::Message;
use crate::scheduler::kernel::Kernel;

/// One way out of an outbox: a chain of linkages that ends in a final inbox.
pub(crate) struct Route {
    /// The linkages of the chain, first to last.
    pub path: SmallVec<[LinkageId; 1]>,
    pub sink: Rc<Inbox>,
    pub delivered: Cell<u64>,
    /// Somebody looks at the next delivery: for the next snapshot, through a tap, or to trace it.
    watched: Cell<bool>,
    /// How many more deliveries to look at before the next snapshot.
    samples_left: Cell<u8>,
    tapped: Cell<bool>,
    /// Source and sink as a trace names them, if anybody traces.
    pub names: RefCell<Option<(Arc<str>, Arc<str>)>>,
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

    /// Takes the route out of the count of its sink's sources. Removing is not finishing.
    pub fn detach(&self) {
        if self.detached.replace(true) {
            return;
        }
        let count = if self.source_ended.get() { &self.sink.finished_sources } else { &self.sink.live_sources };
        count.set(count.get().saturating_sub(1));
    }

    /// The source has ended (true) or lives again (false).
    pub fn set_source_ended(&self, kernel: &Kernel, ended: bool) {
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
            kernel.wake(&self.sink.owner);
        }
    }

    fn note_watchers(&self) {
        self.watched.set(self.samples_left.get() > 0 || self.tapped.get() || self.names.borrow().is_some());
    }

    /// Begins a new interval of samples.
    pub fn renew_samples(&self) {
        self.samples.borrow_mut().clear();
        self.samples_left.set(SAMPLES_PER_SNAPSHOT as u8);
        self.note_watchers();
    }

    pub fn is_tapped(&self) -> bool {
        self.tapped.get()
    }

    /// Keeps the last messages, or stops doing so and forgets them.
    pub fn set_tapped(&self, tapped: bool) {
        self.tapped.set(tapped);
        if !tapped {
            self.tap.borrow_mut().clear();
        }
        self.note_watchers();
    }

    /// Traces every delivery from now on, under these names of source and sink.
    pub fn set_traced(&self, names: (Arc<str>, Arc<str>)) {
        *self.names.borrow_mut() = Some(names);
        self.note_watchers();
    }

    /// The common case of a delivery: nobody is looking, and there is room. Wakes nobody; else leaves the message.
    #[inline]
    pub fn deliver_plain(&self, message: &mut Option<Message>) -> Plain {
        if self.watched.get() {
            return Plain::No;
        }
        let plain = self.sink.accept_plain(message);
        if plain != Plain::No {
            self.delivered.set(self.delivered.get() + 1);
        }
        plain
    }

    /// Moves one admitted message into the sink, leaving a sample if somebody looks.
    pub fn deliver(&self, kernel: &Kernel, message: Message) {
        let delivered = self.delivered.get() + 1;
        self.delivered.set(delivered);
        if self.watched.get() {
            self.look(kernel, delivered, &message);
        }
        self.sink.accept(kernel, message, false);
    }

    #[cold]
    fn look(&self, kernel: &Kernel, sequence: u64, message: &Message) {
        kernel.trace(self, sequence, message);
        let sample = DeliverySample { sequence, at: kernel.now(), pass: kernel.pass.get(), message: message.clone() };
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
            self.note_watchers();
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

/// Where a component lets go of messages.
pub(crate) struct Outbox {
    pub name: BoxName,
    pub is_signal: bool,
    pub is_finished: Cell<bool>,
    routes: Routes,
    /// What was sent, but for what the only route, if there is one, counts itself; on and on, below zero as well.
    sent_beside: Cell<u64>,
    pub discarded: Cell<u64>,
}

impl Named for Outbox {
    /// The only route out of it.
    type Way = Route;

    fn name(&self) -> &BoxName {
        &self.name
    }

    fn way(&self) -> Option<Rc<Route>> {
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

    /// Other routes lead out of it.
    pub fn set_routes(&mut self, routes: Vec<Rc<Route>>) {
        let sent = self.sent();
        self.routes = routes.into();
        self.sent_beside.set(sent.wrapping_sub(self.sent_by_route()));
    }

    /// Messages sent, discarded ones among them.
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

    /// A message was sent and goes nowhere.
    pub fn discard(&self) {
        self.count_beside();
        self.discarded.set(self.discarded.get() + 1);
    }

    /// The inbox that has no room, or that fails, if there is one (R8: a fanned-out message waits until all have room).
    pub fn obstacle(&self) -> Option<(Rc<Inbox>, Admission)> {
        self.routes.iter().find_map(|route| match route.sink.admission() {
            Admission::Room => None,
            other => Some((route.sink.clone(), other)),
        })
    }

    /// Delivers to every link; all must have room. Without a link the message is discarded and counted (BOX-9).
    pub fn deliver(&self, kernel: &Kernel, message: Message) {
        match &*self.routes {
            [] => self.discard(),
            [only] => {
                kernel.count_delivery();
                only.deliver(kernel, message);
            }
            [rest @ .., last] => {
                kernel.count_delivery();
                self.count_beside();
                for route in rest {
                    route.deliver(kernel, message.clone());
                }
                last.deliver(kernel, message);
            }
        }
    }
}
