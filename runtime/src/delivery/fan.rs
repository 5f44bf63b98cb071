//! Fan: the routes of an outbox that has several.
//!
//! A message waits until every inbox has space for it (R8). If several routes lead to the same inbox, it needs space
//! for as many copies. An inbox with a smaller limit gets one copy at a time: the send delivers the copies that fit and
//! waits to deliver the rest, so that the limit holds (BOX-12).

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::inbox::{Admission, Inbox};
use super::route::Route;
use super::run_queue::RunQueue;
use super::traffic::Traffic;
use crate::message::Message;

/// The routes of an outbox that has several.
pub(crate) struct Fan {
    routes: Vec<Rc<Route>>,
    /// For each route, how many routes lead to its inbox. Empty if every route leads to another inbox.
    copies: Vec<usize>,
    /// Copies of the last message that wait for space, in order.
    rest: RefCell<VecDeque<(Rc<Route>, Message)>>,
}

impl Fan {
    pub fn new(routes: Vec<Rc<Route>>) -> Self {
        let mut count: BTreeMap<*const Inbox, usize> = BTreeMap::new();
        for route in &routes {
            *count.entry(Rc::as_ptr(&route.sink)).or_default() += 1;
        }
        let copies = if count.len() == routes.len() {
            Vec::new()
        } else {
            routes.iter().map(|route| count.get(&Rc::as_ptr(&route.sink)).copied().unwrap_or(1)).collect()
        };
        Self { routes, copies, rest: RefCell::default() }
    }

    pub fn routes(&self) -> &[Rc<Route>] {
        &self.routes
    }

    /// The first inbox that does not accept all its copies now, if any. An inbox with a smaller limit must be empty.
    pub fn obstacle(&self) -> Option<(Rc<Inbox>, Admission)> {
        let needed = self.copies.iter().copied().chain(std::iter::repeat(1));
        let waiting = self.rest.borrow().front().map(|(route, _)| route.clone());
        waiting.iter().zip(std::iter::repeat(1)).chain(self.routes.iter().zip(needed)).find_map(|(route, needed)| {
            match route.sink.admission_of(needed) {
                Admission::Accepted => None,
                other => Some((route.sink.clone(), other)),
            }
        })
    }

    /// Delivers one message along all routes, as far as there is space. Unless several routes lead to one inbox, there
    /// is space.
    pub fn deliver(&self, run_queue: &RunQueue, traffic: &Traffic, message: Message) {
        if !self.copies.is_empty() {
            self.rest.borrow_mut().extend(self.routes.iter().map(|route| (route.clone(), message.clone())));
            self.continue_delivery(run_queue, traffic);
        } else if let [others @ .., last] = self.routes.as_slice() {
            for route in others {
                route.deliver(run_queue, traffic, message.clone(), false);
            }
            last.deliver(run_queue, traffic, message, false);
        }
    }

    pub fn has_rest(&self) -> bool {
        !self.rest.borrow().is_empty()
    }

    /// Delivers the copies that wait, as far as there is space. Returns the inbox for whose space the first one waits.
    pub fn continue_delivery(&self, run_queue: &RunQueue, traffic: &Traffic) -> Option<Rc<Inbox>> {
        if !self.has_rest() {
            return None;
        }
        let (mut full, mut kept) = (None, VecDeque::new());
        for (route, message) in self.rest.take() {
            if route.sink.admission() == Admission::Accepted {
                route.deliver(run_queue, traffic, message, false);
            } else {
                full = full.or_else(|| Some(route.sink.clone()));
                kept.push_back((route, message));
            }
        }
        self.rest.replace(kept);
        full
    }

    /// Delivers the copies that wait beyond the limit, each on the route that `now` gives for its old one.
    pub fn deliver_rest(&self, run_queue: &RunQueue, traffic: &Traffic, now: impl Fn(&Rc<Route>) -> Option<Rc<Route>>) {
        for (route, message) in self.rest.take() {
            if let Some(route) = now(&route) {
                route.deliver(run_queue, traffic, message, true);
            }
        }
    }
}
