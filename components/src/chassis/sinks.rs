//! Sinks: the receivers of a PlugSplitter, each linked to its own hidden outbox.

use std::sync::Arc;

use compose_runtime::dev::*;

use crate::flow::send_all;

/// A request received on `configuration`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Add this service and, if given, the service for control messages.
    Add { sink: Arc<str>, control: Option<Arc<str>> },
    /// Remove this service.
    Remove { sink: Arc<str> },
}

impl Change {
    /// Parses a request; `None` if the message is not a valid request.
    pub fn of(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        let text = |index: usize| match items.get(index) {
            Some(Message::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        match (&*text(0)?, items.len()) {
            ("addsink", 2 | 3) => Some(Self::Add { sink: text(1)?, control: text(2) }),
            ("removesink", 2 | 3) => Some(Self::Remove { sink: text(1)? }),
            ("ADD", 3) => Some(Self::Add { sink: text(2)?, control: None }),
            ("REMOVE", 3) => Some(Self::Remove { sink: text(2)? }),
            _ => None,
        }
    }
}

/// One service that receives copies.
struct Sink {
    service: Arc<str>,
    data: Arc<str>,
    control: Option<Arc<str>>,
}

/// The sinks, in the order in which they were added.
#[derive(Default)]
pub struct Sinks {
    sinks: Vec<Sink>,
}

impl Sinks {
    /// Adds or removes a sink. If the sink cannot be added, reports it on the console and changes nothing.
    pub async fn apply(&mut self, io: &BoxIo, change: Change) {
        self.remove_ended(io).await;
        match change {
            Change::Add { sink, .. } if self.index_of(&sink).is_some() => {}
            Change::Add { sink, control } => {
                if let Err(fault) = self.add(io, &sink, control.as_ref()).await {
                    io.note(&format!("cannot add the sink {sink}: {fault}"));
                }
            }
            Change::Remove { sink } => {
                if let Some(index) = self.index_of(&sink) {
                    unplug(io, self.sinks.remove(index)).await;
                }
            }
        }
    }

    /// Copies a message to `outbox` and all sinks. Waits for full sinks whose policy is to block.
    pub async fn send(&self, io: &BoxIo, message: &Message) {
        let outboxes = self.sinks.iter().map(|sink| &*sink.data);
        send_all(io, outboxes.chain(["outbox"]), message).await;
    }

    /// Sends a control message to all sinks that have a control service, even while shutting down.
    pub fn notify(&self, io: &BoxIo, message: &Message) {
        for outbox in self.sinks.iter().filter_map(|sink| sink.control.as_deref()) {
            // A `control` inbox has no limit. Any other inbox misses the message if it is full.
            let _ = io.try_send(outbox, message.clone());
        }
    }

    fn index_of(&self, service: &str) -> Option<usize> {
        self.sinks.iter().position(|sink| &*sink.service == service)
    }

    async fn add(&mut self, io: &BoxIo, service: &Arc<str>, control: Option<&Arc<str>>) -> Outcome {
        // Look up both services before linking, so that either both are linked or neither is.
        let found = io.try_service(service)?;
        let control = control.map(|name| io.try_service(name)).transpose()?;
        let data = plug(io, "_sink", &found).await?;
        let control = match control {
            None => None,
            Some(found) => match plug(io, "_sink_control", &found).await {
                Ok(outbox) => Some(outbox),
                Err(fault) => {
                    // The outbox exists, because it was added above.
                    let _ = io.delete_outbox(&data).await;
                    return Err(fault);
                }
            },
        };
        self.sinks.push(Sink { service: service.clone(), data, control });
        Ok(())
    }

    /// Removes the sinks whose component has ended, which also ended the registration of the service.
    async fn remove_ended(&mut self, io: &BoxIo) {
        let (ended, running) =
            std::mem::take(&mut self.sinks).into_iter().partition(|sink| has_lost_its_service(io, sink));
        self.sinks = running;
        for sink in ended {
            unplug(io, sink).await;
        }
    }
}

fn has_lost_its_service(io: &BoxIo, sink: &Sink) -> bool {
    io.try_service(&sink.service).is_err()
}

/// Adds an outbox and links it to the service.
async fn plug(io: &BoxIo, prefix: &str, service: &Service) -> Result<Arc<str>, Fault> {
    let outbox = io.add_outbox(prefix);
    match io.link_to(&outbox, service).await {
        Ok(()) => Ok(outbox),
        Err(fault) => {
            // The outbox exists, because it was added above.
            let _ = io.delete_outbox(&outbox).await;
            Err(fault)
        }
    }
}

async fn unplug(io: &BoxIo, sink: Sink) {
    for outbox in std::iter::once(sink.data).chain(sink.control) {
        // The outbox exists, because it was added for this sink.
        let _ = io.delete_outbox(&outbox).await;
    }
}
