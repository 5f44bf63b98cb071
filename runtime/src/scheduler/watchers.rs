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
