//! Subscribe: asks a service for messages and passes them on.

use compose_runtime::dev::*;

use super::{find_service, service_name};

/// Description of Subscribe.
pub static SUBSCRIBE: ComponentSpec = ComponentSpec {
    type_name: "Subscribe",
    category: Category::Flow,
    summary: "Asks a service for messages and passes them on",
    docs: "Sends `[\"ADD\", request, address]` to the service for every entry of `requests`, and passes on the \
           messages that arrive. Without an entry it asks once, with an empty request. The address is the name of a \
           service that stands for this component's `inbox`; the provider looks it up and links to it. If the \
           service does not exist yet, the component waits for it.\n\n\
           When the component is asked to end, or the messages from the service end, it sends `[\"REMOVE\", request, \
           address]`, last request first, and ends.\n\n\
           Example: a PlugSplitter named `NEWS`, and a Subscribe to `NEWS` into a TextDisplayer.\n\n\
           Differs from the original: an address is a name, because a message cannot contain a component.",
    inboxes: &[BoxSpec::new("inbox", "Messages from the service")],
    outboxes: &[
        BoxSpec::new("outbox", "The same messages"),
        BoxSpec::new("_service", "To the service; the component links it itself"),
    ],
    params: &[
        ParamSpec::text("service", "", "Name of the service").required(),
        ParamSpec::list("requests", "What to ask for, as that service expects it"),
    ],
    meets: &[Meeting::seeks("service", "service")],
    build: build::<Subscribe>,
    ..ComponentSpec::EMPTY
};

struct Subscribe {
    service: String,
    requests: Vec<Message>,
}

impl Component for Subscribe {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let mut requests = params.list("requests");
        if requests.is_empty() {
            requests.push(Message::Nothing);
        }
        Ok(Self { service: service_name(&params.text("service"))?, requests })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // The name of a component need not be unique, so the address uses its identity.
        let address = format!("Subscribe_{}", io.id().0);
        io.register_inbox_service(&address, "inbox")?;
        let Some(service) = find_service(&io, &self.service).await else { return Ok(()) };
        io.link_to("_service", &service).await?;
        let order = |verb: &str, request: &Message| {
            Message::list([Message::text(verb), request.clone(), Message::text(&address)])
        };
        for request in &self.requests {
            io.send("_service", order("ADD", request)).await;
        }
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        if !io.is_shutting_down() {
            io.send("signal", Message::ProducerFinished).await;
        }
        for request in self.requests.iter().rev() {
            if io.is_shutting_down() {
                // After a stop, sending must not wait. A service whose inbox is full detects the end on its own.
                let _ = io.try_send("_service", order("REMOVE", request));
            } else {
                io.send("_service", order("REMOVE", request)).await;
            }
        }
        Ok(())
    }
}
