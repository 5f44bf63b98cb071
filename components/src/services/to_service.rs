//! ToService: sends its input to a service that is found by its name.

use compose_runtime::dev::*;

use super::{find_service, service_name};

/// Description of ToService.
pub static TO_SERVICE: ComponentSpec = ComponentSpec {
    type_name: "ToService",
    category: Category::Flow,
    summary: "Sends its input to a service, found by its name",
    docs: "Waits for the service, which may start later, then sends it everything that arrives. When it ends, the service \
           and its other users stay.\n\n\
           Example: a ConsoleReader into a ToService `DISPLAY`, and somewhere else a RegisterService whose outbox \
           `DISPLAY` feeds a TextDisplayer.\n\n\
           Differs from the original: it holds what arrives while the service is not there yet.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the service")],
    outboxes: &[BoxSpec::new("_service", "To the service, linked by the component itself")],
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
                lost @ 1.. if !io.is_shutting_down() => {
                    Err(Fault::new(format!("there is no service named {} for {lost} messages", self.service)))
                }
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
