//! ToService: sends its input to a service, which it finds by name.

use compose_runtime::dev::*;

use super::{find_service, service_name};

/// Description of ToService.
pub static TO_SERVICE: ComponentSpec = ComponentSpec {
    type_name: "ToService",
    category: Category::Flow,
    summary: "Sends its input to a service, which it finds by name",
    docs: "Waits until the service exists, then sends it every message that arrives. When this component ends, the \
           service and its other users continue.\n\n\
           Example: a ConsoleReader into a ToService `DISPLAY`, and elsewhere a RegisterService whose outbox \
           `DISPLAY` feeds a TextDisplayer.\n\n\
           Differs from the original: it holds messages until the service exists.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the service")],
    outboxes: &[BoxSpec::new("_service", "To the service; the component links it itself")],
    params: &[ParamSpec::text("service", "", "Name of the service").required()],
    meets: &[Meeting::seeks("service", "service")],
    build: build::<ToService>,
    ..ComponentSpec::EMPTY
};

struct ToService {
    service: String,
}

impl Component for ToService {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { service: service_name(&params.text("service"))? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let Some(service) = find_service(&io, &self.service).await else {
            return match io.depth("inbox") {
                unsent @ 1.. if !io.is_shutting_down() => Err(Fault::new(format!(
                    "there is no service named {}; {unsent} messages were not sent",
                    self.service
                ))),
                _ => Ok(()),
            };
        };
        io.link_to("_service", &service).await?;
        while let Some(message) = io.recv("inbox").await {
            io.send("_service", message).await;
        }
        Ok(())
    }
}
