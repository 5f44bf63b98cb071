//! Backplane: a named bus. Whatever is published under the name reaches every subscriber of that name.

use compose_runtime::dev::*;

use super::{bus_name, inbox_service, outbox_service};

/// Description of Backplane.
pub static BACKPLANE: ComponentSpec = ComponentSpec {
    type_name: "Backplane",
    category: Category::Flow,
    summary: "A named bus: what is published to it reaches every subscriber",
    docs: "PublishTo and SubscribeTo find the bus by its name, wherever they stand and in whatever order they start. It \
           can be linked directly, too: what comes into `inbox` goes out of `outbox`. Nothing is kept for those who \
           subscribe later. A subscriber that is slow slows the bus down, and so the publishers.\n\n\
           A second bus of the same name is an error. The bus ends when all its publishers have ended, and with it its \
           subscribers; with `keep_open` it waits for further publishers instead.\n\n\
           Example: a ToneSource into a PublishTo `RADIO`, a Backplane `RADIO`, and a SubscribeTo `RADIO` into Output.\n\n\
           Differs from the original: it has boxes of its own, and it ends with its publishers unless it is kept open.",
    inboxes: &[BoxSpec::new("inbox", "What to publish")],
    outboxes: &[
        BoxSpec::new("outbox", "Everything that was published"),
        BoxSpec::new("_open", "Keeps the inbox open, linked to it by the bus itself"),
    ],
    params: &[
        ParamSpec::text("name", "BUS", "Name that publishers and subscribers use"),
        ParamSpec::switch("keep_open", false, "Stay when all publishers have ended, for others to come"),
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
        let taken =
            |_| Fault::new(format!("there is already a Backplane named {}; give this one another name", self.name));
        io.register_inbox_service(&inbox, "inbox").map_err(taken)?;
        io.register_outbox_service(&outbox_service(&self.name), "outbox").map_err(taken)?;
        if self.keep_open {
            // A source of the inbox that lives as long as the bus: the stream cannot end by running out of publishers.
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
    fn linked_directly_it_passes_everything_on() {
        check(&BACKPLANE, &[], &["a", "b"], &["a", "b"]);
    }

    #[test]
    fn a_bus_that_is_kept_open_still_obeys_shutdown() {
        for stop in [Rig::finish, Rig::shutdown] {
            let mut rig = Rig::new(&BACKPLANE, &[("keep_open", true.into())]);
            rig.run_for(Duration::from_secs(1));
            stop(&mut rig);
            rig.run_for(Duration::from_secs(1));
            assert_eq!(rig.state(), State::Finished);
        }
    }
}
