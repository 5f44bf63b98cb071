//! Plug: runs an instance of a template that is plugged into a PlugSplitter.

use compose_runtime::dev::*;
use futures_lite::future;

use super::orders::Orders;
use super::{blame, check_template, retire, serve};

/// Description of Plug.
pub static PLUG: ComponentSpec = ComponentSpec {
    type_name: "Plug",
    category: Category::Chassis,
    summary: "Runs a template that receives the copies of a PlugSplitter",
    docs: "\
Creates an instance of the template `component` and plugs it into the PlugSplitter named `splitter`, which may start \
later. From then on, the instance receives everything that the splitter processes, including control messages. \
Messages received on the Plug's own `inbox` also go to the instance. Messages from the instance are sent on `outbox`.

When the instance ends, it is unplugged and the Plug ends. Finish and stop on `control` go to the instance.

Example: a PlugSplitter named `NEWS`, and a Plug with `splitter` *NEWS* and `component` *Reader*, where *Reader* is a \
template that contains a TextDisplayer.

**Differs from the original:** the splitter and the component are given by name.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the instance, in addition to those from the splitter")],
    outboxes: &[
        BoxSpec::new("outbox", "Messages from the instance"),
        BoxSpec::new("_configuration", "To the splitter; the Plug links it itself"),
    ],
    params: &[
        ParamSpec::text("splitter", "SPLITTER", "Name of the PlugSplitter"),
        ParamSpec::new("component", ParamKind::Template, DefaultValue::Required, "Template to plug in"),
    ],
    sends_first: SendsFirst::Yes,
    meets: &[Meeting::seeks("service", "splitter")],
    build: build::<Plug>,
    ..ComponentSpec::EMPTY
};

struct Plug {
    splitter: String,
    template: String,
}

impl Component for Plug {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { splitter: params.text("splitter").trim().to_owned(), template: params.text("component") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        check_template(&io, &self.template, &[])?;
        let mut new = io.new_instance(&self.template, &[].into())?;
        new.pass_through("inbox", "outbox");
        let started = io.start_instance(new, Fate::EndsWithOwner).await;
        let (child, _) = started.map_err(|fault| blame(&io, &self.template, &[].into(), fault))?;
        // The service names use the identity, because the name of the component may not be unique.
        let (data, control) = (format!("Plug_I_{}", io.id().0), format!("Plug_C_{}", io.id().0));
        io.register_inbox_service(&data, "inbox")?;
        io.register_inbox_service(&control, "control")?;
        let orders = Orders::default();
        let is_plugged = {
            let plugged = self.plug_in(&io, &data, &control);
            let served = async {
                serve(&io, &orders, &child).await;
                Ok(false)
            };
            // If the instance ends before there is a splitter, the Plug also ends.
            future::or(served, plugged).await?
        };
        if is_plugged {
            serve(&io, &orders, &child).await;
            // While shutting down, sending cannot wait. If the splitter's inbox is full, the splitter notices the end
            // of the service by itself.
            let _ = io.try_send("_configuration", configuration("removesink", &[&data]));
        }
        retire(&io, &child, false).await;
        Ok(())
    }
}

impl Plug {
    /// Waits for the splitter and requests to plug the instance in; then returns true. If the component is asked to end
    /// first, this stays pending.
    async fn plug_in(&self, io: &BoxIo, data: &str, control: &str) -> Result<bool, Fault> {
        let Some(splitter) = io.service(&self.splitter).await else { return future::pending().await };
        io.link_to("_configuration", &splitter).await?;
        io.send("_configuration", configuration("addsink", &[data, control])).await;
        Ok(true)
    }
}

fn configuration(command: &str, names: &[&str]) -> Message {
    Message::list([command].iter().chain(names).map(Message::text))
}
