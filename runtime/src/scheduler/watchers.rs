//! Watchers: components that wait for the running topology to change. The scheduler answers them at a safe point.

use super::request::{Ask, Request};

/// Requests for the topology that have not been answered.
#[derive(Default)]
pub(crate) struct Watchers {
    waiting: Vec<Request>,
}

impl Watchers {
    pub fn add(&mut self, request: Request) {
        self.waiting.push(request);
    }

    /// Whether any watcher has not seen this revision of the topology.
    pub fn has_news(&self, revision: u64) -> bool {
        self.waiting.iter().any(|request| matches!(request.ask, Ask::Topology { seen } if seen != revision))
    }

    /// Takes all requests, to answer them.
    pub fn take(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.waiting)
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::request::Reply;
    use super::*;
    use crate::delivery::wake_state::WakeState;
    use crate::ids::ComponentId;

    fn watcher(id: u64, seen: u64) -> Request {
        let owner = Rc::new(WakeState::new(ComponentId(id), 0));
        Request { owner, ask: Ask::Topology { seen }, reply: Reply::default() }
    }

    #[test]
    fn there_is_news_for_a_watcher_that_has_seen_another_revision() {
        let mut watchers = Watchers::default();
        assert!(!watchers.has_news(1), "there is no watcher");
        watchers.add(watcher(1, 5));
        assert!(!watchers.has_news(5) && watchers.has_news(6));
        watchers.add(watcher(2, 6));
        assert!(watchers.has_news(5) && watchers.has_news(6), "one of the two has not seen it");
    }

    #[test]
    fn all_requests_are_taken_once_in_the_order_in_which_they_came() {
        let mut watchers = Watchers::default();
        for id in [3, 1, 2] {
            watchers.add(watcher(id, 5));
        }
        let taken: Vec<u64> = watchers.take().iter().map(|request| request.owner.id.0).collect();
        assert_eq!((taken, watchers.is_empty(), watchers.has_news(6)), (vec![3, 1, 2], true, false));
    }
}
