//! Introspector: reports changes of the running topology in the format of the original (section 17 of the rules).
//!
//! [`Introspector`] is the pure part. [`INTROSPECTOR`] is the component; it reports the topology of its own scheduler,
//! whenever it changes.

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

/// The topology last reported to a viewer.
#[derive(Debug, Clone, Default)]
pub struct Introspector {
    known: TopologyView,
}

impl Introspector {
    /// The text that updates a viewer to `now`; `None` if the viewer is up to date. A new viewer must get [`CLEAR`]
    /// before the first change set (INTRO-2).
    pub fn update(&mut self, now: &TopologyView) -> Option<String> {
        let text = change_set(&changes(&self.known, now));
        self.known = now.clone();
        (!text.is_empty()).then_some(text)
    }
}

/// Description of the Introspector.
pub static INTROSPECTOR: ComponentSpec = ComponentSpec {
    type_name: "Introspector",
    category: Category::Flow,
    summary: "Reports every change of the running components, boxes and links",
    docs: "Sends `DEL ALL` first, then one text of one or more lines for each change, in the format that the topology \
           viewers of the original read from a socket. While nothing changes, it uses no processor time. It runs until \
           it is stopped. In a run that cannot be changed from outside, it ends when no further change is possible.\n\n\
           Example: link it to a TCPClient to show this system in an Axon visualiser on another machine.\n\n\
           Differs from the original: it does not keep the system awake, and it escapes quotes and backslashes in \
           names.",
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
        let mut introspector = Introspector::default();
        let mut seen = 0;
        io.send("outbox", CLEAR).await;
        while let Some(now) = io.topology_after(&mut seen).await? {
            if let Some(text) = introspector.update(&now) {
                io.send("outbox", text).await;
            }
        }
        Ok(())
    }
}

impl BoxIo {
    /// Waits until the topology of this scheduler may differ from revision `seen` (initially 0), updates `seen` and
    /// returns the topology. `None` if no further change is possible, or if this component was asked to end.
    ///
    /// # Errors
    /// None at present.
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
            Answer::Done | Answer::Started(_) | Answer::Faults(_) | Answer::Over => None,
        })
    }
}
