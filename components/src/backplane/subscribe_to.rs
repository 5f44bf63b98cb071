//! SubscribeTo: emits everything published on a named bus.

use compose_runtime::dev::*;

use super::{bus_name, outbox_service};

/// Description of SubscribeTo.
pub static SUBSCRIBE_TO: ComponentSpec = ComponentSpec {
    type_name: "SubscribeTo",
    category: Category::Flow,
    summary: "Emits everything published on a named bus",
    docs: "Waits for a Backplane with the name `source`, which may start later, and emits every message published from \
           then on. It ends when the bus ends.\n\n\
           Example: a SubscribeTo `CHAT` linked to a ConsoleEchoer shows every line published to `CHAT`.\n\n\
           Differs from the original: it has no inbox whose messages are mixed in with the published ones.",
    inboxes: &[BoxSpec::new("_bus", "From the bus; the component links it itself")],
    outboxes: &[BoxSpec::new("outbox", "Published messages")],
    params: &[ParamSpec::text("source", "BUS", "Name of the bus")],
    meets: &[Meeting::seeks("back-plane", "source")],
    build: build::<SubscribeTo>,
    ..ComponentSpec::EMPTY
};

struct SubscribeTo {
    source: String,
}

impl Component for SubscribeTo {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { source: bus_name("source", &params.text("source"))? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let Some(bus) = io.service(&outbox_service(&self.source)).await else { return Ok(()) };
        io.link_from(&bus, "_bus").await?;
        while let Some(message) = io.recv("_bus").await {
            io.send("outbox", message).await;
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
        for stop in [Rig::finish, Rig::shutdown] {
            let mut rig = Rig::new(&SUBSCRIBE_TO, &[]);
            rig.run_for(Duration::from_secs(5));
            assert!(matches!(rig.state(), State::Waiting(_)), "{:?}", rig.state());
            stop(&mut rig);
            rig.run_for(Duration::from_secs(5));
            assert_eq!(rig.state(), State::Finished);
        }
    }
}
