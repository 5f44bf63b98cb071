//! Subscribe: asks a service for something, and gives out what that sends.

use compose_runtime::dev::*;

use super::{find_service, service_name};

/// Description of Subscribe.
pub static SUBSCRIBE: ComponentSpec = ComponentSpec {
    type_name: "Subscribe",
    category: Category::Flow,
    summary: "Asks a service to send it something, and gives that out",
    docs: "Sends `[\"ADD\", request, address]` to the service for every entry of `requests`, and gives out what arrives. The \
           address is the name of a service that stands for its own `inbox`: whoever offers something looks it up and links \
           to it. Without an entry it asks once, with an empty request. It waits for a service that starts later.\n\n\
           When it is told to end, or what it is sent ends, it sends `[\"REMOVE\", request, address]`, last request first, \
           and ends.\n\n\
           Example: a PlugSplitter named `NEWS`, and a Subscribe to `NEWS` into a TextDisplayer.\n\n\
           Differs from the original: an address is a name, because a component cannot travel in a message.",
    inboxes: &[BoxSpec::new("inbox", "What the service sends")],
    outboxes: &[
        BoxSpec::new("outbox", "What the service sends"),
        BoxSpec::new("_service", "To the service, linked by the component itself"),
    ],
    params: &[
        ParamSpec::text("service", "", "Name of the service").required(),
        ParamSpec::list("requests", "What to ask for, in the terms of that service"),
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
        // Not by the name of the component, which need not be unique.
        let address = format!("Subscribe_{}", io.id().0);
        io.register_inbox_service(&address, "inbox")?;
        let Some(service) = find_service(&io, &self.service).await else { return Ok(()) };
        io.link_to("_service", &service).await?;
        let order = |word: &str, request: &Message| {
            Message::list([Message::text(word), request.clone(), Message::text(&address)])
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
                // Nothing is sent any more by waiting; a service that is full finds out by itself.
                let _ = io.try_send("_service", order("REMOVE", request));
            } else {
                io.send("_service", order("REMOVE", request)).await;
            }
        }
        Ok(())
    }
}
