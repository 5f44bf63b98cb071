//! Backplane: a named bus. Every message published under the name reaches every subscriber of that name.

use compose_runtime::dev::*;

use super::{bus_name, inbox_service, outbox_service};

/// Description of Backplane.
pub static BACKPLANE: ComponentSpec = ComponentSpec {
    type_name: "Backplane",
    category: Category::Flow,
    summary: "A named bus that delivers every published message to all subscribers",
    docs: "PublishTo and SubscribeTo find the bus by its name, regardless of their position in the project and of the \
           order in which components start. The bus can also be linked directly: every message received on `inbox` is \
           sent on `outbox`. Messages are not kept for later subscribers. A slow subscriber slows down the bus and \
           therefore the publishers.\n\n\
           A second bus with the same name is an error. When all its publishers have ended, the bus ends, and so do \
           its subscribers. With `keep_open`, it waits for new publishers instead.\n\n\
           Example: a ToneSource linked to a PublishTo `RADIO`, a Backplane `RADIO`, and a SubscribeTo `RADIO` linked \
           to an Output.\n\n\
           Differs from the original: it has an inbox and an outbox, and it ends with its publishers unless it is kept \
           open.",
    inboxes: &[BoxSpec::new("inbox", "Messages to publish")],
    outboxes: &[
        BoxSpec::new("outbox", "Every published message"),
        BoxSpec::new("_open", "Keeps the inbox open; the bus links it itself"),
    ],
    params: &[
        ParamSpec::text("name", "BUS", "Name of the bus, as used by publishers and subscribers"),
        ParamSpec::switch("keep_open", false, "Keep running after all publishers have ended, and wait for new ones"),
    ],
    meets: &[Meeting::offers("back-plane", "name")],
    build: build::<Backplane>,
    ..ComponentSpec::EMPTY
};

struct Backplane {
    name: String,
    keep_open: bool,
}

impl Component for Backplane {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { name: bus_name("name", &params.text("name"))?, keep_open: params.switch("keep_open") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let inbox = inbox_service(&self.name);
        let taken = |_| Fault::new(format!("there is already a Backplane named {}; choose another name", self.name));
        io.register_inbox_service(&inbox, "inbox").map_err(taken)?;
        io.register_outbox_service(&outbox_service(&self.name), "outbox").map_err(taken)?;
        if self.keep_open {
            // This link to the inbox lasts as long as the bus, so the stream does not end when the last publisher ends.
            if let Some(own) = io.service(&inbox).await {
                io.link_to("_open", &own).await?;
            }
        }
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn a_directly_linked_bus_passes_everything_on() {
        check(&BACKPLANE, &[], &["a", "b"], &["a", "b"]);
    }

    #[test]
    fn a_bus_with_keep_open_still_responds_to_shutdown() {
        for stop in [Rig::finish, Rig::shutdown] {
            let mut rig = Rig::new(&BACKPLANE, &[("keep_open", true.into())]);
            rig.run_for(Duration::from_secs(1));
            stop(&mut rig);
            rig.run_for(Duration::from_secs(1));
            assert_eq!(rig.state(), State::Finished);
        }
    }
}
