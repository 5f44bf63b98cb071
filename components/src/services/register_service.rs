//! RegisterService: makes whatever its outboxes are linked to known by names.

use compose_runtime::dev::*;

use crate::refuse::box_names;

/// Description of RegisterService.
pub static REGISTER_SERVICE: ComponentSpec = ComponentSpec {
    type_name: "RegisterService",
    category: Category::Flow,
    summary: "Makes the components behind it known as services, by name",
    docs: "Has one outbox for each name in `services`, and registers a service of that name: what is sent to the service \
           leaves from the outbox. So the inbox that is linked to it can be reached by ToService, Subscribe and any other \
           component that knows the name, wherever they stand and in whatever order they start.\n\n\
           A name that is taken is an error. It ends when all users of its services have ended; with `keep_open` it waits \
           for others instead.\n\n\
           Example: `services` = `[\"DISPLAY\"]`, its outbox `DISPLAY` linked to a TextDisplayer, and a ToService \
           `DISPLAY` in three other places.\n\n\
           Differs from the original: a component of its own, because an inbox on a canvas has no name that holds \
           everywhere. From Rust, a component registers its own inbox with `io.register_inbox_service`.",
    params: &[
        ParamSpec::list("services", "Names of the services, as texts"),
        ParamSpec::switch("keep_open", false, "Stay when all users have ended, for others to come"),
    ],
    outboxes: &[BoxSpec::new("_open", "Keeps the services open, linked to them by the component itself")],
    extra_inboxes: Some(inboxes),
    extra_outboxes: Some(names),
    meets: &[Meeting::offers("service", "services")],
    build: build::<RegisterService>,
    ..ComponentSpec::EMPTY
};

struct RegisterService {
    names: Vec<String>,
    keep_open: bool,
}

/// The texts of the list.
fn names(params: &Params) -> Vec<String> {
    params.list("services").iter().filter_map(|name| name.as_text()).map(str::to_owned).collect()
}

/// The inbox behind each service; nobody links to it by hand.
fn inboxes(params: &Params) -> Vec<String> {
    names(params).iter().map(|name| hidden(name)).collect()
}

fn hidden(name: &str) -> String {
    format!("_{name}")
}

impl Component for RegisterService {
    fn new(params: &Params) -> Result<Self, ParamError> {
        // Their hidden inboxes are `_` and the name, and these two are taken.
        let names = box_names("services", &params.list("services"), &["signal", "events"])?;
        Ok(Self { names, keep_open: params.switch("keep_open") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let inboxes: Vec<String> = self.names.iter().map(|name| hidden(name)).collect();
        for (name, inbox) in self.names.iter().zip(&inboxes) {
            io.register_inbox_service(name, inbox)?;
        }
        if self.keep_open {
            // A source of each inbox that lives as long as this: no stream can end by running out of users.
            for name in &self.names {
                if let Ok(own) = io.try_service(name) {
                    io.link_to("_open", &own).await?;
                }
            }
        }
        let inboxes: Vec<&str> = inboxes.iter().map(String::as_str).collect();
        while let Some((inbox, message)) = io.recv_any(&inboxes).await {
            io.send(inbox.strip_prefix('_').unwrap_or(inbox), message).await;
        }
        Ok(())
    }
}
