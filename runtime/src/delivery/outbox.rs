//! Outbox: sends a component's messages along resolved routes.
//!
//! Owned by its component, touched only on the scheduler thread. An outbox stores nothing (BOX-9), except copies for an
//! inbox that it reaches by more paths than the inbox has space (see `fan`). Not here: storage (see `inbox`), and which
//! boxes are linked (see `postoffice`).

use std::cell::Cell;
use std::ops::Deref;
use std::rc::Rc;
use std::slice;

use super::box_name::BoxName;
use super::boxes::Named;
use super::fan::Fan;
use super::inbox::{Admission, Inbox};
use super::route::Route;
use super::run_queue::RunQueue;
use super::traffic::Traffic;
use crate::message::Message;

/// The routes out of one outbox: nearly always one.
#[derive(Default)]
pub(crate) enum Routes {
    #[default]
    None,
    One(Rc<Route>),
    Many(Box<Fan>),
}

impl Deref for Routes {
    type Target = [Rc<Route>];

    fn deref(&self) -> &[Rc<Route>] {
        match self {
            Self::None => &[],
            Self::One(route) => slice::from_ref(route),
            Self::Many(fan) => fan.routes(),
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
                Self::Many(Box::new(Fan::new(routes)))
            }
        }
    }
}

/// Sends a component's messages.
pub(crate) struct Outbox {
    pub name: BoxName,
    pub is_signal: bool,
    /// Its stream has ended: receivers linked later also see the end.
    pub is_finished: Cell<bool>,
    routes: Routes,
    /// Messages sent, less those counted by the only route, if there is exactly one; wraps below zero.
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

    /// Replaces the routes out of it. A copy that waits for space is delivered beyond the limit: on its route if that stays,
    /// otherwise on the new route that begins with the same linkage. Without one, it goes with its linkage.
    pub fn set_routes(&mut self, run_queue: &RunQueue, traffic: &Traffic, routes: Vec<Rc<Route>>) {
        let sent = self.sent();
        self.deliver_rest(run_queue, traffic, |old| {
            let is_same = |new: &&Rc<Route>| Rc::ptr_eq(new, old);
            let begins_alike = |new: &&Rc<Route>| new.path.first() == old.path.first();
            routes.iter().find(is_same).or_else(|| routes.iter().find(begins_alike)).cloned()
        });
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
        if let Routes::Many(fan) = &self.routes {
            return fan.obstacle();
        }
        self.routes.iter().find_map(|route| match route.sink.admission() {
            Admission::Accepted => None,
            other => Some((route.sink.clone(), other)),
        })
    }

    /// Delivers the copies of the last message that wait for space, as far as there is space. Returns the inbox that the next
    /// copy is waiting for, if any copy is left.
    pub fn continue_delivery(&self, run_queue: &RunQueue, traffic: &Traffic) -> Option<Rc<Inbox>> {
        match &self.routes {
            Routes::Many(fan) => fan.continue_delivery(run_queue, traffic),
            Routes::None | Routes::One(_) => None,
        }
    }

    /// Whether copies of the last message wait for space.
    pub fn has_rest(&self) -> bool {
        matches!(&self.routes, Routes::Many(fan) if fan.has_rest())
    }

    /// Delivers the copies that wait for space beyond the limit, because no later send will, each on the route that `now`
    /// gives for its old one.
    pub fn deliver_rest(&self, run_queue: &RunQueue, traffic: &Traffic, now: impl Fn(&Rc<Route>) -> Option<Rc<Route>>) {
        if let Routes::Many(fan) = &self.routes {
            fan.deliver_rest(run_queue, traffic, now);
        }
    }

    /// Delivers along every link; there must be no obstacle. Without a link the message is discarded and counted (BOX-9).
    /// Copies may be left that wait for space (see `fan`).
    pub fn deliver(&self, run_queue: &RunQueue, traffic: &Traffic, message: Message) {
        match &self.routes {
            Routes::None => self.discard(),
            Routes::One(only) => {
                traffic.count();
                only.deliver(run_queue, traffic, message, false);
            }
            Routes::Many(fan) => {
                traffic.count();
                self.count_beside();
                fan.deliver(run_queue, traffic, message);
            }
        }
    }
}
