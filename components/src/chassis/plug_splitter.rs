//! PlugSplitter: copies its input to sinks that are plugged in and out while it runs.
//!
//! A sink is a service of the tracker, because a service can travel inside a message and a component cannot. Every sink
//! has a hidden outbox of its own, so that unplugging one touches no other.

use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::stop_in_order;
use super::sinks::{Change, Sinks};
use super::{check_template, retire};

/// The description.
pub static PLUG_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "PlugSplitter",
    category: Category::Chassis,
    summary: "Copies its input to sinks that come and go while it runs",
    docs: "\
Every message goes out of `outbox` and to every sink; every message on `control` goes out of `signal` and to every sink that \
wants it. A sink gets what is handled after it was plugged in; nothing is kept for it. What becomes of messages for a sink \
that is full is the business of its inbox: with policy *block* the splitter waits, with *drop oldest* and *drop newest* \
nobody does.

`configuration` takes lists of text: `[\"addsink\", service]`, or `[\"addsink\", service, control service]`; and \
`[\"removesink\", service]`. The services are names under which inboxes are registered, as Plug and RegisterService do. \
`[\"ADD\", anything, service]` and `[\"REMOVE\", anything, service]`, which Subscribe sends, mean the same. Adding a sink \
twice, or removing one that is not there, has no effect. `configuration` itself is the service `name`.

With `source`, an instance of that template stands in front: it gets what arrives in `inbox` and on `control`, and what it \
sends is split. The splitter ends with it. Without, it ends with its input, or when it is told to.

Example: a splitter named `NEWS` fed by a Ticker's text, and two components Plug with `splitter` *NEWS*.

**Differs from the original:** any outbox may be linked to several inboxes here, so that a splitter is only needed where \
sinks come and go; a sink is named by a service; a full sink is waited for and ends nothing.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to copy"),
        BoxSpec::new("configuration", "Who becomes a sink, and who is one no longer").kinds(&[Kind::List]),
        BoxSpec::new("_source", "From the source, linked by the splitter itself"),
    ],
    outboxes: &[BoxSpec::new("outbox", "A copy of every message")],
    params: &[
        ParamSpec::text("name", "SPLITTER", "Name of the service behind which configuration stands"),
        ParamSpec::new("source", ParamKind::Template, DefaultValue::Text(""), "Template in front of it, if any"),
    ],
    speaks_first: SpeaksFirst::Yes,
    meets: &[Meeting::offers("service", "name")],
    build: build::<PlugSplitter>,
    ..ComponentSpec::EMPTY
};

struct PlugSplitter {
    name: String,
    source: String,
}

enum Event {
    Told(Message),
    Configured(Message),
    Message(Message),
    NoMore,
}

impl Component for PlugSplitter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let name = params.text("name").trim().to_owned();
        if name.is_empty() {
            return Err(ParamError::Other("name: give the splitter a name, for example NEWS".to_owned()));
        }
        Ok(Self { name, source: params.text("source") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.register_inbox_service(&self.name, "configuration").map_err(|_| {
            Fault::new(format!("there is already a service named {}; give this splitter another name", self.name))
        })?;
        let source = self.begin_source(&io).await?;
        let mut sinks = Sinks::default();
        loop {
            match next_event(&io, source.is_some()).await {
                Event::Configured(message) => match Change::of(&message) {
                    Some(change) => sinks.apply(&io, change).await,
                    None => io.note(&format!(
                        "configuration wants [\"addsink\", service] or [\"removesink\", service], not {}",
                        message.label(60)
                    )),
                },
                Event::Message(message) => sinks.send(&io, &message).await,
                Event::Told(message) => match &source {
                    Some(child) => io.tell(child.id, message).await,
                    // These two end it once everything is handed on.
                    None if matches!(message, Message::ProducerFinished | Message::Shutdown) => {}
                    None => {
                        io.send("signal", message.clone()).await;
                        sinks.tell(&io, &message);
                    }
                },
                Event::NoMore => break,
            }
        }
        if let Some(child) = &source {
            if io.is_shutting_down() {
                stop_in_order(&io, child).await;
            }
            retire(&io, child, false).await;
        }
        sinks.tell(&io, if io.is_shutting_down() { &Message::Shutdown } else { &Message::ProducerFinished });
        Ok(())
    }
}

impl PlugSplitter {
    async fn begin_source(&self, io: &BoxIo) -> Result<Option<Instance>, Fault> {
        if self.source.is_empty() {
            return Ok(None);
        }
        check_template(io, &self.source, &[])?;
        let mut new = io.new_instance(&self.source, &[].into())?;
        new.link(new.own(Direction::Inbox, "inbox"), new.inbox("inbox"));
        new.link(new.outbox("outbox"), new.own(Direction::Inbox, "_source"));
        let (child, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
        Ok(Some(child))
    }
}

/// What happens next. Configuration comes before data, so that a sink misses nothing that came with it.
async fn next_event(io: &BoxIo, has_source: bool) -> Event {
    let told = async {
        match io.recv("control").await {
            Some(message) => Event::Told(message),
            None => future::pending().await,
        }
    };
    let configured = async {
        match io.recv("configuration").await {
            Some(message) => Event::Configured(message),
            // Whoever plugs may come later.
            None => future::pending().await,
        }
    };
    let message = async {
        if has_source { from_source(io).await } else { io.recv("inbox").await.map_or(Event::NoMore, Event::Message) }
    };
    future::or(told, future::or(configured, message)).await
}

/// What the source sends; its end is that of the splitter, whatever the splitter itself was told (SPLIT-3).
async fn from_source(io: &BoxIo) -> Event {
    loop {
        if io.is_shutting_down() {
            return Event::NoMore;
        }
        if let Some(message) = io.try_recv("_source") {
            return Event::Message(message);
        }
        let has_ended = io.children().into_iter().all(|child| io.child_outcome(child).is_some());
        if has_ended {
            return Event::NoMore;
        }
        // A message and the end of a child both wake it; after a finish, receiving would no longer wait.
        io.pause().await;
    }
}

#[cfg(test)]
#[path = "plug_tests.rs"]
mod tests;
