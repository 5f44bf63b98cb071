//! PublishTo: publishes its input on a named bus.

use compose_runtime::dev::*;

use super::{bus_name, inbox_service};
use crate::flow::send_all;

/// Description of PublishTo.
pub static PUBLISH_TO: ComponentSpec = ComponentSpec {
    type_name: "PublishTo",
    category: Category::Flow,
    summary: "Publishes its input on a named bus",
    docs: "Waits for a Backplane with the name `destination`, which may start later, and then publishes all its input \
           to it. With `forwarder`, it also sends a copy to its own `outbox`. When it ends, the bus and the other \
           publishers continue.\n\n\
           Example: a ConsoleReader linked to a PublishTo `CHAT` sends every line to all subscribers of `CHAT`.",
    inboxes: &[BoxSpec::new("inbox", "Messages to publish")],
    outboxes: &[
        BoxSpec::new("outbox", "A copy of each message, if forwarder is on"),
        BoxSpec::new("_bus", "To the bus; the component links it itself"),
    ],
    params: &[
        ParamSpec::text("destination", "BUS", "Name of the bus"),
        ParamSpec::switch("forwarder", false, "Also send a copy to outbox"),
    ],
    meets: &[Meeting::seeks("back-plane", "destination")],
    build: build::<PublishTo>,
    ..ComponentSpec::EMPTY
};

struct PublishTo {
    destination: String,
    forwarder: bool,
}

impl Component for PublishTo {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let destination = bus_name("destination", &params.text("destination"))?;
        Ok(Self { destination, forwarder: params.switch("forwarder") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let service = inbox_service(&self.destination);
        let mut bus = io.service(&service).await;
        if bus.is_none() && !io.is_shutting_down() {
            // The component was asked to finish before its first turn. The bus may take its own first turn later in
            // this pass.
            io.yield_now().await;
            bus = io.service(&service).await;
        }
        let Some(bus) = bus else {
            return match io.depth("inbox") {
                0 => Ok(()),
                _ if io.is_shutting_down() => Ok(()),
                lost => Err(Fault::new(format!(
                    "{lost} messages could not be published: there is no Backplane named {}; add one or change \
                     destination",
                    self.destination
                ))),
            };
        };
        io.link_to("_bus", &bus).await?;
        while let Some(message) = io.recv("inbox").await {
            if self.forwarder {
                send_all(&io, ["_bus", "outbox"], &message).await;
            } else {
                io.send("_bus", message).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn without_a_bus_it_waits_and_can_be_stopped() {
        let mut rig = Rig::new(&PUBLISH_TO, &[]);
        rig.put("inbox", "a");
        rig.run_for(Duration::from_secs(5));
        assert!(matches!(rig.state(), State::Waiting(_)), "{:?}", rig.state());
        rig.shutdown();
        rig.run_for(Duration::from_secs(5));
        assert_eq!(rig.state(), State::Finished);
    }
}
