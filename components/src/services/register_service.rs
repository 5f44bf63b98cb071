//! RegisterService: registers its outboxes as services, by name.

use compose_runtime::dev::*;

use crate::refuse::box_names;

/// Description of RegisterService.
pub static REGISTER_SERVICE: ComponentSpec = ComponentSpec {
    type_name: "RegisterService",
    category: Category::Flow,
    summary: "Registers the components linked to it as services, by name",
    docs: "Has one outbox for each name in `services` and registers a service of that name. Messages sent to the \
           service leave from the outbox. ToService, Subscribe and any other component that knows the name can \
           therefore reach the inbox linked to that outbox, wherever they are and whatever the start order.\n\n\
           If a name is already registered, the component crashes and names it. The component ends when all users of \
           its services have ended; with `keep_open` it waits for new users instead.\n\n\
           Example: `services` = `[\"DISPLAY\"]`, its outbox `DISPLAY` linked to a TextDisplayer, and a ToService \
           `DISPLAY` in three other places.\n\n\
           Differs from the original: a separate component, because an inbox on a canvas has no name that is valid \
           everywhere. From Rust, a component registers its own inbox with `io.register_inbox_service`.",
    params: &[
        ParamSpec::list("services", "Names of the services, as strings"),
        ParamSpec::switch("keep_open", false, "Wait for new users when all users have ended"),
    ],
    outboxes: &[BoxSpec::new("_open", "Keeps the services open; the component links it itself")],
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

/// The names in the setting.
fn names(params: &Params) -> Vec<String> {
    params.list("services").iter().filter_map(|name| name.as_text()).map(str::to_owned).collect()
}

/// The internal inbox of each service.
fn inboxes(params: &Params) -> Vec<String> {
    names(params).iter().map(|name| hidden(name)).collect()
}

fn hidden(name: &str) -> String {
    format!("_{name}")
}

impl Component for RegisterService {
    fn new(params: &Params) -> Result<Self, ParamError> {
        // Each hidden inbox is named `_` and the name. The box names below are already taken.
        let names = box_names("services", &params.list("services"), &["signal", "events"])?;
        Ok(Self { names, keep_open: params.switch("keep_open") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let inboxes: Vec<String> = self.names.iter().map(|name| hidden(name)).collect();
        for (name, inbox) in self.names.iter().zip(&inboxes) {
            io.register_inbox_service(name, inbox)?;
        }
        if self.keep_open {
            // This link lasts as long as the component, so the inboxes never run out of senders and do not end.
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
