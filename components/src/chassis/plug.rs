//! Plug: one component of a template, plugged into a PlugSplitter while it lives.

use compose_runtime::dev::*;
use futures_lite::future;

use super::orders::Orders;
use super::{check_template, retire, serve};

/// The description.
pub static PLUG: ComponentSpec = ComponentSpec {
    type_name: "Plug",
    category: Category::Chassis,
    summary: "Runs a template that hears what a PlugSplitter copies",
    docs: "\
Makes an instance of the template `component` and plugs it into the PlugSplitter whose name is `splitter`: what the splitter \
handles from then on arrives in the instance, control messages included. It waits for a splitter that starts later. What is \
linked to its own `inbox` goes to the instance, too; what the instance sends comes out of `outbox`.

When the instance has ended it is unplugged, and the Plug ends. Finish and stop on `control` go to the instance.

Example: a PlugSplitter named `NEWS`, and a Plug with `splitter` *NEWS* and `component` *Reader*, a template with a \
TextDisplayer in it.

**Differs from the original:** splitter and component are found by their names.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the instance, beside those of the splitter")],
    outboxes: &[
        BoxSpec::new("outbox", "What the instance sends"),
        BoxSpec::new("_configuration", "To the splitter, linked by the plug itself"),
    ],
    params: &[
        ParamSpec::text("splitter", "SPLITTER", "Name of the PlugSplitter"),
        ParamSpec::new("component", ParamKind::Template, DefaultValue::Required, "Template to plug in"),
    ],
    speaks_first: SpeaksFirst::Yes,
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
        let (child, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
        // Not by the name of the component, which need not be unique.
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
            // An instance that ends before there is a splitter is the end of the plug, too.
            future::or(served, plugged).await?
        };
        if is_plugged {
            serve(&io, &orders, &child).await;
            // While shutting down nothing else goes out; a splitter that is full finds out by itself.
            let _ = io.try_send("_configuration", order("removesink", &[&data]));
        }
        retire(&io, &child, false).await;
        Ok(())
    }
}

impl Plug {
    /// Waits for the splitter; true once the instance is on its way in. Told to end meanwhile, it never comes back.
    async fn plug_in(&self, io: &BoxIo, data: &str, control: &str) -> Result<bool, Fault> {
        let Some(splitter) = io.service(&self.splitter).await else { return future::pending().await };
        io.link_to("_configuration", &splitter).await?;
        io.send("_configuration", order("addsink", &[data, control])).await;
        Ok(true)
    }
}

fn order(word: &str, names: &[&str]) -> Message {
    Message::list([word].iter().chain(names).map(Message::text))
}
