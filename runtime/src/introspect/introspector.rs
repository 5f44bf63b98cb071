//! Introspector: says what changes in the running topology, in the original's words (section 17 of the rules).
//!
//! [`Introspector`] is the pure part; [`INTROSPECTOR`] is the component, which reports its own scheduler, on change only.

use super::changes::{TopologyView, changes};
use super::wire::{CLEAR, change_set};
use crate::component::{BoxIo, BoxSpec, Category, Component, ComponentSpec, Fault, Outcome, build};
use crate::delivery::wake_state::EndRequest;
use crate::message::Kind;
use crate::params::{ParamError, Params};
use crate::scheduler::request::{Answer, Ask};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

/// Remembers what a viewer has been told.
#[derive(Debug, Clone, Default)]
pub struct Introspector {
    told: TopologyView,
}

impl Introspector {
    /// What to tell a viewer so that it sees `now`; `None` if it does already. A fresh viewer is told
    /// [`CLEAR`] before the first change set (INTRO-2).
    pub fn update(&mut self, now: &TopologyView) -> Option<String> {
        let text = change_set(&changes(&self.told, now));
        self.told = now.clone();
        (!text.is_empty()).then_some(text)
    }
}

/// Description of the Introspector.
pub static INTROSPECTOR: ComponentSpec = ComponentSpec {
    type_name: "Introspector",
    category: Category::Flow,
    summary: "Tells every change of the running components, boxes and links",
    docs: "Sends `DEL ALL` first, then one text of one or more lines for every change, in the format that the topology \
           viewers of the original read from a socket. It costs nothing while nothing changes. It ends when told to, or, \
           where nobody can change anything from outside, when nothing will change any more.\n\n\
           Example: link it to a TCPClient to show this system in an Axon visualiser elsewhere.\n\n\
           Differs from the original: it does not keep the system awake, and quotes and backslashes in names are escaped.",
    outboxes: &[BoxSpec::new("outbox", "Change sets, as lines of text").kinds(&[Kind::Text])],
    build: build::<Report>,
    ..ComponentSpec::EMPTY
};

struct Report;

impl Component for Report {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut teller = Introspector::default();
        let mut seen = 0;
        io.send("outbox", CLEAR).await;
        while let Some(now) = io.topology_after(&mut seen).await? {
            if let Some(text) = teller.update(&now) {
                io.send("outbox", text).await;
            }
        }
        Ok(())
    }
}

impl BoxIo {
    /// The topology of its own scheduler, once it may differ from the one of revision `seen` (0 at first), which is
    /// brought up to date; `None` when nothing will change any more, or this component was told to end.
    ///
    /// # Errors
    /// Nothing is refused.
    pub async fn topology_after(&self, seen: &mut u64) -> Result<Option<Arc<TopologyView>>, Fault> {
        let answer = {
            let mut ask = std::pin::pin!(self.ask(Ask::Topology { seen: *seen }));
            poll_fn(|context| {
                if self.core.end_request() != EndRequest::None {
                    return Poll::Ready(Ok(Answer::Over));
                }
                ask.as_mut().poll(context)
            })
            .await?
        };
        Ok(match answer {
            Answer::Topology(revision, view) => {
                *seen = revision;
                Some(view)
            }
            _ => None,
        })
    }
}
