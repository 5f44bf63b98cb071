//! PlugSplitter: copies its input to sinks that can be added and removed while it runs.
//!
//! A sink is a service of the tracker, because a message can contain the name of a service but not a component. Every
//! sink has its own hidden outbox, so removing one does not affect the others.

use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::stop_in_order;
use super::sinks::{Change, Sinks};
use super::{check_template, retire};

/// Description of PlugSplitter.
pub static PLUG_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "PlugSplitter",
    category: Category::Chassis,
    summary: "Copies its input to sinks that can be added and removed while it runs",
    docs: "\
Every message is sent on `outbox` and to every sink. Every message on `control` is sent on `signal` and to every sink \
that has a control service. A sink receives only messages processed after it was added; earlier messages are not kept. \
The policy of the sink's inbox decides what happens when it is full: with *block* the splitter waits; with *drop \
oldest* and *drop newest* it does not.

`configuration` accepts lists of text: `[\"addsink\", service]`, `[\"addsink\", service, control service]` and \
`[\"removesink\", service]`. A service is a name under which an inbox is registered, for example by Plug or \
RegisterService. `[\"ADD\", anything, service]` and `[\"REMOVE\", anything, service]`, which Subscribe sends, have the \
same effect. Adding a sink twice or removing an unknown sink has no effect. `configuration` itself is registered as \
the service `name`.

With `source`, the splitter runs an instance of that template in front of itself: the instance receives the messages \
of `inbox` and `control`, the splitter copies its output, and the splitter ends when the instance ends. Without \
`source`, the splitter ends when its input ends or when it is asked to end.

Example: a PlugSplitter named `NEWS` that receives text from a DataSource, and two Plugs with `splitter` *NEWS*.

**Differs from the original:** any outbox can be linked to several inboxes, so a splitter is only needed if sinks are \
added and removed; a sink is identified by a service; a full sink makes the splitter wait and does not cause an error.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to copy"),
        BoxSpec::new("configuration", "Requests to add or remove sinks").kinds(&[Kind::List]),
        BoxSpec::new("_source", "From the source; the splitter links it itself"),
    ],
    outboxes: &[BoxSpec::new("outbox", "A copy of every message")],
    params: &[
        ParamSpec::text("name", "SPLITTER", "Name of the service that leads to configuration"),
        ParamSpec::new(
            "source",
            ParamKind::Template,
            DefaultValue::Text(""),
            "Template to run in front of the splitter, if any",
        ),
    ],
    sends_first: SendsFirst::Yes,
    meets: &[Meeting::offers("service", "name")],
    build: build::<PlugSplitter>,
    ..ComponentSpec::EMPTY
};

struct PlugSplitter {
    name: String,
    source: String,
}

enum Event {
    Control(Message),
    Configured(Message),
    Message(Message),
    NoMore,
}

impl Component for PlugSplitter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let name = params.text("name").trim().to_owned();
        if name.is_empty() {
            return Err(ParamError::Other("name: enter a name for the splitter, for example NEWS".to_owned()));
        }
        Ok(Self { name, source: params.text("source") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.register_inbox_service(&self.name, "configuration").map_err(|_| {
            Fault::new(format!("there is already a service named {}; choose another name for this splitter", self.name))
        })?;
        let source = self.begin_source(&io).await?;
        let mut sinks = Sinks::default();
        loop {
            match next_event(&io, source.is_some()).await {
                Event::Configured(message) => match Change::of(&message) {
                    Some(change) => sinks.apply(&io, change).await,
                    None => io.note(&format!(
                        "configuration accepts [\"addsink\", service] or [\"removesink\", service], not {}",
                        message.label(60)
                    )),
                },
                Event::Message(message) => sinks.send(&io, &message).await,
                Event::Control(message) => match &source {
                    Some(child) => io.send_control(child.id, message).await,
                    // After these two, the splitter ends as soon as all messages have been copied.
                    None if matches!(message, Message::ProducerFinished | Message::Shutdown) => {}
                    None => {
                        io.send("signal", message.clone()).await;
                        sinks.notify(&io, &message);
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
        sinks.notify(&io, if io.is_shutting_down() { &Message::Shutdown } else { &Message::ProducerFinished });
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

/// Waits for the next event. Configuration is processed before data, so a new sink does not miss messages that arrive
/// at the same time.
async fn next_event(io: &BoxIo, has_source: bool) -> Event {
    let control = async {
        match io.recv("control").await {
            Some(message) => Event::Control(message),
            None => future::pending().await,
        }
    };
    let configured = async {
        match io.recv("configuration").await {
            Some(message) => Event::Configured(message),
            // A Plug may be added later.
            None => future::pending().await,
        }
    };
    let message = async {
        if has_source { from_source(io).await } else { io.recv("inbox").await.map_or(Event::NoMore, Event::Message) }
    };
    future::or(control, future::or(configured, message)).await
}

/// The next message from the source. The splitter ends when the source ends, even if the splitter itself was asked to
/// end (SPLIT-3).
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
        // Both a message and the end of a child wake the component. `recv` cannot be used here, because it no longer
        // waits after a request to finish.
        io.pause().await;
    }
}

#[cfg(test)]
mod tests;
