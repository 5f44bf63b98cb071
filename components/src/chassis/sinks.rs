//! Sinks: to whom a PlugSplitter copies, each behind a hidden outbox of its own.

use std::sync::Arc;

use compose_runtime::dev::*;

use crate::flow::send_all;

/// What `configuration` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Plug this service in, and the one for control messages, if there is one.
    Add { sink: Arc<str>, control: Option<Arc<str>> },
    /// Unplug this service.
    Remove { sink: Arc<str> },
}

impl Change {
    /// What a message asks for; `None` if it is not understood.
    pub fn of(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        let text = |place: usize| match items.get(place) {
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

/// One service that is plugged in.
struct Sink {
    service: Arc<str>,
    data: Arc<str>,
    control: Option<Arc<str>>,
}

/// The sinks, in the order in which they were plugged in.
#[derive(Default)]
pub struct Sinks {
    sinks: Vec<Sink>,
}

impl Sinks {
    /// Plugs in or out. What cannot be done is said on the console, and nothing changes.
    pub async fn apply(&mut self, io: &BoxIo, change: Change) {
        self.forget_ended(io).await;
        match change {
            Change::Add { sink, .. } if self.place_of(&sink).is_some() => {}
            Change::Add { sink, control } => {
                if let Err(fault) = self.add(io, &sink, control.as_ref()).await {
                    io.note(&format!("{sink} cannot be plugged in: {fault}"));
                }
            }
            Change::Remove { sink } => {
                if let Some(place) = self.place_of(&sink) {
                    unplug(io, self.sinks.remove(place)).await;
                }
            }
        }
    }

    /// Copies a message to `outbox` and all sinks; waits for those whose inboxes say so.
    pub async fn send(&self, io: &BoxIo, message: &Message) {
        let outboxes = self.sinks.iter().map(|sink| &*sink.data);
        send_all(io, outboxes.chain(["outbox"]), message).await;
    }

    /// Gives a control message to those who want it; also while shutting down.
    pub fn tell(&self, io: &BoxIo, message: &Message) {
        for outbox in self.sinks.iter().filter_map(|sink| sink.control.as_deref()) {
            // A `control` has no limit; another inbox that is full has to do without.
            let _ = io.try_send(outbox, message.clone());
        }
    }

    fn place_of(&self, service: &str) -> Option<usize> {
        self.sinks.iter().position(|sink| &*sink.service == service)
    }

    async fn add(&mut self, io: &BoxIo, service: &Arc<str>, control: Option<&Arc<str>>) -> Outcome {
        // Both are looked up before anything is linked, so that it is all or nothing.
        let found = io.try_service(service)?;
        let control = control.map(|name| io.try_service(name)).transpose()?;
        let data = plug(io, "_sink", &found).await?;
        let control = match control {
            None => None,
            Some(found) => match plug(io, "_sink_control", &found).await {
                Ok(outbox) => Some(outbox),
                Err(fault) => {
                    // It was added a moment ago.
                    let _ = io.delete_outbox(&data).await;
                    return Err(fault);
                }
            },
        };
        self.sinks.push(Sink { service: service.clone(), data, control });
        Ok(())
    }

    /// A service goes off the books with its component: such a sink is unplugged, whether or not it asked for it.
    async fn forget_ended(&mut self, io: &BoxIo) {
        let (ended, going) = std::mem::take(&mut self.sinks).into_iter().partition(|sink| is_off_the_books(io, sink));
        self.sinks = going;
        for sink in ended {
            unplug(io, sink).await;
        }
    }
}

fn is_off_the_books(io: &BoxIo, sink: &Sink) -> bool {
    io.try_service(&sink.service).is_err()
}

/// A new outbox, linked to the service.
async fn plug(io: &BoxIo, wished: &str, service: &Service) -> Result<Arc<str>, Fault> {
    let outbox = io.add_outbox(wished);
    match io.link_to(&outbox, service).await {
        Ok(()) => Ok(outbox),
        Err(fault) => {
            // It was added a moment ago.
            let _ = io.delete_outbox(&outbox).await;
            Err(fault)
        }
    }
}

async fn unplug(io: &BoxIo, sink: Sink) {
    for outbox in std::iter::once(sink.data).chain(sink.control) {
        // It exists: it was added for this sink.
        let _ = io.delete_outbox(&outbox).await;
    }
}
